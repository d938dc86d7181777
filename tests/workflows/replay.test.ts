import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from '@temporalio/worker'
import { beforeAll, expect, test } from 'vitest'
import { saidIn } from '../support/said-in-histories.ts'
import { bundleWorkflows } from '../../worker/workers.ts'

const folder = join(import.meta.dirname, 'histories')
const files = readdirSync(folder)
const read = (file: string) =>
  JSON.parse(readFileSync(join(folder, file), 'utf8')) as { workflowId: string; history: object }

let workflowBundle: Awaited<ReturnType<typeof bundleWorkflows>>
beforeAll(async () => {
  workflowBundle = await bundleWorkflows()
})

test('there are histories of providers and of runs', () => {
  expect(files.filter((file) => file.startsWith('calendar-provider')).length).toBeGreaterThan(0)
  expect(files.filter((file) => file.startsWith('sync-run')).length).toBeGreaterThan(0)
})

test.each(files)('the recorded history %s replays on the code of today', async (file) => {
  const { workflowId, history } = read(file)
  await expect(Worker.runReplayHistory({ workflowBundle }, history, workflowId)).resolves.toBeUndefined()
})

test('a history that the code does not fit is noticed', async () => {
  const { workflowId, history } = read(files.find((file) => file.startsWith('sync-run')) ?? '')
  const other = JSON.parse(JSON.stringify(history).replaceAll('"finishRun"', '"somethingElse"')) as object
  await expect(Worker.runReplayHistory({ workflowBundle }, other, workflowId)).rejects.toThrow(
    'Nondeterminism',
  )
})

test('no history carries a title or a token', () => {
  const calendar = readFileSync(join(import.meta.dirname, '../../scripts/demo-calendar.ics'), 'utf8')
  const titles = [...calendar.matchAll(/^SUMMARY:(.*)$/gm)].map(([, title]) => (title ?? '').trim())
  expect(titles.length).toBeGreaterThan(5)
  for (const file of files) {
    const said = saidIn(readFileSync(join(folder, file), 'utf8'))
    expect(said).toContain('Dana, ')
    for (const secret of [...titles, 'ya29', 'Bearer', 'access_token']) expect(said).not.toContain(secret)
  }
})

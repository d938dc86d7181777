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

test('no history carries a title, an address or a token', () => {
  const calendar = readFileSync(join(import.meta.dirname, '../../scripts/demo-calendar.ics'), 'utf8')
  const titles = [...calendar.matchAll(/^SUMMARY:(.*)$/gm)].map(([, title]) => (title ?? '').trim())
  expect(titles.length).toBeGreaterThan(5)
  // What tests/prove/histories.test.ts writes into the calendars whose histories it records.
  const written = [...titles, 'Dentist', '.example', 'whsec_']
  for (const file of files) {
    const said = saidIn(readFileSync(join(folder, file), 'utf8'))
    // What is searched is what people can read: whoever a workflow works for is in its own arguments.
    expect(said).toMatch(/tenantId|after/)
    for (const secret of [...written, 'ya29', 'Bearer', 'access_token']) expect(said).not.toContain(secret)
  }
})

test('every path of every workflow has its history', () => {
  const paths = new Set(files.map((file) => file.split('.')[0]))
  for (const path of [
    'first-sync-google',
    'first-sync-microsoft',
    'nudge-storm',
    'pause',
    'conflict-pause',
    'brake',
    'reauthorization',
    'renewal',
    'back-off',
    'cancelled-run',
    'disconnect-google',
    'disconnect-microsoft',
    'continue-as-new',
    'maintenance',
    'preview',
    'deliver-events',
  ])
    expect(paths).toContain(path)
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { calendarProviderId } from '../../workflows/ids.ts'
import { rollAfter } from '../support/rolled.ts'
import { tomorrow } from '../support/scene.ts'
import { startStack, until, type Stack } from '../support/stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

test('a provider that rolls its history after every third look loses no notification and no request', async () => {
  const memberId = await stack.makeMember()
  const calendar = await stack.connect('google', memberId)
  const workflowId = calendarProviderId(calendar.id)
  const firstRunId = await rollAfter(stack, calendar, 3)

  const titles = Array.from({ length: 9 }, (_, number) => `Visit ${number}`)
  const seen = async () => {
    const { items } = await stack.api.get<{ items: { title: string }[] }>(
      `/entries?assignee=${memberId}&limit=100`,
    )
    return items.map((entry) => entry.title).toSorted()
  }
  for (const [number, title] of titles.entries()) {
    await calendar.person.create({ title, start: tomorrow(9), end: tomorrow(10) })
    // Every other one is asked for besides, so that requests meet the roll as well as notifications do.
    if (number % 2 === 0) await stack.api.post(`/providers/${calendar.id}/sync`)
    await until(title, seen, (entries) => entries.includes(title))
  }
  expect(await seen()).toEqual(titles)

  const now = await stack.temporal.workflow.getHandle(workflowId).describe()
  expect(now.status.name).toBe('RUNNING')
  expect(now.runId).not.toBe(firstRunId)
  expect(now.historyLength).toBeLessThan(300)
  expect(now.memo).toEqual({ name: 'rolled' })
}, 120_000)

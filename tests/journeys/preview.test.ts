import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { saidIn } from '../support/said-in-histories.ts'
import { tomorrow } from '../support/scene.ts'
import { startStack, until, type Stack } from '../support/stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

interface Preview {
  counts: Record<string, number>
  complete: boolean
  items: { side: string; action: string; title: string; time: { start: string } }[]
  nextCursor: string | null
}

test('a wider direction is previewed page by page before it is chosen, and Temporal never reads a title', async () => {
  const memberId = await stack.makeMember()
  const calendar = await stack.connect('google', memberId)
  await stack.api.post(`/providers/${calendar.id}/pause`)
  for (const hour of [9, 10, 11]) {
    const wish = {
      title: `Repair at ${hour}`,
      start: tomorrow(hour),
      end: tomorrow(hour + 1),
      timeZone: 'UTC',
    }
    await stack.api.post('/entries', { ...wish, assignees: [memberId] })
  }
  const path = `/providers/${calendar.id}/preview`
  const first = await stack.api.get<Preview>(`${path}?direction=both&limit=2`)
  expect(first).toMatchObject({ counts: { 'external.create': 3 }, complete: true })
  const second = await stack.api.get<Preview>(`${path}?limit=2&cursor=${first.nextCursor}`)
  expect([...first.items, ...second.items].map(({ side, action, title }) => [side, action, title])).toEqual([
    ['external', 'create', 'Repair at 9'],
    ['external', 'create', 'Repair at 10'],
    ['external', 'create', 'Repair at 11'],
  ])
  expect(first.items[0]?.time.start).toContain(tomorrow(9))
  expect(second.nextCursor).toBeNull()
  expect((await stack.api.get<Preview>(`${path}?direction=inbound`)).items).toEqual([])
  expect(await calendar.titles()).toEqual([])

  const histories: string[] = []
  for await (const { workflowId } of stack.temporal.workflow.list({
    query: 'WorkflowType = "previewProvider"',
  })) {
    histories.push(historyToJSON(await stack.temporal.workflow.getHandle(workflowId).fetchHistory()))
  }
  expect(histories.length).toBeGreaterThan(0)
  for (const history of histories) {
    expect(saidIn(history)).toContain(calendar.id)
    expect(saidIn(history)).not.toContain('Repair')
  }
})

test('a preview of a vendor that says no tells why, and when to ask again', async () => {
  const memberId = await stack.makeMember()
  const calendar = await stack.connect('google', memberId)
  await until(
    'looked',
    () => stack.api.get<{ lastSyncAt: string | null }>(`/providers/${calendar.id}`),
    (provider) => provider.lastSyncAt !== null,
  )
  await stack.control.fault({
    kind: 'error',
    vendor: 'google',
    account: calendar.email,
    method: 'GET',
    path: '/events',
    status: 503,
    times: 20,
  })
  await expect(stack.api.get(`/providers/${calendar.id}/preview`)).rejects.toMatchObject({ status: 502 })
  await stack.control.clearFaults()
  await stack.control.revoke('google', calendar.email)
  await expect(stack.api.get(`/providers/${calendar.id}/preview`)).rejects.toThrow(
    'authorize the provider again',
  )
})

test('a provider that is not authorized has no preview, and says what to do', async () => {
  const memberId = await stack.makeMember()
  const { id } = await stack.api.post<{ id: string }>('/providers', {
    name: 'Work',
    vendor: 'google',
    memberId,
  })
  await expect(stack.api.get(`/providers/${id}/preview`)).rejects.toThrow('authorize it first')
})

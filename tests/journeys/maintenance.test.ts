import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { holdAlerts, unannounced } from '../../db/alerts.ts'
import { calendarProviderId, maintenanceId, taskQueues } from '../../workflows/ids.ts'
import type { webhookMaintenance } from '../../workflows/webhook-maintenance.ts'
import { tomorrow } from '../support/scene.ts'
import { startStack, until, type Stack } from '../support/stack.ts'

let stack: Stack
beforeAll(async () => {
  // Nobody listens there: a channel that is away keeps no pass from coming.
  stack = await startStack({ alertWebhookUrl: 'http://127.0.0.1:1' })
})
afterAll(() => stack.close())

const pass = () =>
  stack.temporal.workflow.execute<typeof webhookMaintenance>('webhookMaintenance', {
    workflowId: `${maintenanceId}/by-hand`,
    taskQueue: taskQueues.workflows,
    args: [],
  })

test('maintenance comes by on a schedule that every worker leaves as one', async () => {
  await stack.startWorker()
  const { action, spec } = await stack.temporal.schedule.getHandle(maintenanceId).describe()
  expect(action).toMatchObject({ type: 'startWorkflow', workflowType: 'webhookMaintenance' })
  expect(spec.intervals).toHaveLength(1)
})

test('a provider whose workflow is gone is revived, and goes on where it stood', async () => {
  const memberId = await stack.makeMember()
  const calendar = await stack.connect('google', memberId)
  await calendar.person.create({ title: 'Before', start: tomorrow(9), end: tomorrow(10) })
  const titles = async () => {
    const { items } = await stack.api.get<{ items: { title: string }[] }>(`/entries?assignee=${memberId}`)
    return items.map(({ title }) => title).toSorted()
  }
  await until('the first event', titles, (found) => found.includes('Before'))
  const handle = stack.temporal.workflow.getHandle(calendarProviderId(calendar.id))
  await handle.terminate('somebody ended it by hand')
  await calendar.person.create({ title: 'Meanwhile', start: tomorrow(11), end: tomorrow(12) })
  expect(await pass()).toEqual({ providers: 1, failed: 0 })
  await until('what came meanwhile', titles, (found) => found.includes('Meanwhile'))
  expect((await handle.describe()).status.name).toBe('RUNNING')
  expect(await titles()).toEqual(['Before', 'Meanwhile'])
  const health = await stack.api.get<{ status: string; maintenance: { lastPassAt: string | null } }>(
    '/health',
  )
  expect(health).toMatchObject({ status: 'healthy', problems: [], maintenance: { isLate: false } })
  expect(health.maintenance.lastPassAt).not.toBeNull()
  expect(await stack.api.get(`/providers/${calendar.id}/health`)).toMatchObject({
    health: 'well',
    worker: { health: 'well', queues: [{ name: 'calendar-sync' }, { name: 'google' }] },
  })
}, 90_000)

test('a provider that was deleted is not revived', async () => {
  const calendar = await stack.connect('google', await stack.makeMember())
  await stack.api.delete(`/providers/${calendar.id}`)
  const handle = stack.temporal.workflow.getHandle(calendarProviderId(calendar.id))
  await handle.result()
  const before = (await handle.describe()).runId
  await pass()
  expect(await stack.temporal.workflow.getHandle(calendarProviderId(calendar.id)).describe()).toMatchObject({
    runId: before,
    status: { name: 'COMPLETED' },
  })
}, 90_000)

test('an alert whose channel is away waits for a later pass, and this one ends all the same', async () => {
  const { id: providerId } = await stack.connect('google', await stack.makeMember())
  const { tenantId } = stack
  const at = new Date()
  await stack.database.tenant(tenantId, (db) =>
    holdAlerts(db, { tenantId, providerId }, new Map([['failing', 'It failed.']]), { at, newId: randomUUID }),
  )
  expect(await pass()).toMatchObject({ failed: 0 })
  const { items } = await stack.api.get<{ items: { kind: string; resolvedAt: string | null }[] }>('/alerts')
  expect(items).toMatchObject([{ kind: 'failing', resolvedAt: expect.any(String) }])
  const waiting = await stack.database.system((db) => unannounced(db, 10))
  expect(waiting).toHaveLength(1)
}, 90_000)

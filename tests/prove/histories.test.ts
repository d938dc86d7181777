import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { giveConsent } from '../../scripts/consent.ts'
import { bundleWorkflows } from '../../worker/workers.ts'
import { maintenanceId, taskQueues } from '../../workflows/ids.ts'
import { nudged, providerStatus } from '../../workflows/provider-messages.ts'
import type { webhookMaintenance } from '../../workflows/webhook-maintenance.ts'
import type { Vendor } from '../../domain/event.ts'
import { startReceiver } from '../support/receiver.ts'
import { record, recordedFolder } from '../support/recorded.ts'
import { rollAfter } from '../support/rolled.ts'
import { tomorrow } from '../support/scene.ts'
import { startStack, until, type Connected, type Stack } from '../support/stack.ts'

/** Walks every path of every workflow once, writes the histories down and replays them; scripts/record-histories.ts keeps them. */
let stack: Stack
beforeAll(async () => {
  rmSync(recordedFolder, { recursive: true, force: true })
  stack = await startStack()
})
afterAll(() => stack.close())

const idOf = ({ id }: Connected) => `provider/${id}`
const handleOf = (calendar: Connected) => stack.temporal.workflow.getHandle(idOf(calendar))
const phase = (calendar: Connected, ...wanted: string[]) =>
  until(
    wanted.join(' or '),
    async () => (await handleOf(calendar).query(providerStatus)).phase,
    (seen) => wanted.includes(seen),
    60_000,
  )
const visit = (title: string, hour = 9) => ({ title, start: tomorrow(hour), end: tomorrow(hour + 1) })

async function connected(vendor: Vendor, before?: (email: string) => Promise<unknown>) {
  const memberId = await stack.makeMember()
  const calendar = await stack.connect(vendor, memberId, before)
  await phase(calendar, 'connected')
  return { memberId, calendar }
}
const entriesOf = async (memberId: string) =>
  (
    await stack.api.get<{ items: { id: string; title: string; version: number }[] }>(
      `/entries?assignee=${memberId}&limit=500`,
    )
  ).items
const hasEntries = (memberId: string, count: number) =>
  until(
    `${count} entries`,
    () => entriesOf(memberId),
    (entries) => entries.length === count,
    60_000,
  )

async function replays(files: string[]): Promise<void> {
  const workflowBundle = await bundleWorkflows()
  for (const file of files) {
    const { workflowId, history } = JSON.parse(readFileSync(join(recordedFolder, file), 'utf8')) as {
      workflowId: string
      history: object
    }
    await Worker.runReplayHistory({ workflowBundle }, history, workflowId)
  }
}
const keep = async (path: string, ...workflowIds: string[]): Promise<string[]> => {
  const files = await until(
    `histories of ${path}`,
    () => record(stack, path, workflowIds),
    (found) => found.length >= workflowIds.length,
  )
  await replays(files)
  return files
}

test.each<Vendor>(['google', 'microsoft'])(
  'a first sync, a notification and a request (%s)',
  async (vendor) => {
    const { memberId, calendar } = await connected(vendor, (email) =>
      stack.control.seed(email, { vendor, count: 40, startsAt: `${tomorrow(8)}Z` }),
    )
    await hasEntries(memberId, 40)
    await calendar.person.create(visit('Dentist'))
    await hasEntries(memberId, 41)
    await stack.api.post(`/providers/${calendar.id}/sync`)
    await phase(calendar, 'connected')
    const files = await keep(`first-sync-${vendor}`, idOf(calendar))
    expect(files.some((file) => file.includes('sync-run'))).toBe(true)
  },
)

test('a storm of nudges', async () => {
  const { memberId, calendar } = await connected('google')
  for (let burst = 0; burst < 8; burst++) {
    await Promise.all(Array.from({ length: 20 }, () => handleOf(calendar).signal(nudged)))
    await calendar.person.create(visit(`Dentist ${burst}`))
  }
  await hasEntries(memberId, 8)
  await phase(calendar, 'connected')
  await keep('nudge-storm', idOf(calendar))
})

test('a pause by an operator, and its end', async () => {
  const { calendar } = await connected('google')
  await stack.api.post(`/providers/${calendar.id}/pause`)
  await phase(calendar, 'paused')
  await stack.api.post(`/providers/${calendar.id}/resume`)
  await phase(calendar, 'connected')
  await keep('pause', idOf(calendar))
})

test('a pause by a conflict, and its end', async () => {
  const { memberId, calendar } = await connected('google')
  await stack.api.patch(`/providers/${calendar.id}`, { policies: { pauseScope: 'provider' } })
  const { id } = await calendar.person.create(visit('Dentist'))
  const [entry] = await hasEntries(memberId, 1)
  await stack.api.post(`/providers/${calendar.id}/pause`)
  await phase(calendar, 'paused')
  await calendar.person.rename(id, 'Dentist theirs')
  await stack.api.patch(`/entries/${entry?.id}`, { title: 'Dentist ours' }, `"v${entry?.version}"`)
  await stack.api.post(`/providers/${calendar.id}/resume`)
  await phase(calendar, 'paused-by-conflict')
  const { items } = await stack.api.get<{
    items: { id: string; entryVersion: number; externalRevision: number }[]
  }>(`/conflicts?providerId=${calendar.id}`)
  const [conflict] = items
  await stack.api.post(`/conflicts/${conflict?.id}/resolve`, {
    resolution: 'schedule',
    reviewed: { entryVersion: conflict?.entryVersion, externalRevision: conflict?.externalRevision },
  })
  await phase(calendar, 'connected')
  await keep('conflict-pause', idOf(calendar))
})

test('deletions that the safety brake holds, and a person’s word', async () => {
  const { memberId, calendar } = await connected('google', (email) =>
    stack.control.seed(email, { vendor: 'google', count: 30, startsAt: `${tomorrow(8)}Z` }),
  )
  await hasEntries(memberId, 30)
  await stack.api.post(`/providers/${calendar.id}/pause`)
  await phase(calendar, 'paused')
  const events = await stack.control.events('google', calendar.email)
  await Promise.all(events.slice(2).map(({ id }) => calendar.person.remove(id)))
  await stack.api.post(`/providers/${calendar.id}/resume`)
  await phase(calendar, 'paused-by-brake')
  const { brakes } = await stack.api.get<{ brakes: { side: string; reviewed: number }[] }>(
    `/providers/${calendar.id}/brake`,
  )
  await stack.api.post(`/providers/${calendar.id}/brake/approve`, {
    side: brakes[0]?.side,
    reviewed: brakes[0]?.reviewed,
  })
  await hasEntries(memberId, 2)
  await phase(calendar, 'connected')
  await keep('brake', idOf(calendar))
})

test('a consent that is taken back, and given again', async () => {
  const { calendar } = await connected('google')
  await stack.control.revoke('google', calendar.email)
  // A token that still works is of no use to us: it is asked for anew when it is refused.
  await stack.api.post(`/providers/${calendar.id}/sync`)
  await phase(calendar, 'reauthorization-required')
  const { authorizeUrl } = await stack.api.post<{ authorizeUrl: string }>(
    `/providers/${calendar.id}/authorize`,
  )
  await giveConsent(authorizeUrl, calendar.email)
  await phase(calendar, 'connected')
  await keep('reauthorization', idOf(calendar))
})

test('a subscription that is renewed before its time', async () => {
  const { calendar } = await connected('microsoft')
  const [subscription] = await until(
    'subscribed',
    () => stack.database.owner<{ external_id: string; expires_at: Date }[]>`
      select * from subscriptions where provider_id = ${calendar.id}`,
    (rows) => rows.length > 0,
  )
  await stack.control.advance('PT1H')
  expect(await stack.control.lifecycle(String(subscription?.external_id), 'reauthorizationRequired')).toBe(
    true,
  )
  await until(
    'renewed',
    () => stack.database.owner<{ expires_at: Date }[]>`
      select expires_at from subscriptions where provider_id = ${calendar.id}`,
    (rows) => (rows[0]?.expires_at.getTime() ?? 0) > (subscription?.expires_at.getTime() ?? 0),
  )
  await phase(calendar, 'connected')
  await keep('renewal', idOf(calendar))
})

test('a vendor that is away, and comes back', async () => {
  const { calendar } = await connected('google')
  const { email: account } = calendar
  await stack.control.fault({
    kind: 'error',
    vendor: 'google',
    account,
    status: 403,
    code: 'forbidden',
    times: 'always',
  })
  await stack.api.post(`/providers/${calendar.id}/sync`)
  await phase(calendar, 'backing-off')
  await stack.control.clearFaults()
  await stack.api.post(`/providers/${calendar.id}/sync`)
  await phase(calendar, 'connected')
  await keep('back-off', idOf(calendar))
})

test('a run that somebody cancels', async () => {
  const { calendar } = await connected('google')
  const { email: account } = calendar
  const slowly = { kind: 'latency', ms: 4_000, when: 'before', times: 'always' }
  await stack.control.fault({ ...slowly, vendor: 'google', account })
  const { run } = await stack.api.post<{ run: { id: string } }>(`/providers/${calendar.id}/sync`)
  const { workflowId } = await stack.api.get<{ workflowId: string }>(`/runs/${run.id}`)
  await stack.temporal.workflow.getHandle(workflowId).cancel()
  await until(
    'ended',
    () => stack.api.get<{ outcome: string | null }>(`/runs/${run.id}`),
    ({ outcome }) => outcome !== null,
  )
  await stack.control.clearFaults()
  await phase(calendar, 'connected', 'backing-off')
  await keep('cancelled-run', idOf(calendar))
})

test.each<Vendor>(['google', 'microsoft'])('a disconnect (%s)', async (vendor) => {
  const { calendar } = await connected(vendor)
  await stack.api.delete(`/providers/${calendar.id}`)
  await handleOf(calendar).result()
  await keep(`disconnect-${vendor}`, idOf(calendar))
})

test('a history that is rolled again and again', async () => {
  const { memberId, calendar } = await connected('google')
  await rollAfter(stack, calendar, 2)
  for (let number = 1; number <= 5; number++) {
    await calendar.person.create(visit(`Dentist ${number}`, 8 + number))
    await hasEntries(memberId, number)
  }
  const files = await keep('continue-as-new', idOf(calendar))
  expect(files.filter((file) => file.includes('calendar-provider'))).toHaveLength(2)
})

test('a pass of maintenance that revives a workflow', async () => {
  const { calendar } = await connected('google')
  await handleOf(calendar).terminate('somebody ended it by hand')
  const workflowId = `${maintenanceId}/recorded`
  await stack.temporal.workflow.execute<typeof webhookMaintenance>('webhookMaintenance', {
    workflowId,
    taskQueue: taskQueues.workflows,
    args: [],
  })
  await phase(calendar, 'connected')
  await keep('maintenance', workflowId)
})

test('a preview', async () => {
  const { calendar } = await connected('google')
  await stack.api.get(`/providers/${calendar.id}/preview?direction=inbound`)
  const ids: string[] = []
  for await (const { workflowId } of stack.temporal.workflow.list({
    query: `WorkflowType = 'previewProvider'`,
  }))
    ids.push(workflowId)
  await keep('preview', ...ids)
})

test('events for an endpoint that is away, comes back and is deleted', async () => {
  const receiver = await startReceiver()
  receiver.behave(() => 503)
  const { endpoint } = await stack.api.post<{ endpoint: { id: string } }>('/webhook-endpoints', {
    url: receiver.url,
  })
  await stack.api.post('/entries', { ...visit('Dentist'), timeZone: 'UTC', assignees: [] })
  const calls = (count: number) =>
    until(
      `${count} calls`,
      async () => receiver.calls.length,
      (seen) => seen >= count,
    )
  await calls(1)
  receiver.behave(() => 204)
  await calls(2)
  await stack.api.delete(`/webhook-endpoints/${endpoint.id}`)
  const workflowId = `deliver-events/${endpoint.id}`
  await stack.temporal.workflow.getHandle(workflowId).result()
  await receiver.close()
  await keep(`deliver-events`, workflowId)
}, 60_000)

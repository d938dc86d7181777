import { randomUUID } from 'node:crypto'
import { WorkflowUpdateFailedError } from '@temporalio/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertDisconnect } from '../../db/disconnects.ts'
import { markDeleted } from '../../db/providers.ts'
import type { Vendor } from '../../domain/event.ts'
import { nudged, providerStatus, requests, syncNow } from '../../workflows/provider-messages.ts'
import { tomorrow } from '../support/scene.ts'
import { startStack, until, type Connected, type Stack } from '../support/stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

const workflowOf = ({ id }: Connected) => stack.temporal.workflow.getHandle(`provider/${id}`)
const phaseOf = async (calendar: Connected) => (await workflowOf(calendar).query(providerStatus)).phase
const inPhase = (calendar: Connected, phase: string) =>
  until(
    phase,
    () => phaseOf(calendar),
    (seen) => seen === phase,
  )

async function connected(vendor: Vendor = 'google') {
  const memberId = await stack.makeMember()
  const calendar = await stack.connect(vendor, memberId)
  await inPhase(calendar, 'connected')
  return { memberId, calendar }
}
const newEntry = (memberId: string, title: string) =>
  stack.api.post<{ id: string }>('/entries', {
    title,
    start: tomorrow(14),
    end: tomorrow(15),
    timeZone: 'UTC',
    assignees: [memberId],
  })

async function sync({ id }: Connected, prefer?: string) {
  const answer = await fetch(`${stack.apiUrl}/api/v1/providers/${id}/sync`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack.apiKey}`, ...(prefer === undefined ? {} : { prefer }) },
  })
  const { run, ...problem } = (await answer.json()) as { run?: { id: string; outcome: string | null } }
  return { status: answer.status, applied: answer.headers.get('preference-applied'), run, problem }
}

const runsOf = async ({ id }: Connected): Promise<number> =>
  (await stack.api.get<{ items: object[] }>(`/providers/${id}/runs?limit=100`)).items.length

/** Of a workflow, if it has one, and of its activities. */
async function prioritiesIn(workflowId: string) {
  const { events } = await stack.temporal.workflow.getHandle(workflowId).fetchHistory()
  return (events ?? []).flatMap(
    (event) =>
      event.workflowExecutionStartedEventAttributes?.priority ??
      event.activityTaskScheduledEventAttributes?.priority ??
      [],
  )
}

describe('pause and resume', () => {
  test('are answered when the workflow follows: after a pause nothing more is written', async () => {
    const { memberId, calendar } = await connected()
    await stack.api.post(`/providers/${calendar.id}/pause`)
    expect(await phaseOf(calendar)).toBe('paused')
    await newEntry(memberId, 'While it is paused')
    await stack.api.post(`/providers/${calendar.id}/pause`)
    expect(await calendar.titles()).toEqual([])
    await stack.api.post(`/providers/${calendar.id}/resume`)
    expect(await phaseOf(calendar)).not.toBe('paused')
    await until('written', calendar.titles, (titles) => titles.includes('While it is paused'))
  })

  test('of a provider whose vendor is away are answered, too', async () => {
    const { calendar } = await connected('microsoft')
    await stack.control.fault({ vendor: 'microsoft', kind: 'error', status: 503 })
    await stack.api.post(`/providers/${calendar.id}/sync`)
    await stack.api.post(`/providers/${calendar.id}/pause`)
    await inPhase(calendar, 'paused')
    await stack.control.clearFaults()
    await stack.api.post(`/providers/${calendar.id}/resume`)
    await inPhase(calendar, 'connected')
  })
})

describe('Sync Now', () => {
  test('with Prefer: wait answers the outcome', async () => {
    const { calendar } = await connected()
    await calendar.person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    const waited = await sync(calendar, 'respond-async, wait=20')
    expect(waited).toMatchObject({ status: 200, applied: 'wait=20', run: { outcome: 'completed' } })
    const { status, applied } = await sync(calendar)
    expect([status, applied]).toEqual([202, null])
  })

  test('asked by twenty at once is the run that is under way, for each of them', async () => {
    const { calendar } = await connected()
    const slowly = { kind: 'latency', ms: 5_000, when: 'before', times: 'always' }
    await stack.control.fault({ ...slowly, vendor: 'google', account: calendar.email })
    const { run } = await sync(calendar)
    const answers = await Promise.all(Array.from({ length: 20 }, () => sync(calendar)))
    await stack.control.clearFaults()
    for (const answer of answers) expect(answer).toMatchObject({ status: 202, run: { id: run?.id } })
  })

  test('goes before what nobody waits for, and takes its turn among tenants', async () => {
    const { calendar } = await connected()
    const { run } = await sync(calendar, 'wait=20')
    const { workflowId } = await stack.api.get<{ workflowId: string }>(`/runs/${run?.id}`)
    // What a workflow's activities do not say they inherit from it.
    const [ofRun] = await prioritiesIn(workflowId)
    expect(ofRun).toMatchObject({ priorityKey: 1, fairnessKey: stack.tenantId })
    const ranks = (await prioritiesIn(`provider/${calendar.id}`)).map((priority) => priority?.priorityKey)
    expect(new Set(ranks)).toEqual(new Set([1, 3, 5]))
  })

  test('of a paused provider is refused, with what to do', async () => {
    const { calendar } = await connected()
    await stack.api.post(`/providers/${calendar.id}/pause`)
    expect(await sync(calendar, 'wait=5')).toMatchObject({
      status: 409,
      problem: { detail: 'The provider is paused: resume it first.' },
    })
    await expect(workflowOf(calendar).executeUpdate(syncNow)).rejects.toMatchObject({
      cause: { type: 'paused', message: 'The provider is paused: resume it first.' },
    })
  })
})

describe('a provider that backs off for long', () => {
  /** Refused again and again, until it waits for a quarter of a minute and more; a notification that does not end that stands. */
  async function backingOff() {
    const { calendar } = await connected()
    const refusal = { kind: 'error', status: 403, code: 'forbidden', times: 'always' }
    await stack.control.fault({ ...refusal, vendor: 'google', account: calendar.email })
    for (let failed = 0; failed < 6; failed++) await sync(calendar, 'wait=20')
    await inPhase(calendar, 'backing-off')
    await workflowOf(calendar).signal(nudged)
    const { waiting } = await workflowOf(calendar).query(providerStatus)
    return { calendar, untilMs: waiting?.pollAtMs ?? 0 }
  }

  test.each(['pause', 'approve'] as const)(
    'follows at once when a person asks it to (%s)',
    async (request) => {
      const { calendar, untilMs } = await backingOff()
      const before = await runsOf(calendar)
      if (request === 'pause') await stack.api.post(`/providers/${calendar.id}/pause`)
      const phase = await workflowOf(calendar).executeUpdate(requests[request])
      expect(Date.now()).toBeLessThan(untilMs)
      if (request === 'pause') expect(phase).toBe('paused')
      else expect(await runsOf(calendar)).toBe(before + 1)
      await stack.control.clearFaults()
    },
  )
})

test('a provider that is found deleted when a run is asked for is taken apart', async () => {
  const { calendar } = await connected()
  const { tenantId } = stack
  const requestedAt = new Date()
  // As where whoever deleted it died before it could tell.
  await stack.database.tenant(tenantId, async (db) => {
    await markDeleted(db, calendar.id, requestedAt)
    const requestedBy = { kind: 'api-key' as const, id: randomUUID() }
    await insertDisconnect(db, { providerId: calendar.id, tenantId, requestedAt, requestedBy })
  })
  expect(await workflowOf(calendar).executeUpdate(syncNow)).toBeNull()
  await workflowOf(calendar).result()
  expect(await stack.api.get(`/providers/${calendar.id}/deletion`)).toMatchObject({
    subscriptions: 'stopped',
    finishedAt: expect.any(String),
  })
})

describe('a run that somebody cancels in the Temporal Web UI', () => {
  test('ends as that, and its provider goes on', async () => {
    const { memberId, calendar } = await connected()
    const provider = await workflowOf(calendar).describe()
    // The vendor answers so slowly that the run is there to be cancelled.
    await stack.control.fault({ vendor: 'google', kind: 'latency', ms: 4_000, when: 'before' })
    const { run } = await sync(calendar)
    const found = await stack.api.get<{ workflowId: string }>(`/runs/${run?.id}`)
    const handle = stack.temporal.workflow.getHandle(found.workflowId)
    await handle.cancel()
    await until(
      'cancelled',
      async () => (await handle.describe()).status.name,
      (status) => status === 'CANCELLED',
    )
    expect(await stack.api.get(`/runs/${run?.id}`)).toMatchObject({
      outcome: 'failed',
      error: { code: 'cancelled', message: 'Somebody cancelled the run.' },
    })
    await stack.control.clearFaults()
    await newEntry(memberId, 'Afterwards')
    await until('written', calendar.titles, (titles) => titles.includes('Afterwards'), 40_000)
    expect((await workflowOf(calendar).describe()).runId).toBe(provider.runId)
  }, 60_000)
})

test('a request that comes too late is refused with a type, and a finished workflow is left alone', async () => {
  const { calendar } = await connected()
  const handle = workflowOf(calendar)
  await stack.api.delete(`/providers/${calendar.id}`)
  // Whatever the moment: refused by the workflow that takes it apart, or there is none any more.
  for (const request of [requests.pause, requests.resume, requests.resolve, requests.approve]) {
    const refusal = await handle.executeUpdate(request).catch((error: unknown) => error)
    const isRefused =
      refusal instanceof WorkflowUpdateFailedError &&
      refusal.cause?.message.startsWith('The provider was deleted')
    const isOver =
      refusal instanceof Error && /not found|completed/i.test(`${refusal.name} ${refusal.message}`)
    expect([isRefused, isOver]).toContain(true)
  }
  await until(
    'finished',
    async () => (await handle.describe()).status.name,
    (status) => status === 'COMPLETED',
  )
  for (const action of ['pause', 'resume', 'sync', 'authorize'])
    await expect(stack.api.post(`/providers/${calendar.id}/${action}`)).rejects.toThrow('Forbidden')
  expect((await handle.describe()).status.name).toBe('COMPLETED')
})

import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Vendor } from '../../domain/event.ts'
import { saidIn } from '../support/said-in-histories.ts'
import { tomorrow } from '../support/scene.ts'
import { startStack, until, type Connected, type Stack } from '../support/stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

interface Entry {
  id: string
  title: string
  version: number
  assignees: string[]
  mappings: { providerId: string; state: string }[]
}
const entriesOf = async (memberId: string) =>
  (await stack.api.get<{ items: Entry[] }>(`/entries?assignee=${memberId}&limit=500`)).items
const titlesOf = async (memberId: string) =>
  (await entriesOf(memberId)).map((entry) => entry.title).toSorted()
const shows =
  (...titles: string[]) =>
  (seen: string[]) =>
    JSON.stringify(seen) === JSON.stringify(titles.toSorted())

async function patch(path: string, body: object, version: number): Promise<number> {
  const response = await fetch(`${stack.apiUrl}/api/v1${path}`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${stack.apiKey}`,
      'content-type': 'application/json',
      'if-match': `"v${version}"`,
    },
    body: JSON.stringify(body),
  })
  return response.status
}
const remove = (path: string) =>
  fetch(`${stack.apiUrl}/api/v1${path}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${stack.apiKey}` },
  })

/** No run under way, no hint standing, nothing marked, nothing to send: both sides are at rest. */
const atRest = (...providers: Connected[]) =>
  until(
    'at rest',
    async () => {
      const ids = providers.map((provider) => provider.id)
      const [row] = await stack.database.owner<{ busy: number }[]>`
        select (select count(*) from pending where provider_id = any(${ids}))::int
          + (select count(*) from intents where provider_id = any(${ids}) and state in ('planned', 'sent'))::int
          + (select count(*) from runs where provider_id = any(${ids}) and outcome is null)::int
          + (select count(*) from providers where id = any(${ids}) and nudge_pending)::int as busy`
      return row?.busy ?? 1
    },
    (busy) => busy === 0,
  )

describe.each<Vendor>(['google', 'microsoft'])('a member’s %s calendar', (vendor) => {
  const other: Vendor = vendor === 'google' ? 'microsoft' : 'google'
  const newEntry = (memberId: string, title: string) =>
    stack.api.post<Entry>('/entries', {
      title,
      start: tomorrow(14),
      end: tomorrow(15),
      timeZone: 'Europe/Berlin',
      assignees: [memberId],
    })

  test('is kept the same as the schedule, by notification, and nothing echoes', async () => {
    const memberId = await stack.makeMember()
    const calendar = await stack.connect(vendor, memberId)
    await calendar.person.create({ title: 'Before', start: tomorrow(8), end: tomorrow(9) })
    await until('the first sync', () => titlesOf(memberId), shows('Before'))
    await atRest(calendar)

    const { id } = await calendar.person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    await until('a create there', () => titlesOf(memberId), shows('Before', 'Visit'))
    await calendar.person.rename(id, 'Longer visit')
    await until('an edit there', () => titlesOf(memberId), shows('Before', 'Longer visit'))
    await calendar.person.remove(id)
    await until('a deletion there', () => titlesOf(memberId), shows('Before'))

    const entry = await newEntry(memberId, 'Repair')
    await until('a create here', calendar.titles, shows('Before', 'Repair'))
    expect(await patch(`/entries/${entry.id}`, { title: 'Repair the pump' }, entry.version)).toBe(200)
    await until('an edit here', calendar.titles, shows('Before', 'Repair the pump'))
    await remove(`/entries/${entry.id}`)
    await until('a deletion here', calendar.titles, shows('Before'))

    await atRest(calendar)
    expect(await titlesOf(memberId)).toEqual(['Before'])
    expect(await stack.control.mail()).toEqual([])
  })

  test('and the other one hold exactly one of each, and send none back', async () => {
    const memberId = await stack.makeMember()
    const calendar = await stack.connect(vendor, memberId)
    const second = await stack.connect(other, memberId)
    await calendar.person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    await newEntry(memberId, 'Repair')
    await until('copies there', second.titles, shows('Repair', 'Visit'))
    await until('copies here', calendar.titles, shows('Repair', 'Visit'))
    await atRest(calendar, second)
    expect(await calendar.titles()).toEqual(['Repair', 'Visit'])
    expect(await second.titles()).toEqual(['Repair', 'Visit'])
    expect(await titlesOf(memberId)).toEqual(['Repair', 'Visit'])
  })

  test('edited on both sides is a conflict that is stored, while everything else flows', async () => {
    const memberId = await stack.makeMember()
    const calendar = await stack.connect(vendor, memberId)
    const { id } = await calendar.person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
    const [entry] = await until(
      'the entry',
      () => entriesOf(memberId),
      (entries) => entries.length === 1,
    )
    await atRest(calendar)
    await stack.api.post(`/providers/${calendar.id}/pause`)
    await calendar.person.rename(id, 'Theirs')
    expect(await patch(`/entries/${entry?.id}`, { title: 'Ours' }, entry?.version ?? 0)).toBe(200)
    await stack.api.post(`/providers/${calendar.id}/resume`)
    const conflicts = await until(
      'the conflict',
      () =>
        stack.api.get<{ items: { entryId: string }[] }>(`/conflicts?state=open&providerId=${calendar.id}`),
      ({ items }) => items.length > 0,
    )
    expect(conflicts.items.map((conflict) => conflict.entryId)).toEqual([entry?.id])
    await calendar.person.create({ title: 'Other', start: tomorrow(11), end: tomorrow(12) })
    await until('the rest', () => titlesOf(memberId), shows('Other', 'Ours'))
    await atRest(calendar)
    expect(await calendar.titles()).toEqual(['Other', 'Theirs'])
  })

  test('is synced at once when a person asks, and the run says so', async () => {
    const memberId = await stack.makeMember()
    const calendar = await stack.connect(vendor, memberId)
    await until(
      'the first sync',
      () => stack.api.get<{ lastSyncAt: string | null; status: string }>(`/providers/${calendar.id}`),
      (provider) => provider.lastSyncAt !== null && provider.status === 'connected',
    )
    const { run } = await stack.api.post<{ run: { id: string; number: number } }>(
      `/providers/${calendar.id}/sync`,
    )
    const ended = await until(
      'the run',
      () => stack.api.get<{ outcome: string | null; trigger: string }>(`/runs/${run.id}`),
      (seen) => seen.outcome !== null,
    )
    expect(ended.outcome).toBe('completed')
    const workflow = stack.temporal.workflow.getHandle(`sync-run/${calendar.id}/${run.number}`)
    await workflow.result()
    const { typedSearchAttributes } = await workflow.describe()
    const told = typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value])
    expect(told).toEqual(
      expect.arrayContaining([
        ['Outcome', 'completed'],
        ['Trigger', 'manual'],
        ['Vendor', vendor],
      ]),
    )
  })
})

test('no history of all this holds a title, an address or a token', async () => {
  const rows = await stack.database.owner<
    { title: string }[]
  >`select content->>'title' as title from entry_versions`
  const secrets = [
    ...new Set(rows.map((row) => row.title)),
    '@google.example',
    '@microsoft.example',
    stack.apiKey,
  ]
  let read = 0
  for await (const { workflowId, runId } of stack.temporal.workflow.list()) {
    const history = await stack.temporal.workflow.getHandle(workflowId, runId).fetchHistory()
    const said = saidIn(historyToJSON(history))
    for (const secret of secrets) expect(said, `${workflowId} and ${secret}`).not.toContain(secret)
    read++
  }
  expect(read).toBeGreaterThan(10)
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { providerStatus } from '../../workflows/provider-messages.ts'
import { tomorrow } from '../support/scene.ts'
import { startStack, until, type Stack } from '../support/stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

interface Entry {
  id: string
  title: string
  version: number
}
interface Version {
  version: number
  cause: Record<string, unknown>
}
interface Conflict {
  id: string
  entryVersion: number
  externalRevision: number
}
interface Provider {
  status: string
  conflictPause: { conflicts: number; message: string } | null
}

test('a provider that pauses as a whole shows why, writes nothing to either side, and goes on at once when the conflict is resolved', async () => {
  const { api, temporal } = stack
  const memberId = await stack.makeMember()
  const calendar = await stack.connect('google', memberId)
  const entries = async () => (await api.get<{ items: Entry[] }>(`/entries?assignee=${memberId}`)).items
  const provider = () => api.get<Provider>(`/providers/${calendar.id}`)
  const workflow = temporal.workflow.getHandle(`provider/${calendar.id}`)
  await api.patch(`/providers/${calendar.id}`, { policies: { pauseScope: 'provider' } })
  const { id } = await calendar.person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
  const [visit] = await until('brought in', entries, (items) => items.length === 1)

  // Both edits are made before either side can tell the other: the provider rests meanwhile.
  await api.post(`/providers/${calendar.id}/pause`)
  await until('at rest', provider, ({ status }) => status === 'paused')
  await until(
    'halted',
    () => workflow.query(providerStatus),
    ({ phase }) => phase === 'paused',
  )
  await calendar.person.rename(id, 'Visit theirs')
  await api.patch(`/entries/${visit?.id}`, { title: 'Visit ours' }, `"v${visit?.version}"`)
  await api.post(`/providers/${calendar.id}/resume`)

  const paused = await until('paused', provider, ({ status }) => status === 'paused-by-conflict')
  expect(paused.conflictPause).toMatchObject({
    conflicts: 1,
    message: 'Nothing is written to the calendar or the schedule until one conflict is resolved.',
  })
  const status = await until(
    'told to Temporal',
    () => workflow.query(providerStatus),
    ({ phase }) => phase === 'paused-by-conflict',
  )
  expect(status).toMatchObject({ conflicts: 1, run: null })
  const details = await workflow.query<string>('__temporal_workflow_metadata')
  expect(JSON.stringify(details)).toContain('until one conflict is resolved')

  await calendar.person.create({ title: 'Added there', start: tomorrow(12), end: tomorrow(13) })
  const time = { start: tomorrow(15), end: tomorrow(16), timeZone: 'UTC' }
  await api.post('/entries', { title: 'Added here', ...time, assignees: [memberId] })
  const { run } = await api.post<{ run: { id: string } }>(`/providers/${calendar.id}/sync`)
  await until(
    'looked at',
    () => api.get<{ outcome: string | null }>(`/runs/${run.id}`),
    ({ outcome }) => outcome === 'completed',
  )
  expect((await entries()).map(({ title }) => title).toSorted()).toEqual(['Added here', 'Visit ours'])
  expect(await calendar.titles()).toEqual(['Added there', 'Visit theirs'])

  const { items } = await api.get<{ items: Conflict[] }>(`/conflicts?providerId=${calendar.id}`)
  const [conflict] = items
  await api.post(`/conflicts/${conflict?.id}/resolve`, {
    resolution: 'schedule',
    reviewed: { entryVersion: conflict?.entryVersion, externalRevision: conflict?.externalRevision },
  })
  const both = ['Added here', 'Added there', 'Visit ours']
  await until('there', calendar.titles, (titles) => titles.join() === both.join())
  expect((await entries()).map(({ title }) => title).toSorted()).toEqual(both)
  const resumed = await until('resumed', provider, ({ status: word }) => word === 'connected')
  expect(resumed.conflictPause).toBeNull()
}, 120_000)

test('support reads why an entry changed, takes that change back, and the calendar follows', async () => {
  const { api } = stack
  const memberId = await stack.makeMember()
  const calendar = await stack.connect('microsoft', memberId)
  const { id } = await calendar.person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
  const entries = async () => (await api.get<{ items: Entry[] }>(`/entries?assignee=${memberId}`)).items
  const [entry] = await until('brought in', entries, (items) => items.length === 1)
  await calendar.person.rename(id, 'Misheard')
  await until('taken over', entries, ([one]) => one?.title === 'Misheard')

  const { items } = await api.get<{ items: Version[] }>(`/entries/${entry?.id}/history`)
  expect(items.at(-1)).toMatchObject({
    version: 2,
    changed: ['title'],
    cause: { kind: 'provider', name: 'microsoft calendar', memberId, run: { number: expect.any(Number) } },
  })
  await api.post(`/entries/${entry?.id}/undo`, { version: 2 })
  await until('undone there', calendar.titles, (titles) => titles.join() === 'Visit')
  const after = await api.get<{ items: Version[] }>(`/entries/${entry?.id}/history`)
  expect(after.items.at(-1)?.cause).toMatchObject({ kind: 'api-key', undoes: 2 })
}, 60_000)

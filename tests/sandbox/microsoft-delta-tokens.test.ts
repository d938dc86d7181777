import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { created, deltaRound, march } from './delta-round.ts'
import { codeOf, list, meeting, object, play, type Call, type Json, type Played } from './played.ts'

const exact = 'The sync state generation is not found; generation=149;[highest=157][157][155][156].'
let played: Played
let graph: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  await played.control('DELETE', 'switches')
  graph = await played.account('microsoft', 'grace@example.com')
})

const set = (switches: Json) => played.control('POST', 'switches', switches)
const inDays = async (days: number) => {
  await played.control('POST', 'clock', { advance: `P${days}D` })
  graph = await played.account('microsoft', 'grace@example.com')
}
const messageOf = ({ body }: { body: Json }) => object(body['error'])['message']

test('a delta link lives by the clock', async () => {
  const { deltaLink } = await deltaRound(graph, march)
  await inDays(29)
  expect((await graph('GET', deltaLink)).status).toBe(200)
  await inDays(2)
  const gone = await graph('GET', deltaLink)
  expect([gone.status, codeOf(gone), messageOf(gone)]).toEqual([410, 'SyncStateNotFound', exact])
})

test('a next link lives no longer than a delta link', async () => {
  await created(graph, meeting('a', 9))
  await created(graph, meeting('b', 9))
  const { body } = await graph('GET', march, undefined, { prefer: 'odata.maxpagesize=1' })
  await inDays(31)
  expect((await graph('GET', String(body['@odata.nextLink']))).status).toBe(410)
})

test.each(['syncStateInvalid', 'resyncRequired', 'fullSyncRequired'])(
  'Microsoft §12.1: a dead delta link is told with the code %s, as switched or by a fault',
  async (code) => {
    const { deltaLink } = await deltaRound(graph, march)
    await played.control('POST', 'faults', { kind: 'error', status: 410, code, path: 'delta' })
    const struck = await graph('GET', deltaLink)
    expect([struck.status, codeOf(struck)]).toEqual([410, code])
    await set({ 'microsoft.deltaGone': code })
    await inDays(31)
    const gone = await graph('GET', deltaLink)
    expect([gone.status, codeOf(gone), messageOf(gone)]).toEqual([410, code, messageOf(struck)])
  },
)

test('Microsoft §12.1: a forced 410 without a code is told in the words seen in the wild', async () => {
  await played.control('POST', 'faults', { kind: 'error', status: 410, path: 'delta' })
  const gone = await graph('GET', march)
  expect([gone.status, codeOf(gone), messageOf(gone)]).toEqual([410, 'SyncStateNotFound', exact])
})

test.each(['switch', 'fault'])(
  'Microsoft §12.1: a 410 may lead to a fresh address with an empty token, which begins a full round (by %s)',
  async (by) => {
    const id = await created(graph, meeting('kept', 9))
    const { deltaLink } = await deltaRound(graph, march)
    if (by === 'switch') {
      await set({ 'microsoft.deltaGone': 'location' })
      await inDays(31)
    } else
      await played.control('POST', 'faults', { kind: 'error', status: 410, code: 'location', path: 'delta' })
    const gone = await graph('GET', deltaLink)
    const fresh = gone.headers.get('location') ?? ''
    expect([gone.status, codeOf(gone), new URL(fresh).searchParams.get('$deltatoken')]).toEqual([
      410,
      'resyncRequired',
      '',
    ])
    expect((await deltaRound(graph, fresh)).items).toMatchObject([{ id, subject: 'kept' }])
  },
)

test('a dead delta link is told with a status of the 40X series, as switched', async () => {
  const { deltaLink } = await deltaRound(graph, march)
  await set({ 'microsoft.deltaGoneStatus': 400, 'microsoft.deltaGone': 'syncStateInvalid' })
  await inDays(31)
  const gone = await graph('GET', deltaLink)
  expect([gone.status, codeOf(gone)]).toEqual([400, 'syncStateInvalid'])
})

test('a token that was never given out, or stands in the wrong place, is refused as switched', async () => {
  const { deltaLink } = await deltaRound(graph, march)
  const token = new URL(deltaLink).searchParams.get('$deltatoken') ?? ''
  const wrong = [
    '$deltatoken=nonsense',
    '$skiptoken=nonsense',
    `$skiptoken=${token}`,
    `$deltatoken=${token.slice(0, -9)}`,
  ]
  for (const query of wrong)
    expect((await graph('GET', `/v1.0/me/calendarView/delta?${query}`)).status).toBe(410)
  await set({ 'microsoft.malformedDeltaToken': 400 })
  for (const query of wrong)
    expect((await graph('GET', `/v1.0/me/calendarView/delta?${query}`)).status).toBe(400)
})

test('a token leads to nothing in another calendar', async () => {
  const { deltaLink } = await deltaRound(graph, march)
  const wish = { vendor: 'microsoft', email: 'grace@example.com', calendars: ['Other'] }
  const { body } = await played.control('POST', 'accounts', wish)
  const other = list(body['calendars']).find(({ name }) => name === 'Other')
  const link = deltaLink.replace('/me/', `/me/calendars/${String(other?.['id'])}/`)
  expect((await graph('GET', link)).status).toBe(410)
})

test('the window and the zone of the first call hold for every link after it', async () => {
  await created(graph, meeting('a', 9))
  const berlin = { prefer: 'outlook.timezone="Europe/Berlin", odata.maxpagesize=1' }
  await created(graph, meeting('b', 11))
  const { body } = await graph('GET', march, undefined, berlin)
  const { items, deltaLink } = await deltaRound(graph, String(body['@odata.nextLink']))
  expect(items).toMatchObject([{ subject: 'b', start: { timeZone: 'Europe/Berlin' } }])
  await created(graph, meeting('c', 12))
  expect((await deltaRound(graph, deltaLink)).items).toMatchObject([
    { subject: 'c', start: { dateTime: '2026-03-05T12:00:00.0000000', timeZone: 'Europe/Berlin' } },
  ])
})

test('Microsoft §12.4: each delta call says which ids it wants, and a link serves both', async () => {
  const id = await created(graph, meeting('a', 9))
  const immutable = ['IdType="ImmutableId"']
  const { items, deltaLink } = await deltaRound(graph, march, { prefer: immutable })
  expect(items[0]?.['id']).not.toBe(id)
  await graph('PATCH', `/v1.0/me/events/${id}`, { subject: 'b' })
  expect((await deltaRound(graph, deltaLink)).items).toMatchObject([{ id }])
  expect((await deltaRound(graph, deltaLink, { prefer: immutable })).items).toMatchObject([
    { id: items[0]?.['id'] },
  ])
  await set({ 'microsoft.deltaIdType': 'token' })
  expect((await deltaRound(graph, deltaLink)).items).toMatchObject([{ id: items[0]?.['id'] }])
})

test('an old delta link may be followed again after a crash, and gives what was missed and what came since', async () => {
  const { deltaLink } = await deltaRound(graph, march)
  const first = await created(graph, meeting('a', 9))
  expect((await deltaRound(graph, deltaLink)).items).toMatchObject([{ id: first }])
  const second = await created(graph, meeting('b', 9))
  expect((await deltaRound(graph, deltaLink)).items).toMatchObject([{ id: first }, { id: second }])
})

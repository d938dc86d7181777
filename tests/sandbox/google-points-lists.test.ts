import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { accountsOf, at, events, idsOf, itemsOf, series } from './google-made.ts'
import { object, play, reasonOf, timed, type Answer, type Call, type Played } from './played.ts'

let played: Played
let google: Call
let email: string
const newAccount = accountsOf(() => played, 'point')

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('DELETE', 'switches')
  const account = await newAccount()
  google = account.call
  email = account.email
})

const make = (id: string) => google('POST', events, { ...timed(id, 9), id })
const refusal = (answer: Answer): unknown[] => [answer.status, reasonOf(answer)]
const since = (token: unknown, more = '') => google('GET', `${events}?syncToken=${String(token)}${more}`)

test('Google §11.1: a page has a token for the next one, and only the last page a token to sync by', async () => {
  for (const id of ['aaaa1', 'aaaa2', 'aaaa3']) await make(id)
  const first = await google('GET', `${events}?maxResults=2`)
  expect(Object.keys(first.body)).toContain('nextPageToken')
  expect(Object.keys(first.body)).not.toContain('nextSyncToken')
  const last = await google('GET', `${events}?maxResults=2&pageToken=${String(first.body['nextPageToken'])}`)
  expect(Object.keys(last.body)).toContain('nextSyncToken')
  expect(Object.keys(last.body)).not.toContain('nextPageToken')
  expect([...idsOf(first), ...idsOf(last)]).toEqual(['aaaa1', 'aaaa2', 'aaaa3'])
})

test('Google §11.1: an incremental list pages by the same sync token and forgets nothing when its reader stops in the middle', async () => {
  const { body } = await google('GET', events)
  const token = String(body['nextSyncToken'])
  for (const id of ['aaaa1', 'aaaa2', 'aaaa3']) await make(id)
  const first = await since(token, '&maxResults=2')
  const next = await since(token, `&maxResults=2&pageToken=${String(first.body['nextPageToken'])}`)
  expect([idsOf(first), idsOf(next)]).toEqual([['aaaa1', 'aaaa2'], ['aaaa3']])
  const alone = await google('GET', `${events}?maxResults=2&pageToken=${String(first.body['nextPageToken'])}`)
  expect(alone.status).toBe(400)
  expect(idsOf(await since(token))).toEqual(['aaaa1', 'aaaa2', 'aaaa3'])
})

test.each([
  'iCalUID=x',
  'orderBy=updated',
  'privateExtendedProperty=a%3Db',
  'q=x',
  'sharedExtendedProperty=a%3Db',
  'timeMin=2026-01-01T00:00:00Z',
  'timeMax=2026-01-01T00:00:00Z',
  'updatedMin=2026-01-01T00:00:00Z',
  'showDeleted=false',
])('Google §11.1: a sync token and %s exclude each other', async (parameter) => {
  const { body } = await google('GET', events)
  expect(refusal(await since(body['nextSyncToken'], `&${parameter}`))).toEqual([400, 'badRequest'])
})

test('Google §11.1: a list that was sorted or searched gives no token to sync by', async () => {
  await make('aaaa1')
  for (const query of [
    'orderBy=updated',
    'q=a',
    'iCalUID=x',
    'privateExtendedProperty=a%3Db',
    'sharedExtendedProperty=a%3Db',
  ])
    expect((await google('GET', `${events}?${query}`)).body).not.toHaveProperty('nextSyncToken')
})

test('Google §11.1: a sync token that is old, garbage or from before a change of access is void', async () => {
  const { body } = await google('GET', events)
  const token = body['nextSyncToken']
  expect(refusal(await since('garbage'))).toEqual([410, 'fullSyncRequired'])
  await google('POST', '/calendar/v3/calendars/primary/acl', {
    role: 'reader',
    scope: { type: 'user', value: 'x@example.org' },
  })
  expect(refusal(await since(token))).toEqual([410, 'fullSyncRequired'])
  const anew = (await google('GET', events)).body['nextSyncToken']
  await played.control('POST', 'switches', { 'google.syncTokenDays': 7 })
  await played.control('POST', 'clock', { advance: 'P8D' })
  google = await played.account('google', email)
  const refused = await since(anew)
  expect(refusal(refused)).toEqual([410, 'fullSyncRequired'])
  expect(object(refused.body['error'])).toMatchObject({
    errors: [{ domain: 'calendar', locationType: 'parameter', location: 'syncToken' }],
  })
})

test('Google §11.1: what changed is told once, in its latest state, whatever happened in between', async () => {
  await make('aaaa1')
  const { body } = await google('GET', events)
  for (const summary of ['b', 'c', 'd']) await google('PATCH', `${events}/aaaa1`, { summary })
  await make('aaaa2')
  await google('DELETE', `${events}/aaaa2`)
  expect(itemsOf(await since(body['nextSyncToken']))).toMatchObject([
    { id: 'aaaa1', summary: 'd' },
    { id: 'aaaa2', status: 'cancelled' },
  ])
})

test('Google §11.1: a deleted event is told by kind, etag, id and status alone', async () => {
  await make('aaaa1')
  const { body } = await google('GET', events)
  await google('DELETE', `${events}/aaaa1`)
  expect(itemsOf(await since(body['nextSyncToken']))).toEqual([
    { kind: 'calendar#event', etag: expect.any(String), id: 'aaaa1', status: 'cancelled' },
  ])
  expect(itemsOf(await since(body['nextSyncToken'], '&showDeleted=true'))).toMatchObject([
    { summary: 'aaaa1' },
  ])
})

test('Google §11.1: a token remembers the window of its first list', async () => {
  const window = 'timeMin=2026-03-05T00:00:00Z&timeMax=2026-03-06T00:00:00Z'
  const on = (day: string) => ({ start: at(`2026-03-${day}T12:00:00`), end: at(`2026-03-${day}T13:00:00`) })
  for (const [id, day] of [
    ['aaaa1', '05'],
    ['aaaa2', '05'],
    ['aaaa3', '09'],
  ])
    await google('POST', events, { id, ...on(day ?? '') })
  const { body } = await google('GET', `${events}?${window}`)
  await google('PATCH', `${events}/aaaa1`, { summary: 'still in it' })
  await google('PATCH', `${events}/aaaa2`, on('10'))
  await google('PATCH', `${events}/aaaa3`, { summary: 'never was in it' })
  await google('POST', events, { id: 'aaaa4', ...on('05') })
  const told = itemsOf(await since(body['nextSyncToken']))
  expect(told.map(({ id, status }) => [id, status])).toEqual([
    ['aaaa1', 'confirmed'],
    ['aaaa2', 'confirmed'],
    ['aaaa4', 'confirmed'],
  ])
  await played.control('POST', 'switches', { 'google.movedOutOfWindow': 'as cancelled' })
  expect(itemsOf(await since(body['nextSyncToken']))[1]).toEqual({
    kind: 'calendar#event',
    etag: expect.any(String),
    id: 'aaaa2',
    status: 'cancelled',
  })
})

test('Google §11.1: a sync token can be made to die, and the next full list gives another', async () => {
  await make('aaaa1')
  const { body } = await google('GET', events)
  await played.control('POST', 'faults', { kind: 'cursorInvalidated', account: email })
  expect(refusal(await since(body['nextSyncToken']))).toEqual([410, 'fullSyncRequired'])
  expect(refusal(await since(body['nextSyncToken']))).toEqual([410, 'fullSyncRequired'])
  const anew = await google('GET', events)
  expect(idsOf(anew)).toEqual(['aaaa1'])
  expect((await since(anew.body['nextSyncToken'])).status).toBe(200)
})

test('Google §11.1: a cancelled instance is told as an exception of its series, even to who asks for no deleted events', async () => {
  await google('POST', events, series('serie', 'RRULE:FREQ=DAILY;COUNT=3'))
  const { body } = await google('GET', events)
  await google('DELETE', `${events}/serie_20260306T080000Z`)
  const gap = {
    kind: 'calendar#event',
    etag: expect.any(String),
    id: 'serie_20260306T080000Z',
    status: 'cancelled',
    recurringEventId: 'serie',
    originalStartTime: at('2026-03-06T09:00:00+01:00'),
  }
  expect(itemsOf(await since(body['nextSyncToken']))).toEqual([gap])
  expect(itemsOf(await google('GET', events))[1]).toEqual(gap)
})

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { accountsOf, at, events, idsOf, itemsOf, series, startsOf } from './google-made.ts'
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

test('Google §11.2: a deletion answers 204 without a body, then 410, and 404 when the event has been forgotten', async () => {
  await make('aaaa1')
  const deleted = await google('DELETE', `${events}/aaaa1`)
  expect([deleted.status, deleted.body]).toEqual([204, { text: '' }])
  expect(refusal(await google('DELETE', `${events}/aaaa1`))).toEqual([410, 'deleted'])
  expect((await google('GET', `${events}/aaaa1`)).body).toMatchObject({
    status: 'cancelled',
    summary: 'aaaa1',
  })
  expect(refusal(await google('DELETE', `${events}/never`))).toEqual([404, 'notFound'])
  await played.control('POST', 'clock', { advance: 'P31D' })
  google = await played.account('google', email)
  for (const method of ['GET', 'DELETE'])
    expect(refusal(await google(method, `${events}/aaaa1`))).toEqual([404, 'notFound'])
  expect(refusal(await google('PATCH', `${events}/aaaa1`, { status: 'confirmed' }))).toEqual([
    404,
    'notFound',
  ])
  expect(idsOf(await google('GET', `${events}?showDeleted=true`))).toEqual([])
})

test('Google §11.2: a deleted id stays reserved, even when the event has been forgotten', async () => {
  await make('aaaa1')
  expect(refusal(await make('aaaa1'))).toEqual([409, 'duplicate'])
  await google('DELETE', `${events}/aaaa1`)
  expect(refusal(await make('aaaa1'))).toEqual([409, 'duplicate'])
  await played.control('POST', 'clock', { advance: 'P31D' })
  google = await played.account('google', email)
  expect(refusal(await make('aaaa1'))).toEqual([409, 'duplicate'])
})

test('Google §11.2: how long deleted events are remembered is a switch, and no deletion is lost to a sync token', async () => {
  await make('aaaa1')
  const { body } = await google('GET', events)
  await google('DELETE', `${events}/aaaa1`)
  await played.control('POST', 'clock', { advance: 'P2D' })
  google = await played.account('google', email)
  expect((await google('GET', `${events}/aaaa1`)).status).toBe(200)
  await played.control('POST', 'switches', { 'google.deletedRememberedDays': 1 })
  expect((await google('GET', `${events}/aaaa1`)).status).toBe(404)
  expect(itemsOf(await since(body['nextSyncToken']))).toMatchObject([{ id: 'aaaa1', status: 'cancelled' }])
})

test.each(['PATCH', 'PUT'])(
  'Google §11.2: a deleted event is revived by %s of its status',
  async (method) => {
    const { body: made } = await make('aaaa1')
    await google('DELETE', `${events}/aaaa1`)
    const { status, body } = await google(method, `${events}/aaaa1`, {
      ...timed('back', 10),
      status: 'confirmed',
    })
    expect([status, body]).toMatchObject([
      200,
      { id: 'aaaa1', status: 'confirmed', summary: 'back', iCalUID: made['iCalUID'] },
    ])
    expect(idsOf(await google('GET', events))).toEqual(['aaaa1'])
  },
)

test('Google §11.2: a patch of a deleted event that says nothing of its status leaves it deleted', async () => {
  await make('aaaa1')
  await google('DELETE', `${events}/aaaa1`)
  expect((await google('PATCH', `${events}/aaaa1`, { summary: 'b' })).body['status']).toBe('cancelled')
})

test('Google §11.3: an etag is new on each change and a write that names an old one is refused', async () => {
  const { body: made } = await make('aaaa1')
  const old = String(made['etag'])
  expect(old).toMatch(/^"\d+"$/)
  const write = (method: string, etag: string) =>
    google(method, `${events}/aaaa1`, method === 'DELETE' ? undefined : { ...timed(method, 11) }, {
      'if-match': etag,
    })
  const changed = await write('PATCH', old)
  expect([changed.status, changed.body['etag'] === old]).toEqual([200, false])
  for (const method of ['PATCH', 'PUT', 'DELETE']) {
    const refused = await write(method, old)
    expect(refusal(refused)).toEqual([412, 'conditionNotMet'])
    expect(object(refused.body['error'])).toMatchObject({
      errors: [{ locationType: 'header', location: 'If-Match' }],
    })
  }
  expect((await google('GET', `${events}/aaaa1`)).body).toEqual(changed.body)
  const replaced = await write('PUT', `"1", ${String(changed.body['etag'])}`)
  expect(replaced.status).toBe(200)
  expect((await write('DELETE', String(replaced.body['etag']))).status).toBe(204)
})

test('Google §11.3: a star matches whatever there is, and nothing where there is nothing', async () => {
  await make('aaaa1')
  const star = { 'if-match': '*' }
  expect((await google('PATCH', `${events}/aaaa1`, { summary: 'b' }, star)).status).toBe(200)
  expect((await google('PATCH', `${events}/never`, { summary: 'b' }, star)).status).toBe(404)
  expect((await google('DELETE', `${events}/aaaa1`, undefined, star)).status).toBe(204)
})

test('Google §11.3: an untouched instance has the etag of its series and takes a condition on it', async () => {
  const { body } = await google('POST', events, series('serie', 'RRULE:FREQ=DAILY;COUNT=3'))
  const instance = `${events}/serie_20260306T080000Z`
  const etag = String((await google('GET', instance)).body['etag'])
  expect(etag).toBe(body['etag'])
  expect((await google('PATCH', instance, { summary: 'b' }, { 'if-match': etag })).status).toBe(200)
  expect((await google('PATCH', instance, { summary: 'c' }, { 'if-match': etag })).status).toBe(412)
})

test('Google §11.3: a read that names the present etag is answered with 304', async () => {
  const { body } = await make('aaaa1')
  const headers = { 'if-none-match': String(body['etag']) }
  expect((await google('GET', `${events}/aaaa1`, undefined, headers)).status).toBe(304)
  await google('PATCH', `${events}/aaaa1`, { summary: 'b' })
  expect((await google('GET', `${events}/aaaa1`, undefined, headers)).status).toBe(200)
})

test('Google §11.3: a change of reminders alone moves the etag, is told to a sync token, and leaves the time of change', async () => {
  const { body: made } = await make('aaaa1')
  const { body } = await google('GET', events)
  await played.control('POST', 'clock', { advance: 'PT1M' })
  const reminded = await google('PATCH', `${events}/aaaa1`, { reminders: { useDefault: false } })
  expect(reminded.body['updated']).toBe(made['updated'])
  expect(reminded.body['etag']).not.toBe(made['etag'])
  expect(idsOf(await since(body['nextSyncToken']))).toEqual(['aaaa1'])
  const renamed = await google('PATCH', `${events}/aaaa1`, { summary: 'b', reminders: { useDefault: true } })
  expect(String(renamed.body['updated']) > String(made['updated'])).toBe(true)
})

test('Google §11.3: the sequence rises when time or place changes', async () => {
  await make('aaaa1')
  expect((await google('PATCH', `${events}/aaaa1`, { summary: 'b' })).body['sequence']).toBe(0)
  expect((await google('PATCH', `${events}/aaaa1`, { location: 'b' })).body['sequence']).toBe(1)
})

test('Google §11.4: a series is listed as its rule with its exceptions, or as instances', async () => {
  await google('POST', events, series('serie', 'RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=3'))
  await google('PATCH', `${events}/serie_20260312T080000Z`, {
    start: at('2026-03-13T09:00:00'),
    end: at('2026-03-13T10:00:00'),
  })
  await google('DELETE', `${events}/serie_20260319T080000Z`)
  expect(
    itemsOf(await google('GET', events)).map(({ id, status, recurringEventId }) => [
      id,
      status,
      recurringEventId,
    ]),
  ).toEqual([
    ['serie', 'confirmed', undefined],
    ['serie_20260312T080000Z', 'confirmed', 'serie'],
    ['serie_20260319T080000Z', 'cancelled', 'serie'],
  ])
  const instances = await google('GET', `${events}?singleEvents=true&orderBy=startTime`)
  expect(startsOf(instances)).toEqual(['2026-03-05T09:00:00+01:00', '2026-03-13T09:00:00+01:00'])
})

test('Google §11.4: a deleted series is told by itself, or instance by instance where instances are listed', async () => {
  await google('POST', events, series('serie', 'RRULE:FREQ=DAILY;COUNT=3'))
  await google('PATCH', `${events}/serie_20260306T080000Z`, { summary: 'b' })
  const whole = await google('GET', events)
  const single = await google('GET', `${events}?singleEvents=true`)
  await google('DELETE', `${events}/serie`)
  expect(idsOf(await since(whole.body['nextSyncToken']))).toEqual(['serie'])
  const told = itemsOf(await since(single.body['nextSyncToken'], '&singleEvents=true'))
  expect(told.map(({ id, status }) => [id, status])).toEqual(
    ['05', '07', '06'].map((day) => [`serie_202603${day}T080000Z`, 'cancelled']),
  )
})

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

test.each([
  ['abcde', 200],
  ['v0123456789', 200],
  ['a'.repeat(1024), 200],
  ['abcd', 400],
  ['a'.repeat(1025), 400],
  ['wxyz1', 400],
  ['ABCDE', 400],
  ['under_score', 400],
])('Google §11.2: a client’s own id %s is answered with %d', async (id, status) => {
  const answer = await make(id)
  expect([answer.status, status === 200 ? answer.body['id'] : reasonOf(answer)]).toEqual([
    status,
    status === 200 ? id : 'invalid',
  ])
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

test('Google §11.4: an instance is named by its series and its original start in UTC, one of whole days by its date', async () => {
  await google('POST', events, series('serie', 'RRULE:FREQ=DAILY;COUNT=2'))
  const day = { start: { date: '2026-03-05' }, end: { date: '2026-03-06' } }
  await google('POST', events, { id: 'feste', ...day, recurrence: ['RRULE:FREQ=WEEKLY;COUNT=2'] })
  expect(idsOf(await google('GET', `${events}/serie/instances`))).toEqual([
    'serie_20260305T080000Z',
    'serie_20260306T080000Z',
  ])
  expect(idsOf(await google('GET', `${events}/feste/instances`))).toEqual([
    'feste_20260305',
    'feste_20260312',
  ])
  const moved = await google('PATCH', `${events}/serie_20260306T080000Z`, {
    start: at('2026-03-07T15:00:00'),
    end: at('2026-03-07T16:00:00'),
  })
  expect(moved.body).toMatchObject({
    id: 'serie_20260306T080000Z',
    recurringEventId: 'serie',
    originalStartTime: at('2026-03-06T09:00:00+01:00'),
  })
})

test('Google §11.4: a series split by a person goes on under an _R id, and its instances keep the first one’s name', async () => {
  await google('POST', events, series('serie', 'RRULE:FREQ=DAILY;COUNT=4'))
  const { body } = await google('GET', events)
  const id = 'serie_20260307T080000Z'
  await played.control('POST', `accounts/${email}/following?vendor=google`, { id, changes: { summary: 'b' } })
  const later = 'serie_R20260307T080000'
  expect(itemsOf(await since(body['nextSyncToken']))).toMatchObject([
    { id: later, summary: 'b', recurrence: ['RRULE:FREQ=DAILY;COUNT=2'] },
    { id: 'serie', recurrence: ['RRULE:FREQ=DAILY;UNTIL=20260306T225959Z'] },
  ])
  const instances = itemsOf(await google('GET', `${events}/${later}/instances`))
  expect(instances.map((item) => [item['id'], item['recurringEventId']])).toEqual([
    ['serie_20260307T080000Z', later],
    ['serie_20260308T080000Z', later],
  ])
})

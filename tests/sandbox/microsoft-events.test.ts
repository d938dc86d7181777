import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { allAtOnce } from './at-once.ts'
import { codeOf, list, meeting, object, play, type Call, type Played } from './played.ts'

const events = '/v1.0/me/events'
const immutable = { prefer: 'IdType="ImmutableId"' }
let played: Played
let graph: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  graph = await played.account('microsoft', 'grace@example.com')
})

async function created(body: unknown): Promise<Record<string, unknown>> {
  const answer = await graph('POST', events, body)
  expect(answer.status).toBe(201)
  return answer.body
}

test('a new event is answered with 201, the server’s id and the vendor’s defaults', async () => {
  const body = await created(
    meeting('Review', 9, { id: 'mine', body: { contentType: 'text', content: 'a < b\nc' } }),
  )
  expect(body).toMatchObject({
    showAs: 'busy',
    reminderMinutesBeforeStart: 15,
    isReminderOn: true,
    isOrganizer: true,
    type: 'singleInstance',
    originalStartTimeZone: 'W. Europe Standard Time',
    start: { dateTime: '2026-03-05T08:00:00.0000000', timeZone: 'UTC' },
    body: { contentType: 'html', content: expect.stringContaining('a &lt; b<br>') },
  })
  expect(body['id']).not.toBe('mine')
  expect(body['@odata.etag']).toBe(`W/"${String(body['changeKey'])}"`)
})

test('a text that says true, false or a number is taken for it, and other texts are not', async () => {
  const body = await created(
    meeting('Review', 9, { isReminderOn: 'False', reminderMinutesBeforeStart: '20' }),
  )
  expect(body).toMatchObject({ isReminderOn: false, reminderMinutesBeforeStart: 20 })
  for (const wrong of [{ isReminderOn: 'no' }, { reminderMinutesBeforeStart: '20 minutes' }]) {
    const refused = await graph('POST', events, meeting('Review', 9, wrong))
    expect([refused.status, codeOf(refused)]).toEqual([400, 'UnableToDeserializePostBody'])
  }
})

test('answers follow the zone and the body type the caller prefers', async () => {
  const { id } = await created(meeting('Review', 9, { body: { contentType: 'text', content: 'a < b\nc' } }))
  const prefer = 'outlook.timezone="Tokyo Standard Time", outlook.body-content-type="text"'
  const { body, headers } = await graph('GET', `${events}/${String(id)}`, undefined, { prefer })
  expect(body['start']).toEqual({ dateTime: '2026-03-05T17:00:00.0000000', timeZone: 'Tokyo Standard Time' })
  expect(body['body']).toEqual({ contentType: 'text', content: 'a < b\r\nc' })
  expect(headers.get('preference-applied')).toContain('Tokyo Standard Time')
})

test('both spellings of an id are accepted, and the immutable one is given only when asked for', async () => {
  const { id } = await created(meeting('Review', 9))
  const asked = (await graph('GET', `${events}/${String(id)}`, undefined, immutable)).body['id']
  expect(asked).not.toBe(id)
  expect((await graph('GET', `${events}/${String(asked)}`)).body['id']).toBe(id)
})

test('a repeated transaction id is refused and names the event it made, even once that is deleted', async () => {
  const { id } = await created(meeting('Review', 9, { transactionId: 't-1' }))
  const again = await graph('POST', events, meeting('Review', 9, { transactionId: 't-1' }))
  expect([again.status, codeOf(again)]).toEqual([400, 'ErrorDuplicateTransactionId'])
  expect(object(again.body['error'])['@event.existingEventId']).toBe(id)
  await graph('DELETE', `${events}/${String(id)}`)
  expect(codeOf(await graph('POST', events, meeting('x', 9, { transactionId: 't-1' })))).toBe(
    'ErrorDuplicateTransactionId',
  )
})

test('an old etag is refused with 412 on a patch and on a deletion', async () => {
  const { id, '@odata.etag': etag } = await created(meeting('Review', 9))
  const path = `${events}/${String(id)}`
  const condition = { 'if-match': String(etag) }
  expect((await graph('PATCH', path, { subject: 'b' }, condition)).status).toBe(200)
  const stale = await graph('PATCH', path, { subject: 'c' }, condition)
  expect([stale.status, codeOf(stale)]).toEqual([412, 'ErrorIrresolvableConflict'])
  expect((await graph('DELETE', path, undefined, condition)).status).toBe(412)
  expect((await graph('GET', path)).body['subject']).toBe('b')
})

test('a deleted event answers 204, then 404', async () => {
  const { id } = await created(meeting('Review', 9))
  expect((await graph('DELETE', `${events}/${String(id)}`)).status).toBe(204)
  const again = await graph('DELETE', `${events}/${String(id)}`)
  expect([again.status, codeOf(again)]).toEqual([404, 'ErrorItemNotFound'])
})

const at = (dateTime: string, timeZone = 'UTC') => ({ dateTime, timeZone })
test.each([
  [
    'an all-day event not from midnight',
    { isAllDay: true, start: at('2026-03-05T09:00:00'), end: at('2026-03-06T00:00:00') },
    'ErrorPropertyValidationFailure',
  ],
  [
    'an end before its start',
    { start: at('2026-03-05T09:00:00'), end: at('2026-03-05T08:00:00') },
    'ErrorPropertyValidationFailure',
  ],
  [
    'an unknown zone',
    { start: at('2026-03-05T09:00:00', 'Mars'), end: at('2026-03-05T10:00:00', 'Mars') },
    'TimeZoneNotSupportedException',
  ],
  ['an unknown property', { ...meeting('x', 9), colour: 'red' }, 'UnableToDeserializePostBody'],
])('%s is refused with 400', async (_case, body, code) => {
  const refused = await graph('POST', events, body)
  expect([refused.status, codeOf(refused)]).toEqual([400, code])
})

test('a marker property is found by filter and shown only when expanded', async () => {
  const id = 'String {00020329-0000-0000-C000-000000000046} Name Marker'
  const event = await created(
    meeting('Marked', 9, { singleValueExtendedProperties: [{ id, value: "it's" }] }),
  )
  await created(meeting('Plain', 9))
  expect(event).not.toHaveProperty('singleValueExtendedProperties')
  const filter = `singleValueExtendedProperties/Any(ep: ep/id eq '${id}' and ep/value eq 'it''s')`
  const found = await graph('GET', `${events}?$filter=${encodeURIComponent(filter)}`)
  expect(list(found.body['value']).map(({ subject }) => subject)).toEqual(['Marked'])
  const expand = encodeURIComponent(`singleValueExtendedProperties($filter=id eq '${id}')`)
  const expanded = await graph('GET', `${events}/${String(event['id'])}?$expand=${expand}`)
  expect(expanded.body['singleValueExtendedProperties']).toEqual([{ id, value: "it's" }])
})

test('the fifth request at a time is refused with 429 and told when to come back', async () => {
  await played.control('POST', 'faults', { kind: 'latency', vendor: 'microsoft', ms: 80, times: 5 })
  const five = () => Array.from({ length: 5 }, () => graph('GET', events))
  const answers = await allAtOnce(played, five, { arrived: 1, query: 'status=429' })
  const refused = answers.filter(({ status }) => status === 429)
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 200, 200, 429])
  expect(refused.map((answer) => codeOf(answer))).toEqual(['ApplicationThrottled'])
  expect(refused[0]?.headers.get('retry-after')).toBe('1')
  expect((await graph('GET', events)).status).toBe(200)
})

test('guests are mailed about every write and no parameter stops it', async () => {
  const attendees = [{ emailAddress: { address: 'guest@example.com' } }]
  const { id } = await created(meeting('Review', 9, { attendees }))
  await graph('PATCH', `${events}/${String(id)}`, { subject: 'Later' })
  await graph('DELETE', `${events}/${String(id)}`)
  const { body } = await played.control('GET', 'mail')
  expect(list(body['items']).map(({ kind }) => kind)).toEqual(['invitation', 'update', 'cancellation'])
})

const weekly = {
  ...meeting('Weekly', 9),
  recurrence: {
    pattern: { type: 'weekly', interval: 1, daysOfWeek: ['thursday'] },
    range: { type: 'numbered', startDate: '2026-03-05', numberOfOccurrences: 4 },
  },
}
const window = 'startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-05-01T00:00:00Z'

test('the view shows occurrences at the same wall time across a change of clocks, without the master', async () => {
  await created(weekly)
  const { body } = await graph('GET', `/v1.0/me/calendarView?${window}`)
  expect(list(body['value']).map(({ type, start }) => [type, object(start)['dateTime']])).toEqual([
    ['occurrence', '2026-03-05T08:00:00.0000000'],
    ['occurrence', '2026-03-12T08:00:00.0000000'],
    ['occurrence', '2026-03-19T08:00:00.0000000'],
    ['occurrence', '2026-03-26T08:00:00.0000000'],
  ])
})

test('a patched occurrence becomes an exception with the same id, a deleted one a gap', async () => {
  const master = await created(weekly)
  const instances = `${events}/${String(master['id'])}/instances?${window}`
  const [, second, third] = list((await graph('GET', instances)).body['value'])
  const path = `${events}/${String(second?.['id'])}`
  const patched = await graph('PATCH', path, { subject: 'Special' })
  expect(patched.body).toMatchObject({ id: second?.['id'], type: 'exception', subject: 'Special' })
  expect((await graph('DELETE', `${events}/${String(third?.['id'])}`)).status).toBe(204)
  expect((await graph('GET', `${events}/${String(third?.['id'])}`)).status).toBe(404)
  expect(list((await graph('GET', instances)).body['value'])).toHaveLength(3)
  const selected = await graph('GET', `${events}/${String(master['id'])}?$select=cancelledOccurrences`)
  expect(selected.body['cancelledOccurrences']).toEqual([`OID.${String(master['id'])}.2026-03-19`])
  const times = { start: at('2026-03-26T09:00:00'), end: at('2026-03-26T10:00:00') }
  const crossing = await graph('PATCH', path, times)
  expect(codeOf(crossing)).toBe('ErrorOccurrenceCrossingBoundary')
})

test('a mailbox is reached as me, by its address and by its id, and a calendar through its group as well', async () => {
  const { id } = await created(meeting('Review', 9))
  const calendar = (await graph('GET', '/v1.0/me/calendar')).body
  const own = `calendars/${String(calendar['id'])}`
  const subject = (await graph('GET', '/v1.0/me')).body['id']
  for (const owner of ['me', 'users/Grace@example.com', `users/${String(subject)}`])
    for (const path of ['', '/calendar', `/${own}`, `/calendarGroup/${own}`]) {
      const { status, body } = await graph('GET', `/v1.0/${owner}${path}/events/${String(id)}`)
      expect([status, body['id']]).toEqual([200, id])
    }
})

test('another person’s mailbox is refused, and a person nobody knows is not found', async () => {
  await played.account('microsoft', 'ada@example.com')
  const other = await graph('GET', '/v1.0/users/ada@example.com/events')
  expect([other.status, codeOf(other)]).toEqual([403, 'ErrorAccessDenied'])
  const nobody = await graph('GET', '/v1.0/users/nobody@example.com/events')
  expect([nobody.status, codeOf(nobody)]).toEqual([404, 'ErrorInvalidUser'])
})

test('an unknown route, malformed JSON and an expired token are answered in words of Graph', async () => {
  expect(codeOf(await graph('GET', '/v1.0/me/nothing'))).toBe('ResourceNotFound')
  const malformed = await graph('POST', events, '{', { 'content-type': 'application/json' })
  expect([malformed.status, codeOf(malformed)]).toEqual([400, 'UnableToDeserializePostBody'])
  await played.control('POST', 'clock', { advance: 'PT1H' })
  const expired = await graph('GET', events)
  expect([expired.status, codeOf(expired)]).toEqual([401, 'InvalidAuthenticationToken'])
  expect(expired.headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/)
})

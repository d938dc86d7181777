import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { codeOf, list, meeting, object, play, type Call, type Json, type Played } from './played.ts'

const events = '/v1.0/me/events'
const window = 'startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-05-01T00:00:00Z'
const marker = 'String {00020329-0000-0000-C000-000000000046} Name Marker'
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

async function create(body: Json): Promise<Json> {
  const answer = await graph('POST', events, body)
  expect(answer.status).toBe(201)
  return answer.body
}
const pathOf = (event: Json) => `${events}/${String(event['id'])}`
const get = async (event: Json, prefer = '') =>
  (await graph('GET', pathOf(event), undefined, prefer === '' ? {} : { prefer })).body
const patch = async (event: Json, body: Json) => (await graph('PATCH', pathOf(event), body)).body
const refusal = async (method: string, path: string, body: Json) => {
  const answer = await graph(method, path, body)
  return [answer.status, codeOf(answer)]
}
const content = (event: Json) => String(object(event['body'])['content'])
const switched = (switches: Json) => played.control('POST', 'switches', switches)
const asText = 'outlook.body-content-type="text"'
const withBody = (text: string, contentType = 'html') =>
  meeting('x', 9, { body: { contentType, content: text } })

test('a text becomes HTML that reads as it was written, spaces and lines and signs alike', async () => {
  const text = 'a < b & "c"\n  indented  twice\n\n<b>no tag</b>\tend'
  const event = await create(withBody(text, 'text'))
  expect(object(event['body'])['contentType']).toBe('html')
  expect(content(event)).toMatch(/^<html>.*<\/html>\s*$/s)
  const read = await get(event, asText)
  expect(object(read['body'])).toEqual({
    contentType: 'text',
    content: 'a < b & "c"\r\n  indented  twice\r\n\r\n<b>no tag</b>    end',
  })
})

test('HTML comes back without what a mailbox does not let through', async () => {
  const html = `<html><head><style>p{}</style></head><body onload="x()"><p onclick='x()' class="a">Hi <script>alert(1)</script><b>you</b></p>
    <a href="java&#115;cript:alert(1)">bad</a> <a href="https://example.com/?a=1&amp;b=2">good</a><!-- note --><form><input value="1">in</form><iframe src="x">no</iframe></body></html>`
  const shown = content(await create(withBody(html)))
  for (const gone of ['onload', 'onclick', 'alert', 'script', '<form', '<input', 'iframe', 'note', 'p{}'])
    expect(shown).not.toContain(gone)
  for (const kept of [
    '<p class="a">Hi <b>you</b></p>',
    'https://example.com/?a=1&amp;b=2',
    '>good</a>',
    'in',
  ])
    expect(shown).toContain(kept)
})

test('a body that is sent back as it was read stays the same', async () => {
  const event = await create(withBody('<div>One<br>Two &copy; 5 &lt; 6</div>'))
  const again = await patch(event, { body: event['body'] })
  expect(content(again)).toBe(content(event))
})

test('the wrapping of a body differs from copy to copy while its text does not', async () => {
  const made: Json[] = []
  for (let copy = 0; copy < 12; copy += 1) made.push(await create(withBody('<p>Same</p>')))
  expect(new Set(made.map(content)).size).toBeGreaterThan(1)
  const texts = await Promise.all(made.slice(0, 3).map((event) => get(event, asText)))
  expect(new Set(texts.map(content))).toEqual(new Set(['Same']))
})

test('an event without a body has an empty one, and a preview has 255 signs at most', async () => {
  const empty = await create(meeting('x', 9))
  expect([empty['body'], empty['bodyPreview']]).toEqual([{ contentType: 'html', content: '' }, ''])
  const long = await create(withBody('word '.repeat(100), 'text'))
  expect(String(long['bodyPreview'])).toBe('word '.repeat(51))
  expect((await patch(long, { body: null }))['bodyPreview']).toBe('')
})

test('a link reads as text and address', async () => {
  const event = await create(
    withBody(
      '<a href="https://example.com/x">Here</a> or <a href="https://example.com/y">https://example.com/y</a>',
    ),
  )
  expect(content(await get(event, asText))).toBe('Here<https://example.com/x> or https://example.com/y')
})

test('a place becomes the list of places with what the server adds, and a list becomes one place that names all', async () => {
  const event = await create(meeting('x', 9, { location: { displayName: 'Room 1' } }))
  expect(event).toMatchObject({
    location: { displayName: 'Room 1', locationType: 'default', uniqueId: 'Room 1', uniqueIdType: 'private' },
    locations: [{ displayName: 'Room 1', locationType: 'default', uniqueIdType: 'unknown' }],
  })
  const two = await patch(event, {
    locations: [{ displayName: 'Room 1' }, { displayName: 'Bar', locationType: 'restaurant' }],
  })
  expect(two['location']).toMatchObject({ displayName: 'Room 1; Bar' })
  expect(two['locations']).toHaveLength(2)
  const none = await patch(event, { location: null })
  expect(none).toMatchObject({ location: { displayName: '', locationType: 'default' }, locations: [] })
})

test('what a client must not set is ignored, and null puts a property back to what it is by default', async () => {
  const sent = {
    iCalUId: 'mine',
    changeKey: 'mine',
    createdDateTime: '2001-01-01T00:00:00Z',
    type: 'occurrence',
    isCancelled: true,
    originalStartTimeZone: 'Tokyo Standard Time',
    webLink: 'https://example.com',
    onlineMeeting: { joinUrl: 'https://example.com' },
    bodyPreview: 'mine',
  }
  const event = await create(
    meeting('x', 9, { ...sent, categories: ['Red'], showAs: 'oof', importance: 'high' }),
  )
  expect(event).toMatchObject({
    type: 'singleInstance',
    isCancelled: false,
    originalStartTimeZone: 'W. Europe Standard Time',
    onlineMeeting: null,
    bodyPreview: '',
  })
  for (const name of ['iCalUId', 'changeKey', 'createdDateTime', 'webLink'] as const)
    expect(event[name]).not.toBe(sent[name])
  expect(
    await patch(event, {
      subject: null,
      categories: null,
      showAs: null,
      importance: null,
      isReminderOn: null,
    }),
  ).toMatchObject({ subject: '', categories: [], showAs: 'busy', importance: 'normal', isReminderOn: true })
})

const at = (dateTime: string, timeZone: unknown): Json => ({ dateTime, timeZone })
const between = (timeZone: unknown, from = '2026-03-05T09:00:00', to = '2026-03-05T10:00:00'): Json => ({
  start: at(from, timeZone),
  end: at(to, timeZone),
})

test.each<[string, string, string, string]>([
  ['Windows', 'Tokyo Standard Time', '2026-03-05T00:00:00.0000000', 'Tokyo Standard Time'],
  ['IANA', 'Asia/Tokyo', '2026-03-05T00:00:00.0000000', 'Tokyo Standard Time'],
  ['Windows with a sign', 'UTC-11', '2026-03-05T20:00:00.0000000', 'UTC-11'],
  ['UTC', 'UTC', '2026-03-05T09:00:00.0000000', 'UTC'],
])('a zone may be named as in %s', async (_name, zone, start, original) => {
  const event = await create({ subject: 'x', ...between(zone) })
  expect(event).toMatchObject({
    start: { dateTime: start, timeZone: 'UTC' },
    originalStartTimeZone: original,
    originalEndTimeZone: original,
  })
})

test('start and end may have zones of their own', async () => {
  const event = await create({
    subject: 'Flight',
    start: at('2026-03-05T09:00:00', 'Europe/Berlin'),
    end: at('2026-03-05T12:00:00', 'America/New_York'),
  })
  expect(event).toMatchObject({
    end: { dateTime: '2026-03-05T17:00:00.0000000', timeZone: 'UTC' },
    originalStartTimeZone: 'W. Europe Standard Time',
    originalEndTimeZone: 'Eastern Standard Time',
  })
})

test.each([
  ['missing', undefined],
  ['empty', ''],
  ['unknown', 'Mars Standard Time'],
  ['Outlook’s own', 'tzone://Microsoft/Custom'],
  ['a customised one', 'Customized Time Zone'],
])('a zone that is %s is refused', async (_name, zone) => {
  expect(await refusal('POST', events, { subject: 'x', ...between(zone) })).toEqual([
    400,
    'TimeZoneNotSupportedException',
  ])
})

test('a preference for a zone nobody knows is refused, and one for a known zone is confirmed', async () => {
  const asked = (zone: string) => graph('GET', events, undefined, { prefer: `outlook.timezone="${zone}"` })
  const refused = await asked('Mars')
  expect([refused.status, codeOf(refused)]).toEqual([400, 'TimeZoneNotSupportedException'])
  const answer = await asked('Europe/Berlin')
  expect(answer.headers.get('preference-applied')).toBe('outlook.timezone="Europe/Berlin"')
})

test('an event can be in a zone that only Outlook has a name for, and stays there until its times are set', async () => {
  const recurrence = {
    pattern: { type: 'daily', interval: 1 },
    range: { type: 'numbered', startDate: '2026-03-05', numberOfOccurrences: 2 },
  }
  const event = await create(meeting('x', 9, { recurrence }))
  const name = 'tzone://Microsoft/Custom'
  const path = `accounts/grace@example.com/events/${String(event['id'])}/zone`
  expect((await played.control('POST', path, { name })).status).toBe(200)
  const custom = await patch(event, { subject: 'y' })
  expect(custom).toMatchObject({
    start: event['start'],
    originalStartTimeZone: name,
    recurrence: { range: { recurrenceTimeZone: name } },
  })
  const moved = await patch(event, {
    ...between('Europe/Berlin', '2026-03-05T11:00:00', '2026-03-05T12:00:00'),
    recurrence,
  })
  expect(moved['originalStartTimeZone']).toBe('W. Europe Standard Time')
  expect((await played.control('POST', 'accounts/grace@example.com/events/x/zone', { name })).status).toBe(
    404,
  )
  expect((await played.control('POST', path, {})).status).toBe(400)
})

test('a consumer mailbox may keep every event as made in UTC and tell the zone of a series alone, as switched', async () => {
  await switched({ 'microsoft.originalZone': 'UTC' })
  const recurrence = {
    pattern: { type: 'weekly', interval: 1, daysOfWeek: ['thursday'] },
    range: { type: 'numbered', startDate: '2026-03-05', numberOfOccurrences: 5 },
  }
  const event = await create(meeting('x', 9, { recurrence }))
  expect(event).toMatchObject({
    originalStartTimeZone: 'UTC',
    recurrence: { range: { recurrenceTimeZone: 'W. Europe Standard Time' } },
  })
  const instances = list((await graph('GET', `${pathOf(event)}/instances?${window}`)).body['value'])
  expect(instances.map(({ start }) => String(object(start)['dateTime']).slice(11, 16))).toEqual([
    '08:00',
    '08:00',
    '08:00',
    '08:00',
    '07:00',
  ])
})

const allDay = (from: string, to: string, zone = 'Europe/Berlin'): Json => ({
  isAllDay: true,
  ...between(zone, `${from}T00:00:00`, `${to}T00:00:00`),
})

test('Microsoft §12.4: an all-day event is midnight to midnight whatever zone is preferred', async () => {
  const event = await create({ subject: 'Day', ...allDay('2026-03-05', '2026-03-07') })
  for (const zone of ['UTC', 'Tokyo Standard Time', 'Pacific Standard Time']) {
    expect(await get(event, `outlook.timezone="${zone}"`)).toMatchObject({
      isAllDay: true,
      start: { dateTime: '2026-03-05T00:00:00.0000000', timeZone: zone },
      end: { dateTime: '2026-03-07T00:00:00.0000000', timeZone: zone },
    })
  }
})

test.each<[string, Json]>([
  [
    'that does not begin at midnight',
    { isAllDay: true, ...between('UTC', '2026-03-05T01:00:00', '2026-03-06T00:00:00') },
  ],
  [
    'that does not end at midnight',
    { isAllDay: true, ...between('UTC', '2026-03-05T00:00:00', '2026-03-06T12:00:00') },
  ],
  ['that ends on its first day', allDay('2026-03-05', '2026-03-05')],
  [
    'whose ends lie in two zones',
    { ...allDay('2026-03-05', '2026-03-06'), end: at('2026-03-06T00:00:00', 'Asia/Tokyo') },
  ],
])('Microsoft §12.4: an all-day event %s is refused', async (_name, body) => {
  expect(await refusal('POST', events, { subject: 'x', ...body })).toEqual([
    400,
    'ErrorPropertyValidationFailure',
  ])
})

test('Microsoft §12.4: a timed event becomes an all-day one and back only with times that fit', async () => {
  const event = await create(meeting('x', 9))
  expect(await refusal('PATCH', pathOf(event), { isAllDay: true })).toEqual([
    400,
    'ErrorPropertyValidationFailure',
  ])
  expect((await patch(event, allDay('2026-03-05', '2026-03-06')))['isAllDay']).toBe(true)
  const timed = await patch(event, { isAllDay: false, ...between('UTC') })
  expect(timed).toMatchObject({ isAllDay: false, start: { dateTime: '2026-03-05T09:00:00.0000000' } })
})

test('Microsoft §12.4: preferences for zone, body and ids are taken together and confirmed together', async () => {
  const event = await create(withBody('<p>Hi</p>'))
  const prefer = `outlook.timezone="Tokyo Standard Time", ${asText}, IdType="ImmutableId"`
  const answer = await graph('GET', pathOf(event), undefined, { prefer })
  expect(answer.headers.get('preference-applied')).toBe(
    'outlook.timezone="Tokyo Standard Time", IdType="ImmutableId", outlook.body-content-type="text"',
  )
  expect(answer.body['id']).not.toBe(event['id'])
  expect(answer.body['start']).toMatchObject({ timeZone: 'Tokyo Standard Time' })
})

test('Microsoft §12.4: ids are translated between their spellings, a thousand at a time', async () => {
  const event = await create(meeting('x', 9))
  const calendar = (await graph('GET', '/v1.0/me/calendar')).body
  const translate = (inputIds: unknown[], targetIdType: string) =>
    graph('POST', '/v1.0/me/translateExchangeIds', { inputIds, sourceIdType: 'restId', targetIdType })
  const { body } = await translate([event['id'], calendar['id'], 'nonsense'], 'restImmutableEntryId')
  const [own, ofCalendar, unknown] = list(body['value'])
  expect(own?.['targetId']).toBe((await get(event, 'IdType="ImmutableId"'))['id'])
  expect(ofCalendar?.['targetId']).toBe(calendar['id'])
  expect(object(unknown?.['errorDetails'])['code']).toBe('ErrorInvalidIdMalformed')
  const back = await translate([own?.['targetId']], 'restId')
  expect(list(back.body['value'])[0]?.['targetId']).toBe(event['id'])
  expect(
    (
      await translate(
        Array.from({ length: 1001 }, () => 'x'),
        'restId',
      )
    ).status,
  ).toBe(400)
  expect((await translate([], 'entryId')).status).toBe(501)
  expect((await translate([], 'otherId')).status).toBe(400)
})

test('an online meeting has a link, in its properties and in its body, and stays one whatever is said', async () => {
  const event = await create(
    meeting('x', 9, { isOnlineMeeting: true, body: { contentType: 'text', content: 'Agenda' } }),
  )
  const joinUrl = String(object(event['onlineMeeting'])['joinUrl'])
  expect(joinUrl).toMatch(/^https:\/\/teams\.microsoft\.com\/l\/meetup-join\//)
  expect(event).toMatchObject({
    isOnlineMeeting: true,
    onlineMeetingProvider: 'teamsForBusiness',
    onlineMeetingUrl: null,
  })
  expect(content(event)).toContain(joinUrl)
  const text = content(await get(event, asText))
  expect(text.split('\r\n')).toEqual(
    expect.arrayContaining(['Agenda', '_'.repeat(80), `Join the meeting now<${joinUrl}>`]),
  )
  const off = await patch(event, { isOnlineMeeting: false, subject: 'y' })
  expect(off).toMatchObject({ isOnlineMeeting: true, onlineMeeting: { joinUrl } })
})

test('a body that loses the link breaks the online meeting, one that keeps it does not', async () => {
  const event = await create(meeting('x', 9, { isOnlineMeeting: true }))
  const joinUrl = String(object(event['onlineMeeting'])['joinUrl'])
  const kept = await patch(event, { body: { contentType: 'html', content: `<p>More</p>${content(event)}` } })
  expect(kept).toMatchObject({ isOnlineMeeting: true, onlineMeeting: { joinUrl } })
  const broken = await patch(event, { body: { contentType: 'text', content: 'Nothing but words' } })
  expect(broken).toMatchObject({
    isOnlineMeeting: false,
    onlineMeeting: null,
    onlineMeetingProvider: 'unknown',
  })
})

test('a mailbox may make events online meetings unasked, as switched', async () => {
  const attendees = [{ emailAddress: { address: 'kim@elsewhere.example' } }]
  const made = async (more: Json) =>
    (await create(meeting('x', 9, { isOnlineMeeting: false, ...more })))['isOnlineMeeting']
  expect(await made({ attendees })).toBe(false)
  await switched({ 'microsoft.addsOnlineMeeting': 'toMeetings' })
  expect([await made({ attendees }), await made({})]).toEqual([true, false])
  await switched({ 'microsoft.addsOnlineMeeting': 'always' })
  const event = await create(meeting('x', 9))
  expect(event['isOnlineMeeting']).toBe(true)
  expect((await patch(event, { subject: 'y' }))['isOnlineMeeting']).toBe(true)
})

test.each<[string, Json]>([
  ['of the event', { colour: 'red' }],
  ['of a part of it', { location: { displayName: 'x', floor: 3 } }],
  ['of an attendee', { attendees: [{ name: 'Kim', emailAddress: { address: 'kim@elsewhere.example' } }] }],
])('an unknown member %s is refused, or ignored as switched', async (_name, more) => {
  expect(await refusal('POST', events, meeting('x', 9, more))).toEqual([400, 'UnableToDeserializePostBody'])
  await switched({ 'microsoft.unknownMembers': 'ignored' })
  expect((await create(meeting('x', 9, more)))['subject']).toBe('x')
})

test.each<[string, Json]>([
  ['subject', { subject: 7 }],
  ['start', { start: 'today' }],
  ['start', { start: { dateTime: '2026-02-30T09:00:00', timeZone: 'UTC' } }],
  ['start', { start: { dateTime: 'soon', timeZone: 'UTC' } }],
  ['showAs', { showAs: 'away' }],
  ['categories', { categories: 'Red' }],
  ['attendees', { attendees: [7] }],
  ['body', { body: 'text' }],
  ['reminderMinutesBeforeStart', { reminderMinutesBeforeStart: 1.5 }],
])('a %s of another form is refused', async (_name, more) => {
  expect(await refusal('POST', events, meeting('x', 9, more))).toEqual([400, 'UnableToDeserializePostBody'])
})

test('members of enumerations are taken in any case and answered in their own', async () => {
  const event = await create(meeting('x', 9, { showAs: 'OOF', body: { contentType: 'HTML', content: 'x' } }))
  expect(event['showAs']).toBe('oof')
})

test('a body that is missing, empty or no object is refused', async () => {
  expect(codeOf(await graph('POST', events))).toBe('ErrorInvalidRequest')
  for (const body of [[], 'text', 7, {}])
    expect(
      (await graph('POST', events, JSON.stringify(body), { 'content-type': 'application/json' })).status,
    ).toBe(400)
})

test('Microsoft §12.2: a created event answers 201, says where it is, and has what the server made', async () => {
  const answer = await graph('POST', events, meeting('x', 9, { transactionId: 't-1' }))
  const { id, iCalUId, uid, transactionId } = answer.body
  expect(answer.status).toBe(201)
  expect((await graph('GET', String(answer.headers.get('location')))).body['id']).toBe(id)
  expect(iCalUId).toMatch(/^040000008200E00074C5B7101A82E008[0-9A-F]{80}$/)
  expect([uid, transactionId]).toEqual([iCalUId, 't-1'])
  expect(answer.body).toMatchObject({ isReminderOn: true, reminderMinutesBeforeStart: 15 })
})

test('Microsoft §12.2: a change key changes with every change and with nothing else', async () => {
  const event = await create(meeting('x', 9))
  const keys = [event['changeKey']]
  for (const subject of ['a', 'a', 'b']) keys.push((await patch(event, { subject }))['changeKey'])
  expect(new Set(keys).size).toBe(4)
  await graph('GET', events)
  expect((await get(event))['changeKey']).toBe(keys.at(-1))
  expect((await get(event, 'IdType="ImmutableId"'))['@odata.etag']).toBe(`W/"${String(keys.at(-1))}"`)
})

test('Microsoft §12.2: a transaction id is remembered by each mailbox for itself, and a patch cannot set one', async () => {
  const event = await create(meeting('x', 9, { transactionId: 't-1' }))
  expect((await patch(event, { transactionId: 't-2' }))['transactionId']).toBe('t-1')
  await create(meeting('x', 9, { transactionId: 't-2' }))
  const other = await played.account('microsoft', 'ada@example.com')
  expect((await other('POST', events, meeting('x', 9, { transactionId: 't-1' }))).status).toBe(201)
})

test('Microsoft §12.3: an etag is taken with its weakness, without it, among others, or as a star', async () => {
  const event = await create(meeting('x', 9))
  const send = async (etag: string, method = 'PATCH') =>
    (
      await graph(method, pathOf(event), method === 'PATCH' ? { subject: 'y' } : undefined, {
        'if-match': etag,
      })
    ).status
  const current = async () => String((await get(event))['@odata.etag'])
  expect(await send(await current())).toBe(200)
  expect(await send((await current()).slice(2))).toBe(200)
  expect(await send(`W/"other", ${await current()}`)).toBe(200)
  expect(await send('*')).toBe(200)
  expect(await send('W/"other"')).toBe(412)
  expect(await send('W/"other"', 'DELETE')).toBe(412)
  await switched({ 'microsoft.ifMatchOnDelete': 'ignored' })
  expect(await send('W/"other"', 'DELETE')).toBe(204)
})

const daily = {
  pattern: { type: 'daily', interval: 1 },
  range: { type: 'numbered', startDate: '2026-03-05', numberOfOccurrences: 3 },
}
const instancesOf = async (event: Json) =>
  list((await graph('GET', `${pathOf(event)}/instances?${window}`)).body['value'])

test('Microsoft §12.3: occurrences name their series, their original start and a UID of their own', async () => {
  const series = await create(meeting('x', 9, { recurrence: daily }))
  const [, second] = await instancesOf(series)
  expect(second).toMatchObject({
    type: 'occurrence',
    seriesMasterId: series['id'],
    occurrenceId: `OID.${String(series['id'])}.2026-03-06`,
    originalStart: '2026-03-06T08:00:00Z',
    uid: series['uid'],
    iCalUId: String(series['iCalUId']).replace('E00800000000', 'E00807EA0306'),
    recurrence: null,
  })
})

test('Microsoft §12.3: a patched occurrence is an exception with its old id, a deleted one a gap that series and view agree on', async () => {
  const series = await create(meeting('x', 9, { recurrence: daily }))
  const [first, second] = await instancesOf(series)
  const patched = await patch(object(first), {
    subject: 'Special',
    ...between('UTC', '2026-03-05T20:00:00', '2026-03-05T21:00:00'),
  })
  expect(patched).toMatchObject({
    id: first?.['id'],
    type: 'exception',
    originalStart: '2026-03-05T08:00:00Z',
  })
  expect((await graph('DELETE', pathOf(object(second)))).status).toBe(204)
  expect((await graph('DELETE', pathOf(object(second)))).status).toBe(404)
  const view = list((await graph('GET', `/v1.0/me/calendarView?${window}`)).body['value'])
  expect(view.map(({ type, subject }) => [type, subject])).toEqual([
    ['exception', 'Special'],
    ['occurrence', 'x'],
  ])
  const asked = await graph('GET', `${pathOf(series)}?$select=cancelledOccurrences`)
  expect(asked.body['cancelledOccurrences']).toEqual([`OID.${String(series['id'])}.2026-03-06`])
})

test('Microsoft §12.3: an exception that would cross its neighbour is refused', async () => {
  const [first] = await instancesOf(await create(meeting('x', 9, { recurrence: daily })))
  const next = between('Europe/Berlin', '2026-03-06T06:00:00', '2026-03-06T07:00:00')
  expect(await refusal('PATCH', pathOf(object(first)), next)).toEqual([
    400,
    'ErrorOccurrenceCrossingBoundary',
  ])
})

test('a GET of an occurrence may lag behind its patch for a while, as switched, while the answer to the patch does not', async () => {
  await switched({ 'microsoft.staleOccurrenceSeconds': 5 })
  const series = await create(meeting('Old', 9, { recurrence: daily }))
  const [first] = await instancesOf(series)
  const occurrence = object(first)
  expect((await patch(occurrence, { subject: 'New' }))['subject']).toBe('New')
  expect(await get(occurrence)).toMatchObject({
    subject: 'Old',
    type: 'occurrence',
    '@odata.etag': occurrence['@odata.etag'],
  })
  expect((await instancesOf(series)).map(({ subject }) => subject)).toContain('New')
  await played.control('POST', 'clock', { advance: 'PT6S' })
  expect(await get(occurrence)).toMatchObject({ subject: 'New', type: 'exception' })
  await patch(occurrence, { subject: 'Newer' })
  expect((await get(occurrence))['subject']).toBe('New')
})

test('extended properties may be lost on creation, as switched, and are kept by a patch', async () => {
  await switched({ 'microsoft.extendedPropertiesOnCreate': 'dropped' })
  const singleValueExtendedProperties = [{ id: marker, value: 'one' }]
  const event = await create(meeting('x', 9, { singleValueExtendedProperties }))
  const expand = encodeURIComponent(`singleValueExtendedProperties($filter=id eq '${marker}')`)
  const shown = async () =>
    (await graph('GET', `${pathOf(event)}?$expand=${expand}`)).body['singleValueExtendedProperties']
  expect(await shown()).toBeUndefined()
  await patch(event, { singleValueExtendedProperties })
  expect(await shown()).toEqual(singleValueExtendedProperties)
  await patch(event, { singleValueExtendedProperties: [{ id: marker, value: 'two' }] })
  expect(await shown()).toEqual([{ id: marker, value: 'two' }])
})

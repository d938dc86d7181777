import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { accountsOf, at, events, idsOf, messageOf, series } from './google-made.ts'
import {
  list,
  object,
  play,
  reasonOf,
  timed,
  type Answer,
  type Call,
  type Json,
  type Played,
} from './played.ts'

let played: Played
let google: Call
let email: string
const newAccount = accountsOf(() => played, 'write')

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

const plain = { summary: 'a', start: at('2026-03-05T09:00:00'), end: at('2026-03-05T10:00:00') }
const insert = (more: Json, query = ''): Promise<Answer> =>
  google('POST', `${events}${query}`, { ...plain, id: 'event', ...more })
const patch = (body: Json, query = ''): Promise<Answer> => google('PATCH', `${events}/event${query}`, body)
const put = (body: Json, query = ''): Promise<Answer> => google('PUT', `${events}/event${query}`, body)
const read = async (): Promise<Json> => (await google('GET', `${events}/event`)).body
const refusal = (answer: Answer): unknown[] => [answer.status, reasonOf(answer)]
/** Where in the body Google says the fault lies. */
const locationOf = (answer: Answer): unknown => list(object(answer.body['error'])['errors'])[0]?.['location']

const invalidTimes = { start: { dateTime: 'soon' }, end: { dateTime: 'later' } }

test.each(['abcde', '0123456789', 'v0v0v', 'a'.repeat(1024)])(
  'the id %s of a client is taken',
  async (id) => {
    expect((await insert({ id })).body['id']).toBe(id)
  },
)

test.each(['abcd', 'a'.repeat(1025), 'wxyzw', 'ABCDE', 'with-dash', 'with_line', 'with space', 'ä0000'])(
  'the id %s of a client is refused',
  async (id) => {
    const refused = await insert({ id })
    expect([...refusal(refused), messageOf(refused)]).toEqual([400, 'invalid', 'Invalid resource id value.'])
  },
)

test('an id beside an iCalUID is refused, or taken, as switched', async () => {
  expect(refusal(await insert({ iCalUID: 'uid@example.com' }))).toEqual([400, 'invalid'])
  await played.control('POST', 'switches', { 'google.idWithUid': 'accepted' })
  expect((await insert({ iCalUID: 'uid@example.com' })).body).toMatchObject({
    id: 'event',
    iCalUID: 'uid@example.com',
  })
})

test('an iCalUID of the client is kept, and may be that of another event unless switched otherwise', async () => {
  const first = await google('POST', events, { ...timed('a', 9), iCalUID: 'uid@example.com' })
  const second = await google('POST', events, { ...timed('b', 9), iCalUID: 'uid@example.com' })
  expect([first.body['iCalUID'], second.body['iCalUID']]).toEqual(['uid@example.com', 'uid@example.com'])
  await played.control('POST', 'switches', { 'google.insertOfKnownUid': 409 })
  const third = await google('POST', events, { ...timed('c', 9), iCalUID: 'uid@example.com' })
  expect(refusal(third)).toEqual([409, 'duplicate'])
})

test('times of making and changing cannot be given when an event is made, and are ignored later', async () => {
  for (const name of ['created', 'updated']) {
    expect(refusal(await insert({ [name]: '2020-01-01T00:00:00Z' }))).toEqual([400, 'invalid'])
  }
  await insert({})
  const { created } = await read()
  const { body } = await put({
    ...timed('b', 9),
    created: '2020-01-01T00:00:00Z',
    updated: '2020-01-01T00:00:00Z',
  })
  expect([body['created'], body['summary']]).toEqual([created, 'b'])
})

test('what only Google writes is ignored in a body', async () => {
  await insert({
    kind: 'something',
    etag: '"1"',
    htmlLink: 'https://example.com',
    creator: { email: 'x@example.com' },
    organizer: { email: 'x@example.com' },
    recurringEventId: 'other',
    originalStartTime: { date: '2026-03-05' },
    hangoutLink: 'https://example.com/meet',
    locked: true,
    endTimeUnspecified: true,
  })
  const event = await read()
  expect(event).toMatchObject({
    kind: 'calendar#event',
    creator: { email, self: true },
    organizer: { email, self: true },
    htmlLink: expect.stringContaining('google.com'),
  })
  for (const name of ['recurringEventId', 'originalStartTime', 'hangoutLink', 'locked', 'endTimeUnspecified'])
    expect(event).not.toHaveProperty(name)
})

test('members an event does not have are ignored, and so is what is null', async () => {
  const { status } = await insert({
    nonsense: { deep: [1] },
    location: null,
    attendees: null,
    reminders: null,
  })
  expect(status).toBe(200)
  expect(Object.keys(await read())).not.toContain('nonsense')
})

test('what is at its default is not told, but for status and type', async () => {
  await insert({
    transparency: 'opaque',
    visibility: 'default',
    guestsCanInviteOthers: true,
    guestsCanModify: false,
    guestsCanSeeOtherGuests: true,
    attendees: [],
    description: '',
  })
  const event = await read()
  expect(event).toMatchObject({ status: 'confirmed', eventType: 'default', reminders: { useDefault: true } })
  for (const name of [
    'transparency',
    'visibility',
    'guestsCanInviteOthers',
    'guestsCanModify',
    'guestsCanSeeOtherGuests',
    'attendees',
    'description',
    'recurrence',
  ])
    expect(event).not.toHaveProperty(name)
})

test.each([
  ['summary', 5],
  ['description', ['x']],
  ['location', {}],
  ['status', 'perhaps'],
  ['visibility', 'secret'],
  ['transparency', 'glass'],
  ['sequence', 'many'],
  ['sequence', 1.5],
  ['attendees', {}],
  ['attendees', ['x@example.com']],
  ['recurrence', 'RRULE:FREQ=DAILY'],
  ['recurrence', [5]],
  ['recurrence', ['DTSTART:20260305']],
  ['recurrence', ['RRULE:FREQ=SOMETIMES']],
  ['reminders', []],
  ['extendedProperties', { private: { a: 1 } }],
  ['extendedProperties', { shared: 'x' }],
  ['guestsCanModify', 'yes'],
  ['colorId', '99'],
  ['eventType', 'party'],
  ['source', { url: 'ftp://example.com', title: 'x' }],
  ['start', 'now'],
  ['start', { dateTime: 5 }],
  ['start', { dateTime: '2026-13-01T00:00:00Z' }],
  ['start', { date: '2026-02-30' }],
  ['start', { dateTime: '0000-01-01T00:00:00Z' }],
  ['start', { dateTime: '2026-03-05T09:00:00', timeZone: 'Mars/Base' }],
])('%s of %j is refused and the place is told', async (name, value) => {
  const refused = await insert({ [name]: value })
  expect(refusal(refused)).toEqual([400, 'invalid'])
  expect(locationOf(refused)).toEqual(expect.stringMatching(new RegExp(`^${name}`)))
  expect((await google('GET', `${events}/event`)).status).toBe(404)
})

test.each([
  ['a body that is a list', [], 'parseError'],
  ['a body that is a text', '"x"', 'parseError'],
  ['a body that breaks off', '{"summary":', 'parseError'],
])('%s is refused', async (_case, body, reason) => {
  const headers = { 'content-type': 'application/json' }
  expect(refusal(await google('POST', events, body, headers))).toEqual([400, reason])
})

test.each([
  ['no start', { end: at('2026-03-05T10:00:00') }, 'Missing start time.'],
  ['no end', { start: at('2026-03-05T10:00:00') }, 'Missing end time.'],
  ['a start without a time', { start: {}, end: at('2026-03-05T10:00:00') }, 'Missing start time.'],
  [
    'no zone in a series',
    {
      start: { dateTime: '2026-03-05T09:00:00Z' },
      end: at('2026-03-05T10:00:00'),
      recurrence: ['RRULE:FREQ=DAILY'],
    },
    'Missing time zone definition for start time.',
  ],
  [
    'no zone at the end of a series',
    {
      start: at('2026-03-05T09:00:00'),
      end: { dateTime: '2026-03-05T10:00:00Z' },
      recurrence: ['RRULE:FREQ=DAILY'],
    },
    'Missing time zone definition for end time.',
  ],
  [
    'neither offset nor zone',
    { start: { dateTime: '2026-03-05T09:00:00' }, end: { dateTime: '2026-03-05T10:00:00' } },
    'Missing time zone definition for start time.',
  ],
])('%s is refused as required', async (_case, body, message) => {
  const refused = await google('POST', events, { id: 'event', ...body })
  expect([...refusal(refused), messageOf(refused)]).toEqual([400, 'required', message])
})

test('an end before its start is an empty time range, whatever the zones', async () => {
  const backwards = { start: at('2026-03-05T09:00:00'), end: at('2026-03-05T08:59:00') }
  const refused = await insert(backwards)
  expect(refusal(refused)).toEqual([400, 'timeRangeEmpty'])
  const flight = { start: at('2026-03-05T09:00:00'), end: at('2026-03-05T04:00:00', 'America/New_York') }
  expect((await insert(flight)).body).toMatchObject({
    start: { dateTime: '2026-03-05T09:00:00+01:00', timeZone: 'Europe/Berlin' },
    end: { dateTime: '2026-03-05T10:00:00+01:00', timeZone: 'America/New_York' },
  })
})

test('times are kept to the second and shown with the offset of the calendar’s zone', async () => {
  const times = {
    start: { dateTime: '2026-07-01T12:00:00.987Z' },
    end: { dateTime: '2026-07-01T08:30-05:00' },
  }
  expect((await insert(times)).body).toMatchObject({
    start: { dateTime: '2026-07-01T14:00:00+02:00', timeZone: 'Europe/Berlin' },
    end: { dateTime: '2026-07-01T15:30:00+02:00' },
  })
})

test('an all-day event has dates alone', async () => {
  const day = { start: { date: '2026-03-05', timeZone: 'Europe/Berlin' }, end: { date: '2026-03-07' } }
  const { body } = await insert(day)
  expect([body['start'], body['end']]).toEqual([{ date: '2026-03-05' }, { date: '2026-03-07' }])
})

const full = {
  description: 'long',
  location: 'Here',
  colorId: '3',
  visibility: 'private',
  transparency: 'transparent',
  attendees: [{ email: 'x@example.com' }],
  extendedProperties: { private: { a: '1' }, shared: { b: '2' } },
  reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 5 }] },
  source: { url: 'https://example.com', title: 'Ours' },
  guestsCanModify: true,
  guestsCanInviteOthers: false,
  guestsCanSeeOtherGuests: false,
  anyoneCanAddSelf: true,
}

test('an update sets what it leaves out to its default', async () => {
  await insert(full)
  const before = await read()
  const { body } = await put(timed('b', 10))
  for (const name of Object.keys(full)) {
    if (name === 'reminders') expect(body['reminders']).toEqual({ useDefault: true })
    else expect(body).not.toHaveProperty(name)
  }
  for (const name of ['id', 'iCalUID', 'created', 'creator', 'organizer', 'htmlLink'])
    expect(body[name]).toEqual(before[name])
})

test('an update needs its times', async () => {
  await insert({})
  expect(refusal(await put({ summary: 'b' }))).toEqual([400, 'required'])
})

test('a patch leaves what it does not name', async () => {
  await insert(full)
  const { etag: _etag, updated: _updated, ...before } = await read()
  expect((await patch({ summary: 'b' })).body).toMatchObject({ ...before, summary: 'b' })
})

test.each(Object.keys(full))('a patch clears %s by null', async (name) => {
  await insert(full)
  const { body } = await patch({ [name]: null })
  if (name === 'reminders') expect(body['reminders']).toEqual({ useDefault: true })
  else expect(body).not.toHaveProperty(name)
})

test('a patch merges objects and replaces lists', async () => {
  await insert(full)
  const { body } = await patch({
    extendedProperties: { private: { a: null, c: '3' } },
    attendees: [{ email: 'y@example.com' }],
    source: { title: 'Theirs' },
  })
  expect(body).toMatchObject({
    extendedProperties: { private: { c: '3' }, shared: { b: '2' } },
    attendees: [{ email: 'y@example.com' }],
    source: { url: 'https://example.com', title: 'Theirs' },
  })
})

test('a patch of reminders replaces them and does not merge', async () => {
  await insert(full)
  expect((await patch({ reminders: { useDefault: true } })).body['reminders']).toEqual({ useDefault: true })
  expect((await patch({ reminders: { useDefault: false } })).body['reminders']).toEqual({ useDefault: false })
})

test('a timed event becomes an all-day one, and back, when the other member is cleared', async () => {
  await insert({})
  const day = (date: string): Json => ({ date, dateTime: null, timeZone: null })
  const allDay = await patch({ start: day('2026-03-05'), end: day('2026-03-06') })
  expect(allDay.body['start']).toEqual({ date: '2026-03-05' })
  const time = (hour: string): Json => ({ date: null, ...at(`2026-03-05T${hour}:00:00`) })
  expect((await patch({ start: time('09'), end: time('10') })).body['start']).toEqual({
    dateTime: '2026-03-05T09:00:00+01:00',
    timeZone: 'Europe/Berlin',
  })
  expect(refusal(await patch({ start: { date: '2026-03-05' } }))).toEqual([400, 'invalid'])
})

test('a patch of the start alone keeps the end, and must not pass it', async () => {
  await insert({})
  expect((await patch({ start: { dateTime: '2026-03-05T09:30:00+01:00' } })).status).toBe(200)
  expect(refusal(await patch({ start: { dateTime: '2026-03-05T11:00:00+01:00' } }))).toEqual([
    400,
    'timeRangeEmpty',
  ])
})

test('a write that is refused changes nothing', async () => {
  await insert(full)
  const before = await read()
  expect((await patch({ summary: 'b', ...invalidTimes })).status).toBe(400)
  expect((await put({ summary: 'b', ...invalidTimes })).status).toBe(400)
  expect(await read()).toEqual(before)
})

test('a write that changes nothing keeps etag and time, unless switched otherwise', async () => {
  await insert(full)
  const before = await read()
  const { body } = await google('GET', events)
  expect((await patch({})).body).toEqual(before)
  expect((await patch({ summary: 'a', colorId: '3' })).body).toEqual(before)
  expect((await put(before)).body).toEqual(before)
  expect(idsOf(await google('GET', `${events}?syncToken=${String(body['nextSyncToken'])}`))).toEqual([])
  await played.control('POST', 'switches', { 'google.writeWithoutChange': 'new etag' })
  expect((await patch({})).body['etag']).not.toBe(before['etag'])
})

test('the sequence rises with time, place, rule and status, and not with words', async () => {
  await insert({})
  const sequences = []
  for (const body of [
    { summary: 'b', description: 'c', colorId: '1', reminders: { useDefault: false } },
    { start: { dateTime: '2026-03-05T09:15:00+01:00' } },
    { location: 'There' },
    {
      recurrence: ['RRULE:FREQ=DAILY;COUNT=2'],
      start: at('2026-03-05T09:15:00'),
      end: at('2026-03-05T10:00:00'),
    },
    { status: 'tentative' },
    { start: { dateTime: '2026-03-05T08:15:00Z' } },
  ])
    sequences.push((await patch(body)).body['sequence'])
  expect(sequences).toEqual([0, 1, 2, 3, 4, 4])
})

test('a higher sequence is kept, a lower one refused or ignored, as switched', async () => {
  await insert({ sequence: 3 })
  expect((await patch({ sequence: 7 })).body['sequence']).toBe(7)
  expect(refusal(await patch({ sequence: 6, summary: 'b' }))).toEqual([400, 'invalid'])
  await played.control('POST', 'switches', { 'google.lowerSequence': 'ignored' })
  expect((await patch({ sequence: 6, summary: 'b' })).body).toMatchObject({ sequence: 7, summary: 'b' })
})

test('guests are kept in lower case, once each, without names that only repeat the address', async () => {
  const { body } = await insert({
    attendees: [
      { email: 'X@Example.com', displayName: 'x@example.com', self: true, organizer: true, id: '1' },
      { email: 'y@example.com', displayName: 'Y', optional: true, comment: 'late', additionalGuests: 2 },
      { email: 'Y@example.com', displayName: 'Y', responseStatus: 'tentative' },
      { email: 'room@example.com', resource: true, responseStatus: 'accepted' },
      { email: email.toUpperCase(), responseStatus: 'accepted' },
    ],
  })
  expect(body['attendees']).toEqual([
    { email: 'x@example.com', responseStatus: 'needsAction' },
    { email: 'y@example.com', displayName: 'Y', responseStatus: 'tentative' },
    { email: 'room@example.com', resource: true, responseStatus: 'accepted' },
    { email, organizer: true, self: true, responseStatus: 'accepted' },
  ])
})

test('a guest who was there keeps the answer a new list does not give, and a room stays one', async () => {
  await insert({
    attendees: [
      { email: 'x@example.com', responseStatus: 'accepted' },
      { email: 'r@example.com', resource: true },
    ],
  })
  const { body } = await patch({
    attendees: [{ email: 'x@example.com' }, { email: 'r@example.com' }, { email: 'n@example.com' }],
  })
  expect(body['attendees']).toEqual([
    { email: 'x@example.com', responseStatus: 'accepted' },
    { email: 'r@example.com', resource: true, responseStatus: 'needsAction' },
    { email: 'n@example.com', responseStatus: 'needsAction' },
  ])
})

test.each([
  [{}, 'required', 'Missing attendee email.'],
  [{ email: '' }, 'required', 'Missing attendee email.'],
  [{ email: 'nobody' }, 'invalid', 'Invalid attendee email.'],
  [{ email: 'x@example.com', responseStatus: 'maybe' }, 'invalid', 'Invalid attendee response status.'],
])('the guest %j is refused', async (guest, reason, message) => {
  const refused = await insert({ attendees: [guest] })
  expect([reasonOf(refused), messageOf(refused)]).toEqual([reason, message])
})

test('a list of guests that is told to be partial changes the own answer alone', async () => {
  await insert({ attendees: [{ email: 'x@example.com' }, { email }] })
  const { body } = await patch({ attendeesOmitted: true, attendees: [{ email, responseStatus: 'declined' }] })
  expect(list(body['attendees']).map((guest) => [guest['email'], guest['responseStatus']])).toEqual([
    ['x@example.com', 'needsAction'],
    [email, 'declined'],
  ])
})

test('reminders are drawn into their limits, the same one comes once, and other ways fall away', async () => {
  const overrides = [
    { method: 'popup', minutes: 50_000 },
    { method: 'email', minutes: -5 },
    { method: 'email', minutes: 0 },
    { method: 'sms', minutes: 10 },
  ]
  const { body } = await insert({ reminders: { useDefault: false, overrides } })
  expect(body['reminders']).toEqual({
    useDefault: false,
    overrides: [
      { method: 'popup', minutes: 40_320 },
      { method: 'email', minutes: 0 },
    ],
  })
  await played.control('POST', 'switches', { 'google.reminderOutOfRange': 'refused' })
  expect(refusal(await patch({ reminders: { overrides: [{ method: 'popup', minutes: 40_321 }] } }))).toEqual([
    400,
    'invalid',
  ])
})

test.each([
  [
    { useDefault: true, overrides: [{ method: 'popup', minutes: 5 }] },
    'cannotUseDefaultRemindersAndSpecifyOverride',
  ],
  [
    {
      useDefault: false,
      overrides: Array.from({ length: 6 }, (_, minutes) => ({ method: 'popup', minutes })),
    },
    'eventRemindersCountExceedsLimit',
  ],
  [{ useDefault: false, overrides: [{ method: 'popup' }] }, 'required'],
])('reminders %j are refused', async (reminders, reason) => {
  expect(refusal(await insert({ reminders }))).toEqual([400, reason])
})

test('properties with long names are dropped, long values cut, and too many refused', async () => {
  const { body } = await insert({
    extendedProperties: { private: { ['n'.repeat(44)]: 'v'.repeat(1030), ['m'.repeat(45)]: 'x' } },
  })
  expect(body['extendedProperties']).toEqual({ private: { ['n'.repeat(44)]: 'v'.repeat(1024) } })
  const many = (count: number): Json =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, 'x']))
  expect((await patch({ extendedProperties: { private: many(150), shared: many(149) } })).status).toBe(200)
  expect((await patch({ extendedProperties: { private: many(150), shared: many(151) } })).status).toBe(400)
  const large = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`p${index}`, 'x'.repeat(1000)]))
  expect((await patch({ extendedProperties: { shared: large } })).status).toBe(400)
})

const request = { createRequest: { requestId: 'r1', conferenceSolutionKey: { type: 'hangoutsMeet' } } }

test('a conference is made when it is asked for by version 1, once for each name of the request', async () => {
  await insert({ conferenceData: request })
  expect(await read()).not.toHaveProperty('conferenceData')
  const made = await patch({ conferenceData: request }, '?conferenceDataVersion=1')
  expect(made.body).toMatchObject({
    hangoutLink: expect.stringMatching(/^https:\/\/meet\.google\.com\/[a-z]{3}-[a-z]{4}-[a-z]{3}$/),
    conferenceData: {
      createRequest: { requestId: 'r1', status: { statusCode: 'success' } },
      entryPoints: [{ entryPointType: 'video', uri: made.body['hangoutLink'] }],
      conferenceSolution: { key: { type: 'hangoutsMeet' } },
    },
  })
  const again = await patch({ conferenceData: request }, '?conferenceDataVersion=1')
  expect(again.body['hangoutLink']).toBe(made.body['hangoutLink'])
  const other = { createRequest: { ...request.createRequest, requestId: 'r2' } }
  const anew = await patch({ conferenceData: other }, '?conferenceDataVersion=1')
  expect(anew.body['hangoutLink']).not.toBe(made.body['hangoutLink'])
})

test('a conference is kept by writes of version 0 and cleared by null in version 1', async () => {
  await insert({ conferenceData: request }, '?conferenceDataVersion=1')
  const { hangoutLink } = await read()
  expect((await put(timed('b', 10))).body['hangoutLink']).toBe(hangoutLink)
  expect((await patch({ conferenceData: null })).body['hangoutLink']).toBe(hangoutLink)
  const cleared = await patch({ conferenceData: null }, '?conferenceDataVersion=1')
  expect(cleared.body).not.toHaveProperty('hangoutLink')
  expect(cleared.body).not.toHaveProperty('conferenceData')
})

test('the conference of another company is kept as it came', async () => {
  const conferenceData = {
    conferenceSolution: { key: { type: 'addOn' }, name: 'Other' },
    conferenceId: '42',
    entryPoints: [{ entryPointType: 'video', uri: 'https://example.com/42', pin: '1' }],
    notes: 'x',
  }
  const { body } = await insert({ conferenceData }, '?conferenceDataVersion=1')
  expect(body['conferenceData']).toEqual(conferenceData)
  expect(body).not.toHaveProperty('hangoutLink')
})

test('a conference of a kind the calendar has not is refused, and so is another version', async () => {
  const conferenceData = {
    createRequest: { requestId: 'r', conferenceSolutionKey: { type: 'eventNamedHangout' } },
  }
  expect(messageOf(await insert({ conferenceData }, '?conferenceDataVersion=1'))).toBe(
    'Invalid conference type value.',
  )
  expect(refusal(await insert({}, '?conferenceDataVersion=2'))).toEqual([400, 'invalidParameter'])
})

test('attachments are kept when they are supported, stay when not, and are limited', async () => {
  const attachments = [{ fileUrl: 'https://drive.google.com/open?id=1', title: 'Plan' }]
  await insert({ attachments })
  expect(await read()).not.toHaveProperty('attachments')
  expect((await patch({ attachments }, '?supportsAttachments=true')).body['attachments']).toEqual(attachments)
  expect((await put(timed('b', 9))).body['attachments']).toEqual(attachments)
  expect((await put(timed('c', 9), '?supportsAttachments=true')).body).not.toHaveProperty('attachments')
  const many = Array.from({ length: 26 }, () => attachments[0])
  expect((await patch({ attachments: many }, '?supportsAttachments=true')).status).toBe(400)
  expect(refusal(await patch({ attachments: [{ title: 'x' }] }, '?supportsAttachments=true'))).toEqual([
    400,
    'required',
  ])
})

test.each([
  'sendUpdates=some',
  'sendNotifications=1',
  'supportsAttachments=maybe',
  'maxAttendees=0',
  'conferenceDataVersion=x',
])('a write with %s is refused and not done', async (query) => {
  expect(refusal(await insert({}, `?${query}`))).toEqual([400, 'invalidParameter'])
  expect((await google('GET', `${events}/event`)).status).toBe(404)
})

test('an instance keeps its visibility unless it is stricter than that of its series, which then follows', async () => {
  await google('POST', events, series('serie', 'RRULE:FREQ=DAILY;COUNT=3'))
  const instance = `${events}/serie_20260306T080000Z`
  expect((await google('PATCH', instance, { visibility: 'public' })).body).not.toHaveProperty('visibility')
  expect((await google('PATCH', instance, { visibility: 'private' })).body['visibility']).toBe('private')
  expect((await google('GET', `${events}/serie`)).body['visibility']).toBe('private')
})

test('an empty body of a write is an empty event', async () => {
  expect(refusal(await google('POST', events))).toEqual([400, 'required'])
  await insert({})
  expect((await google('PATCH', `${events}/event`)).status).toBe(200)
})

test('quickAdd is not played and says so', async () => {
  const refused = await google('POST', `${events}/quickAdd?text=Lunch`)
  expect([...refusal(refused), messageOf(refused)]).toEqual([
    501,
    'notImplemented',
    'The sandbox does not play events.quickAdd.',
  ])
})

import { expect, test } from 'vitest'
import { events, mailboxHere, marker, pathOf } from './graph-mailbox.ts'
import { codeOf, meeting, playHere, type Json } from './played.ts'

const played = playHere()
const { graph, create, patch, refusal, switched } = mailboxHere(played)

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

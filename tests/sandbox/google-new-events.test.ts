import { expect, test } from 'vitest'
import { events, messageOf, refusal } from './google-made.ts'
import { eventHere } from './google-written.ts'
import { playHere, timed } from './played.ts'

const played = playHere()
const { google, me, insert, put, read } = eventHere(played, 'new-e')

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
    creator: { email: me.email, self: true },
    organizer: { email: me.email, self: true },
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

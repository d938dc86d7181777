import { expect, test } from 'vitest'
import { messageOf, refusal } from './google-made.ts'
import { eventHere } from './google-written.ts'
import { list, playHere, reasonOf, timed, type Json } from './played.ts'

const played = playHere()
const { me, insert, patch, put, read } = eventHere(played, 'event')

test('guests are kept in lower case, once each, without names that only repeat the address', async () => {
  const { body } = await insert({
    attendees: [
      { email: 'X@Example.com', displayName: 'x@example.com', self: true, organizer: true, id: '1' },
      { email: 'y@example.com', displayName: 'Y', optional: true, comment: 'late', additionalGuests: 2 },
      { email: 'Y@example.com', displayName: 'Y', responseStatus: 'tentative' },
      { email: 'room@example.com', resource: true, responseStatus: 'accepted' },
      { email: me.email.toUpperCase(), responseStatus: 'accepted' },
    ],
  })
  expect(body['attendees']).toEqual([
    { email: 'x@example.com', responseStatus: 'needsAction' },
    { email: 'y@example.com', displayName: 'Y', responseStatus: 'tentative' },
    { email: 'room@example.com', resource: true, responseStatus: 'accepted' },
    { email: me.email, organizer: true, self: true, responseStatus: 'accepted' },
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
  await insert({ attendees: [{ email: 'x@example.com' }, { email: me.email }] })
  const { body } = await patch({
    attendeesOmitted: true,
    attendees: [{ email: me.email, responseStatus: 'declined' }],
  })
  expect(list(body['attendees']).map((guest) => [guest['email'], guest['responseStatus']])).toEqual([
    ['x@example.com', 'needsAction'],
    [me.email, 'declined'],
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

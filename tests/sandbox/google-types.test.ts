import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { accountsOf, events, messageOf } from './google-made.ts'
import { list, play, reasonOf, timed, type Answer, type Call, type Json, type Played } from './played.ts'

let played: Played
let google: Call
let email: string
const newAccount = accountsOf(() => played, 'types')

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  const account = await newAccount()
  google = account.call
  email = account.email
})

const refusal = (answer: Answer): unknown[] => [answer.status, reasonOf(answer)]
const day = { start: { date: '2026-03-05' }, end: { date: '2026-03-06' } }

const away = {
  ...timed('Away', 9),
  eventType: 'outOfOffice',
  outOfOfficeProperties: { autoDeclineMode: 'declineNone' },
}
const focus = {
  ...timed('Focus', 9),
  eventType: 'focusTime',
  focusTimeProperties: { chatStatus: 'doNotDisturb' },
}
const open = { visibility: 'public', transparency: 'transparent' }
const office = {
  ...day,
  ...open,
  eventType: 'workingLocation',
  workingLocationProperties: { type: 'homeOffice', homeOffice: {} },
}
const birthday = {
  ...day,
  summary: 'Ada',
  eventType: 'birthday',
  visibility: 'private',
  transparency: 'transparent',
  recurrence: ['RRULE:FREQ=YEARLY'],
}
const leapDay = { start: { date: '2024-02-29' }, end: { date: '2024-03-01' } }
const lastOfFebruary = ['RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1']

test.each([
  ['out of office', away],
  ['focus time', focus],
  ['a working location', office],
  ['a timed working location', { ...office, ...timed('x', 9) }],
  ['a birthday', birthday],
  ['a birthday on 29 February', { ...birthday, ...leapDay, recurrence: lastOfFebruary }],
])('%s can be made on the primary calendar', async (_case, body: Json) => {
  const made = await google('POST', events, body)
  expect([made.status, made.body['eventType']]).toEqual([200, body['eventType']])
})

const outOfOffice = 'malformedOutOfOfficeEvent'
const workingLocation = 'malformedWorkingLocationEvent'

test.each([
  [
    'out of office all day',
    { ...away, ...day },
    outOfOffice,
    'An out of office event must not be an all-day event.',
  ],
  [
    'out of office with a description',
    { ...away, description: 'x' },
    outOfOffice,
    'An out of office event must not have a description.',
  ],
  ['out of office with guests', { ...away, attendees: [{ email: 'x@example.com' }] }, outOfOffice, /guests/],
  ['out of office that is free', { ...away, transparency: 'transparent' }, outOfOffice, /opaque/],
  [
    'out of office without its properties',
    { ...away, outOfOfficeProperties: null },
    outOfOffice,
    /properties/,
  ],
  ['focus time all day', { ...focus, ...day }, 'malformedFocusTimeEvent', /all-day/],
  [
    'focus time without its properties',
    { ...focus, focusTimeProperties: null },
    'malformedFocusTimeEvent',
    /properties/,
  ],
  [
    'a working location that is busy',
    { ...office, transparency: 'opaque' },
    workingLocation,
    'A working location event must have a transparency setting of transparent.',
  ],
  [
    'a working location that is not public',
    { ...office, visibility: 'default' },
    workingLocation,
    'A working location event must have a visibility setting of public.',
  ],
  [
    'a working location of two days',
    { ...office, end: { date: '2026-03-07' } },
    workingLocation,
    'An all-day working location event must be exactly one day long.',
  ],
  [
    'a working location without a type',
    { ...office, workingLocationProperties: {} },
    workingLocation,
    /type/,
  ],
  [
    'a timed birthday',
    { ...birthday, ...timed('x', 9), recurrence: null },
    'malformedBirthdayEvent',
    /one day/,
  ],
  ['a birthday that is public', { ...birthday, visibility: 'public' }, 'malformedBirthdayEvent', /private/],
  [
    'a birthday by the month',
    { ...birthday, recurrence: ['RRULE:FREQ=MONTHLY'] },
    'malformedBirthdayEvent',
    /RRULE:FREQ=YEARLY/,
  ],
  ['a birthday once', { ...birthday, recurrence: null }, 'malformedBirthdayEvent', /recur/],
  [
    'a birthday on 29 February in leap years',
    { ...birthday, ...leapDay },
    'malformedBirthdayEvent',
    /BYMONTHDAY=-1/,
  ],
  ['an event from Gmail', { ...timed('x', 9), eventType: 'fromGmail' }, 'eventTypeRestriction', /Gmail/],
])('%s is refused', async (_case, body, reason, message) => {
  const refused = await google('POST', events, body)
  expect(refusal(refused)).toEqual([400, reason])
  expect(messageOf(refused)).toEqual(expect.stringMatching(message))
})

test.each([away, focus, office])('%s is of the primary calendar alone', async (body) => {
  await played.control('POST', 'accounts', { vendor: 'google', email, calendars: ['Second'] })
  const { body: calendars } = await google('GET', '/calendar/v3/users/me/calendarList')
  const second = list(calendars['items']).find(({ summary }) => summary === 'Second')
  const path = `/calendar/v3/calendars/${encodeURIComponent(String(second?.['id']))}/events`
  expect((await google('POST', path, body)).status).toBe(400)
})

test.each(['PATCH', 'PUT'])('%s cannot change the type of an event', async (method) => {
  const { body } = await google('POST', events, timed('x', 9))
  const refused = await google(method, `${events}/${String(body['id'])}`, { ...timed('x', 9), ...focus })
  expect(refusal(refused)).toEqual([400, 'eventTypeRestriction'])
  expect(
    (await google(method, `${events}/${String(body['id'])}`, { ...timed('x', 9), eventType: 'default' }))
      .status,
  ).toBe(200)
})

test('of a birthday its name, day, colour and reminders change and nothing else', async () => {
  const { body } = await google('POST', events, birthday)
  const path = `${events}/${String(body['id'])}`
  const moved = { start: { date: '2026-03-10' }, end: { date: '2026-03-11' } }
  expect(
    (
      await google('PATCH', path, {
        summary: 'Grace',
        colorId: '2',
        reminders: { useDefault: false },
        ...moved,
      })
    ).status,
  ).toBe(200)
  for (const change of [{ description: 'x' }, { location: 'x' }, { attendees: [{ email: 'x@example.com' }] }])
    expect(refusal(await google('PATCH', path, change))).toEqual([400, 'eventTypeRestriction'])
})

test('of an event from Gmail what is the owner’s own changes and nothing else', async () => {
  const resource = { ...timed('Flight', 9), id: 'flight', eventType: 'fromGmail' }
  await played.control('POST', `accounts/${email}/received`, { vendor: 'google', resource })
  const { body } = await google('GET', `${events}?eventTypes=fromGmail`)
  expect(list(body['items'])).toMatchObject([{ id: 'flight', eventType: 'fromGmail', summary: 'Flight' }])
  const own = {
    colorId: '2',
    reminders: { useDefault: false },
    visibility: 'private',
    transparency: 'transparent',
    attendees: [{ email: 'x@example.com' }],
    extendedProperties: { private: { a: '1' } },
  }
  expect((await google('PATCH', `${events}/flight`, own)).body).toMatchObject({
    colorId: '2',
    visibility: 'private',
  })
  for (const change of [{ summary: 'x' }, { location: 'x' }, { end: { dateTime: '2026-03-05T12:00:00Z' } }])
    expect(refusal(await google('PATCH', `${events}/flight`, change))).toEqual([400, 'eventTypeRestriction'])
  expect((await google('PATCH', `${events}/flight`, { status: 'cancelled' })).body['status']).toBe(
    'cancelled',
  )
})

test.each([away, focus, office, birthday])('%s can be neither moved nor imported', async (body) => {
  const made = await google('POST', events, body)
  await played.control('POST', 'accounts', { vendor: 'google', email, calendars: ['Second'] })
  const { body: calendars } = await google('GET', '/calendar/v3/users/me/calendarList')
  const second = String(list(calendars['items']).find(({ summary }) => summary === 'Second')?.['id'])
  const moved = await google(
    'POST',
    `${events}/${String(made.body['id'])}/move?destination=${encodeURIComponent(second)}`,
  )
  expect(refusal(moved)).toEqual([400, 'eventTypeRestriction'])
  const imported = await google('POST', `${events}/import`, { ...body, iCalUID: 'x@example.com' })
  expect(refusal(imported)).toEqual([400, 'eventTypeRestriction'])
})

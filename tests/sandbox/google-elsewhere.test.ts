import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { accountsOf, at, events, idsOf, itemsOf, messageOf, series } from './google-made.ts'
import { list, play, reasonOf, timed, type Answer, type Call, type Json, type Played } from './played.ts'

let played: Played
let google: Call
let email: string
let second: string
const newAccount = accountsOf(() => played, 'elsewhere')

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('DELETE', 'switches')
  const account = await newAccount()
  google = account.call
  email = account.email
  await played.control('POST', 'accounts', { vendor: 'google', email, calendars: ['Second'] })
  const { body } = await google('GET', '/calendar/v3/users/me/calendarList')
  second = String(list(body['items']).find(({ summary }) => summary === 'Second')?.['id'])
})

const there = (): string => `/calendar/v3/calendars/${encodeURIComponent(second)}/events`
const move = (id: string, from = events, to = second): Promise<Answer> =>
  google('POST', `${from}/${id}/move?destination=${encodeURIComponent(to)}`)
const importOf = (more: Json): Promise<Answer> =>
  google('POST', `${events}/import`, { ...timed('Theirs', 9), iCalUID: 'uid@example.org', ...more })
const refusal = (answer: Answer): unknown[] => [answer.status, reasonOf(answer)]

test('a moved event is the same one in its new calendar, which is now its organizer', async () => {
  const { body: made } = await google('POST', events, { ...timed('Retro', 9), id: 'moved', colorId: '3' })
  const { status, body } = await move('moved')
  expect([status, body]).toMatchObject([
    200,
    {
      id: 'moved',
      iCalUID: made['iCalUID'],
      summary: 'Retro',
      colorId: '3',
      organizer: { email: second, displayName: 'Second', self: true },
    },
  ])
  expect((await google('GET', `${there()}/moved`)).body).toEqual(body)
})

test('nothing of a moved event stays where it was but its id', async () => {
  await google('POST', events, { ...timed('Retro', 9), id: 'moved', location: 'Here' })
  const before = await google('GET', events)
  await move('moved')
  const changes = itemsOf(
    await google('GET', `${events}?syncToken=${String(before.body['nextSyncToken'])}&showDeleted=true`),
  )
  expect(changes).toMatchObject([{ id: 'moved', status: 'cancelled' }])
  for (const gone of ['summary', 'start', 'location']) expect(changes[0]).not.toHaveProperty(gone)
  expect((await google('DELETE', `${events}/moved`)).status).toBe(410)
})

test('a series moves with its exceptions', async () => {
  await google('POST', events, series('serie', 'RRULE:FREQ=DAILY;COUNT=3'))
  await google('PATCH', `${events}/serie_20260306T080000Z`, { summary: 'Other' })
  await google('DELETE', `${events}/serie_20260307T080000Z`)
  await move('serie')
  const moved = itemsOf(await google('GET', there()))
  expect(moved.map(({ id, status }) => [id, status])).toEqual([
    ['serie', 'confirmed'],
    ['serie_20260306T080000Z', 'confirmed'],
    ['serie_20260307T080000Z', 'cancelled'],
  ])
  expect(idsOf(await google('GET', events))).toEqual([])
})

test('an event moves back to where it came from', async () => {
  await google('POST', events, { ...timed('Retro', 9), id: 'moved' })
  await move('moved')
  await move('moved', there(), 'primary')
  expect((await google('GET', `${events}/moved`)).body).toMatchObject({
    status: 'confirmed',
    organizer: { email, self: true },
  })
  expect((await google('GET', `${there()}/moved`)).body['status']).toBe('cancelled')
})

test('a move to the same calendar changes nothing', async () => {
  const { body } = await google('POST', events, { ...timed('Retro', 9), id: 'still' })
  expect((await move('still', events, email)).body).toEqual(body)
})

test('an instance, somebody else’s meeting and a deleted event cannot be moved', async () => {
  await google('POST', events, series('serie', 'RRULE:FREQ=DAILY;COUNT=3'))
  expect(refusal(await move('serie_20260306T080000Z'))).toEqual([400, 'cannotChangeOrganizerOfInstance'])
  await importOf({ organizer: { email: 'boss@example.org' }, attendees: [{ email }] })
  const [, theirs] = itemsOf(await google('GET', events))
  expect(refusal(await move(String(theirs?.['id'])))).toEqual([400, 'cannotChangeOrganizer'])
  await google('DELETE', `${events}/serie`)
  expect((await move('serie')).status).toBe(400)
})

test('a move needs a destination that the caller may write', async () => {
  await google('POST', events, { ...timed('Retro', 9), id: 'moved' })
  expect(refusal(await google('POST', `${events}/moved/move`))).toEqual([400, 'required'])
  expect(refusal(await move('moved', events, 'nowhere@group.calendar.google.com'))).toEqual([404, 'notFound'])
  expect(refusal(await move('never'))).toEqual([404, 'notFound'])
})

test('an imported meeting keeps its UID and its organizer and is a private copy', async () => {
  const attendees = [{ email, responseStatus: 'accepted' }, { email: 'x@example.org' }]
  const { status, body } = await importOf({
    organizer: { email: 'Boss@Example.org', displayName: 'Boss' },
    attendees,
  })
  expect([status, body]).toMatchObject([
    200,
    {
      iCalUID: 'uid@example.org',
      organizer: { email: 'boss@example.org', displayName: 'Boss' },
      privateCopy: true,
      attendees: [{ email, self: true, responseStatus: 'accepted' }, { email: 'x@example.org' }],
    },
  ])
})

test('nobody is told of an import, whatever is asked for', async () => {
  const other = await newAccount()
  const attendees = [{ email: other.email }]
  await google('POST', `${events}/import?sendUpdates=all`, {
    ...timed('Own', 9),
    iCalUID: 'own@example.org',
    attendees,
  })
  const { body } = await played.control('GET', `mail?account=${email}`)
  expect([list(body['items']), idsOf(await other.call('GET', events))]).toEqual([[], []])
})

test.each([
  ['no iCalUID', { iCalUID: null }, 'required'],
  ['an id', { id: 'own00' }, 'invalid'],
  [
    'neither organizer nor guest',
    { organizer: { email: 'boss@example.org' } },
    'participantIsNeitherOrganizerNorAttendee',
  ],
  ['no times', { start: null }, 'required'],
])('an import with %s is refused', async (_case, more, reason) => {
  expect(refusal(await importOf(more))).toEqual([400, reason])
})

test('a second import of a UID replaces the event, or is refused, as switched', async () => {
  const first = await importOf({ location: 'Here' })
  const again = await importOf({ summary: 'Changed' })
  expect([again.body['id'], again.body['summary']]).toEqual([first.body['id'], 'Changed'])
  expect(again.body).not.toHaveProperty('location')
  await played.control('POST', 'switches', { 'google.importOfKnownUid': 409 })
  expect(refusal(await importOf({}))).toEqual([409, 'duplicate'])
})

test('an import brings a deleted event back', async () => {
  const { body } = await importOf({})
  await google('DELETE', `${events}/${String(body['id'])}`)
  expect((await importOf({})).body).toMatchObject({ id: body['id'], status: 'confirmed' })
})

test('an import with an original start is an exception of the series that has its UID', async () => {
  const times = { start: at('2026-03-05T09:00:00'), end: at('2026-03-05T10:00:00') }
  const { body } = await importOf({ ...times, recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] })
  const original = { originalStartTime: at('2026-03-06T09:00:00'), ...timed('Other', 15) }
  const exception = await importOf(original)
  expect(exception.body).toMatchObject({
    id: `${String(body['id'])}_20260306T080000Z`,
    recurringEventId: body['id'],
    summary: 'Other',
  })
  expect(refusal(await importOf({ ...original, originalStartTime: at('2026-03-20T09:00:00') }))).toEqual([
    400,
    'invalid',
  ])
  const stranger = await importOf({ ...original, iCalUID: 'other@example.org' })
  expect([...refusal(stranger), messageOf(stranger)]).toEqual([400, 'invalid', 'Invalid iCalUID value.'])
})

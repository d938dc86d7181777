import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { object, play, reasonOf, timed, type Call, type Json, type Played } from './played.ts'

const path = '/calendar/v3/freeBusy'
const events = '/calendar/v3/calendars/primary/events'
const day = { timeMin: '2026-03-05T00:00:00+01:00', timeMax: '2026-03-06T00:00:00+01:00' }
let played: Played
let ada: Call
let grace: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  ada = await played.account('google', 'ada@example.com')
  grace = await played.account('google', 'grace@example.com')
})

async function ask(call: Call, ids: string[], more: Json = {}): Promise<Record<string, Json>> {
  const { body } = await call('POST', path, { ...day, items: ids.map((id) => ({ id })), ...more })
  const entries = Object.entries(object(body['calendars']))
  return Object.fromEntries(entries.map(([id, calendar]) => [id, object(calendar)]))
}

const share = () =>
  ada('POST', '/calendar/v3/calendars/primary/acl', {
    role: 'freeBusyReader',
    scope: { type: 'user', value: 'grace@example.com' },
  })

test('spans that meet or overlap are one, in UTC unless another zone is asked for', async () => {
  for (const hour of [9, 10, 14]) await ada('POST', events, timed('x', hour))
  const { primary } = await ask(ada, ['primary'])
  expect(primary).toEqual({
    busy: [
      { start: '2026-03-05T08:00:00Z', end: '2026-03-05T10:00:00Z' },
      { start: '2026-03-05T13:00:00Z', end: '2026-03-05T14:00:00Z' },
    ],
  })
  const zoned = await ask(ada, ['primary'], { timeZone: 'Europe/Berlin' })
  expect(zoned['primary']).toMatchObject({ busy: [{ start: '2026-03-05T09:00:00+01:00' }, {}] })
})

test('what is free, cancelled, declined or outside takes no time, and an event is cut to the query', async () => {
  await ada('POST', events, { ...timed('free', 9), transparency: 'transparent' })
  const { body } = await ada('POST', events, timed('cancelled', 10))
  await ada('DELETE', `${events}/${String(body['id'])}`)
  const attendees = [{ email: 'ada@example.com', self: true, responseStatus: 'declined' }]
  await ada('POST', events, { ...timed('declined', 11), attendees })
  await ada('POST', events, {
    summary: 'all day',
    start: { date: '2026-03-04' },
    end: { date: '2026-03-05' },
  })
  await ada('POST', events, {
    summary: 'night',
    start: { dateTime: '2026-03-05T22:00:00+01:00' },
    end: { dateTime: '2026-03-06T02:00:00+01:00' },
  })
  expect((await ask(ada, ['primary']))['primary']).toEqual({
    busy: [{ start: '2026-03-05T21:00:00Z', end: '2026-03-05T23:00:00Z' }],
  })
})

test('each occurrence takes its time, and a moved one its new time', async () => {
  const at = (hour: string) => ({ dateTime: `2026-03-05T${hour}:00:00`, timeZone: 'Europe/Berlin' })
  const recurrence = ['RRULE:FREQ=DAILY;COUNT=3']
  await ada('POST', events, { id: 'serie', start: at('09'), end: at('10'), recurrence })
  const moved = { dateTime: '2026-03-06T15:00:00+01:00' }
  const until = { dateTime: '2026-03-06T16:00:00+01:00' }
  await ada('PATCH', `${events}/serie_20260306T080000Z`, { start: moved, end: until })
  await ada('DELETE', `${events}/serie_20260307T080000Z`)
  expect((await ask(ada, ['primary'], { timeMax: '2026-03-09T00:00:00Z' }))['primary']).toEqual({
    busy: [
      { start: '2026-03-05T08:00:00Z', end: '2026-03-05T09:00:00Z' },
      { start: '2026-03-06T14:00:00Z', end: '2026-03-06T15:00:00Z' },
    ],
  })
})

test('another’s time is told to who may see it, and others learn nothing, not even that there is a calendar', async () => {
  await ada('POST', events, timed('secret', 9))
  const stranger = await ask(grace, ['ada@example.com', 'nobody@example.com'])
  const unknown = { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] }
  expect(stranger).toEqual({ 'ada@example.com': unknown, 'nobody@example.com': unknown })
  await share()
  expect((await ask(grace, ['ada@example.com']))['ada@example.com']).toEqual({
    busy: [{ start: '2026-03-05T08:00:00Z', end: '2026-03-05T09:00:00Z' }],
  })
})

test('a group stands for its members, and one too big for the query for nobody', async () => {
  const members = ['ada@example.com', 'grace@example.com']
  await played.control('POST', 'groups', { email: 'all@example.com', members })
  await share()
  const { body } = await grace('POST', path, { ...day, items: [{ id: 'all@example.com' }] })
  expect(body).toMatchObject({
    kind: 'calendar#freeBusy',
    groups: { 'all@example.com': { calendars: members } },
    calendars: { 'ada@example.com': { busy: [] }, 'grace@example.com': { busy: [] } },
  })
  const small = { ...day, groupExpansionMax: 1, items: [{ id: 'all@example.com' }] }
  expect((await grace('POST', path, small)).body).toMatchObject({
    groups: { 'all@example.com': { errors: [{ reason: 'groupTooBig' }] } },
    calendars: {},
  })
})

test('fifty calendars are answered and each further one has an error', async () => {
  const ids = Array.from({ length: 51 }, (_, index) => `person${index}@example.com`)
  const answer = await ask(ada, ids)
  const reasons = ids.map((id) => JSON.stringify(answer[id]?.['errors']))
  expect(reasons.filter((text) => text.includes('notFound'))).toHaveLength(50)
  expect(answer['person50@example.com']).toMatchObject({ errors: [{ reason: 'tooManyCalendarsRequested' }] })
})

test.each([
  [{ timeMin: day.timeMin }, 'required'],
  [{ ...day, timeMax: day.timeMin }, 'timeRangeEmpty'],
  [{ ...day, timeMin: 'yesterday' }, 'invalid'],
  [{ ...day, timeZone: 'Moon/Crater' }, 'invalid'],
  [{ ...day, items: ['primary'] }, 'invalid'],
  [{ ...day, calendarExpansionMax: 51 }, 'invalid'],
  [[], 'invalid'],
])('%j is no free/busy query', async (body, reason) => {
  const refused = await ada('POST', path, body)
  expect([refused.status, reasonOf(refused)]).toEqual([400, reason])
})

import {
  anything,
  array,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  integer,
  jsonValue,
  oneof,
  record,
  string,
  tuple,
  type Arbitrary,
  type MaybeWeightedArbitrary,
} from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { list, meeting, object, play, type Answer, type Call, type Json, type Played } from './played.ts'

let played: Played
let graph: Call
let ids: string[] = []

beforeAll(async () => {
  played = await play()
  graph = await played.account('microsoft', 'grace@example.com')
  await played.account('microsoft', 'ada@example.com')
  const recurrence = {
    pattern: { type: 'daily', interval: 1 },
    range: { type: 'noEnd', startDate: '2026-03-05' },
  }
  const { body } = await graph('POST', '/v1.0/me/events', meeting('Series', 9, { recurrence }))
  const window = 'startDateTime=2026-03-05T00:00:00Z&endDateTime=2026-03-09T00:00:00Z'
  const instances = await graph('GET', `/v1.0/me/events/${String(body['id'])}/instances?${window}`)
  ids = [String(body['id']), ...list(instances.body['value']).map(({ id }) => String(id))]
})
afterAll(() => played.close())

/** Never a fault of the sandbox itself, and every refusal in Graph's shape. */
function check(answer: Answer): void {
  const isFault = answer.status >= 500 && answer.status !== 501
  expect(isFault ? answer : undefined).toBeUndefined()
  if (answer.status < 400) return
  const error = object(answer.body['error'])
  expect(error['code']).toEqual(expect.any(String))
  expect(error['message']).toEqual(expect.any(String))
  const inner = object(error['innerError'])
  expect(inner['date']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
  expect(inner['request-id']).toBe(answer.headers.get('request-id'))
  expect(inner['client-request-id']).toEqual(expect.any(String))
}

const word = oneof(
  string(),
  constantFrom(
    '',
    'UTC',
    'Europe/Berlin',
    'text',
    'html',
    'true',
    '0001-01-01',
    '9999-12-31',
    '__proto__',
    'constructor',
  ),
)
const odd = oneof(jsonValue(), word, integer(), constant(null))
/** Right more often than not. */
const mostly = <T>(right: Arbitrary<T>) =>
  oneof<MaybeWeightedArbitrary<unknown>[]>({ arbitrary: right, weight: 5 }, { arbitrary: odd, weight: 1 })
const some = <T extends Record<string, unknown>>(members: { [K in keyof T]: Arbitrary<T[K]> }) =>
  record(members, { requiredKeys: [] })

const dateTime = mostly(
  constantFrom(
    '2026-03-05T09:00:00',
    '2026-03-05T09:30:00Z',
    '2026-03-05T00:00:00',
    '2026-03-06T00:00:00',
    '0001-01-01T00:00:00',
    '9999-12-31T23:59:59',
    '2026-03-29T02:30:00',
    '2026-13-01T00:00:00',
    '2026-03-05T25:00',
    '1601-01-01T00:00:00',
    '4500-08-31T00:00:00',
    '2026-03-05T10:00:00.1234567',
  ),
)
const zone = mostly(constantFrom('UTC', 'Europe/Berlin', 'Tokyo Standard Time', 'America/Sao_Paulo'))
const time = mostly(some({ dateTime, timeZone: zone }))
const days = mostly(constantFrom('monday', 'friday', 'Sunday', 'someday'))
const small = (least: number, most: number) => mostly(integer({ min: least, max: most }))
const pattern = some({
  type: mostly(
    constantFrom('daily', 'weekly', 'absoluteMonthly', 'relativeMonthly', 'absoluteYearly', 'relativeYearly'),
  ),
  interval: small(0, 5),
  month: small(0, 13),
  dayOfMonth: small(0, 32),
  daysOfWeek: mostly(array(days, { maxLength: 3 })),
  firstDayOfWeek: days,
  index: mostly(constantFrom('first', 'last', 'fifth')),
})
const range = some({
  type: mostly(constantFrom('noEnd', 'endDate', 'numbered')),
  startDate: mostly(constantFrom('2026-03-05', '2026-02-30', '0001-01-01')),
  endDate: mostly(constantFrom('2026-04-05', '2026-03-01', '9999-12-31')),
  numberOfOccurrences: small(0, 1000),
  recurrenceTimeZone: zone,
})
const address = mostly(constantFrom('ada@example.com', 'grace@example.com', 'kim@elsewhere.example'))
const attendee = some({
  emailAddress: some({ address, name: word }),
  type: mostly(constantFrom('required', 'optional')),
})
const marker = mostly(constantFrom('String {00020329-0000-0000-C000-000000000046} Name Marker'))
const flag = mostly(constantFrom(true, false))
const members: Record<string, Arbitrary<unknown>> = {
  subject: mostly(string()),
  body: mostly(
    some({ contentType: mostly(constantFrom('text', 'HTML')), content: mostly(string({ maxLength: 80 })) }),
  ),
  start: time,
  end: time,
  isAllDay: flag,
  recurrence: mostly(some({ pattern, range })),
  attendees: mostly(array(attendee, { maxLength: 3 })),
  location: mostly(some({ displayName: mostly(string()), address: odd, coordinates: odd })),
  locations: mostly(array(some({ displayName: string() }), { maxLength: 3 })),
  categories: mostly(array(word, { maxLength: 3 })),
  showAs: mostly(constantFrom('free', 'busy', 'away')),
  isOnlineMeeting: flag,
  onlineMeetingProvider: mostly(constantFrom('teamsForBusiness', 'unknown')),
  reminderMinutesBeforeStart: small(-1, 60),
  transactionId: mostly(string()),
  singleValueExtendedProperties: mostly(
    array(some({ id: marker, value: mostly(string()) }), { maxLength: 2 }),
  ),
  multiValueExtendedProperties: mostly(
    array(some({ id: marker, value: mostly(array(string())) }), { maxLength: 2 }),
  ),
  extensions: mostly(array(some({ extensionName: mostly(word), colour: odd }), { maxLength: 2 })),
  attachments: mostly(constant([])),
  unknown: odd,
}
const event = some<Record<string, unknown>>(members)
const other = some({
  comment: mostly(string()),
  sendResponse: flag,
  proposedNewTime: mostly(some({ start: time, end: time })),
  extensionName: mostly(word),
  colour: odd,
})

/** A right event with a few members that may be wrong. */
const plausible = array(constantFrom(...Object.keys(members)), { maxLength: 3 })
  .chain((names) => record(Object.fromEntries(names.map((name) => [name, members[name] ?? odd]))))
  .map((wild): Json => ({ ...meeting('x', 9), ...wild }))
const body = oneof(
  { arbitrary: plausible, weight: 6 },
  { arbitrary: other, weight: 2 },
  { arbitrary: event, weight: 1 },
  { arbitrary: anything().map((value) => toJson(value)), weight: 1 },
)

function toJson(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null')
  } catch {
    return null
  }
}

const id = oneof(
  { arbitrary: integer({ min: 0, max: 3 }).map((index) => () => ids[index] ?? ''), weight: 5 },
  { arbitrary: word.map((text) => () => encodeURIComponent(text)), weight: 1 },
)
const action = oneof(
  { arbitrary: constant(''), weight: 5 },
  {
    arbitrary: constantFrom(
      '/instances',
      '/calendar',
      '/attachments',
      '/extensions',
      '/extensions/x',
      '/forward',
    ),
    weight: 1,
  },
  {
    arbitrary: constantFrom(
      '/accept',
      '/decline',
      '/tentativelyAccept',
      '/cancel',
      '/permanentDelete',
      '/nonsense',
    ),
    weight: 1,
  },
)

test('whatever is sent to write an event, Graph’s words come back and never a fault of the sandbox', async () => {
  const method = constantFrom('POST', 'PATCH', 'POST', 'PATCH', 'POST', 'PATCH', 'PUT', 'DELETE')
  const ifMatch = constantFrom(...Array<undefined>(5).fill(undefined), '*', 'W/"x"', 'nonsense,')
  await assert(
    asyncProperty(method, id, action, body, ifMatch, async (method, id, action, body, ifMatch) => {
      // The series itself stays, so that its occurrences can be tried.
      const isDeletion = method === 'DELETE' || /cancel|permanentDelete/.test(action)
      const target = isDeletion ? 'AAMkADnothingAAA=' : id()
      const path =
        method === 'POST' && action === '' ? '/v1.0/me/events' : `/v1.0/me/events/${target}${action}`
      const headers = ifMatch === undefined ? {} : { 'if-match': ifMatch }
      const sent = method === 'DELETE' ? undefined : JSON.stringify(body ?? null)
      check(await graph(method, path, sent, { 'content-type': 'application/json', ...headers }))
    }),
    { numRuns: 600 },
  )
})

test('whatever is asked of events, Graph’s words come back and never a fault of the sandbox', async () => {
  const name = constantFrom(
    '$select',
    '$filter',
    '$orderby',
    '$expand',
    '$top',
    '$skip',
    '$count',
    '$search',
    '$skiptoken',
    'startDateTime',
    'endDateTime',
    'foo',
    '$foo',
  )
  const value = oneof(
    word,
    dateTime,
    constantFrom(
      'subject',
      'start/dateTime desc',
      "subject eq 'x'",
      'id,subject',
      'extensions',
      '-1',
      '5',
      '1e3',
      'instances',

      "singleValueExtendedProperties($filter=id eq 'x')",
      "categories/any(c: c eq 'x')",
      'exceptionOccurrences($select=id)',
    ),
  )
  const query = array(tuple(name, value), { maxLength: 2 })
  const list = constantFrom(
    '/events',
    '/calendarView',
    '/calendar/events',
    '/calendars/x/events',
    '/calendarGroup/calendars/x/events',
  )
  const prefer = constantFrom(
    '',
    'outlook.timezone="x"',
    'outlook.timezone="UTC"',
    'odata.maxpagesize=-1',
    'IdType="ImmutableId"',
    '"',
  )
  await assert(
    asyncProperty(
      oneof(
        list.map((path) => () => path),
        tuple(id, action).map(
          ([id, action]) =>
            () =>
              `/events/${id()}${action}`,
        ),
      ),
      query,
      prefer,
      async (path, query, prefer) => {
        const options = query.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&')
        check(await graph('GET', `/v1.0/me${path()}?${options}`, undefined, prefer === '' ? {} : { prefer }))
      },
    ),
    { numRuns: 600 },
  )
})

test('after all of that the calendar still reads', async () => {
  const window = 'startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-04-01T00:00:00Z'
  for (const path of [`calendarView?${window}&$top=100`, 'events?$top=100', `calendarView/delta?${window}`])
    expect((await graph('GET', `/v1.0/me/${path}`)).status).toBe(200)
})

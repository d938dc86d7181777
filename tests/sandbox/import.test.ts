import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { list, object, play, type Answer, type Call, type Played } from './played.ts'

let played: Played
let google: Call
let graph: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  google = await played.account('google', 'ada@example.com')
  graph = await played.account('microsoft', 'grace@example.com')
})

function calendar(...events: string[]): string {
  const bodies = events.map((event) => `BEGIN:VEVENT\n${event.trim()}\nEND:VEVENT`)
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'X-WR-TIMEZONE:Europe/Vienna', ...bodies, 'END:VCALENDAR'].join(
    '\r\n',
  )
}

const importInto = (email: string, text: string, weeks = 0): Promise<Answer> =>
  played.control('POST', `accounts/${email}/import?shiftWeeks=${weeks}`, text)
const googleItems = async () =>
  list((await google('GET', '/calendar/v3/calendars/primary/events')).body['items'])

const course = `UID:course@example.org
SUMMARY:Course
DTSTART;TZID=Europe/Berlin:20260302T180000
DTEND;TZID=Europe/Berlin:20260302T190000
RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20260420T215959Z
EXDATE;TZID=Europe/Berlin:20260309T180000`
const moved = `UID:course@example.org
SUMMARY:Course, later
RECURRENCE-ID;TZID=Europe/Berlin:20260316T180000
DTSTART;TZID=Europe/Berlin:20260316T200000
DTEND;TZID=Europe/Berlin:20260316T210000`

test('what is broken in one certain way is mended and counted', async () => {
  const holiday = 'UID:h@example.org\nSUMMARY:Holiday\nDTSTART:20260101\nDTEND:20260101\nRRULE:'
  const { status, body } = await importInto('ada@example.com', calendar(holiday))
  expect([status, body]).toEqual([
    200,
    {
      imported: 1,
      series: 0,
      overrides: 0,
      skipped: [],
      mended: { dateWithoutValueDate: 2, emptyRrule: 1, emptyAllDay: 1 },
    },
  ])
  expect(await googleItems()).toMatchObject([
    { summary: 'Holiday', start: { date: '2026-01-01' }, end: { date: '2026-01-02' } },
  ])
})

test('a time keeps its zone, a UTC time stays UTC, and a floating one takes the calendar’s zone', async () => {
  const at = (uid: string, start: string) => `UID:${uid}\nDTSTART${start}\nDURATION:PT1H`
  await importInto(
    'ada@example.com',
    calendar(
      at('a', ';TZID=Asia/Tokyo:20260305T090000'),
      at('b', ':20260305T090000Z'),
      at('c', ':20260305T090000'),
    ),
  )
  expect((await googleItems()).map(({ start }) => object(start)['timeZone'])).toEqual([
    'Asia/Tokyo',
    'UTC',
    'Europe/Vienna',
  ])
})

test('a series keeps its lines and a moved occurrence becomes an exception', async () => {
  const { body } = await importInto('ada@example.com', calendar(moved, course))
  expect(body).toMatchObject({ imported: 2, series: 1, overrides: 1, skipped: [] })
  const [master, exception] = await googleItems()
  expect(master).toMatchObject({ iCalUID: 'course@example.org', recurrence: course.split('\n').slice(4) })
  expect(exception).toMatchObject({
    id: `${String(master?.['id'])}_20260316T170000Z`,
    recurringEventId: master?.['id'],
    originalStartTime: { dateTime: '2026-03-16T18:00:00+01:00' },
    start: { dateTime: '2026-03-16T20:00:00+01:00' },
  })
})

test('whole weeks shift starts, ends of rules, exclusions and exceptions in wall time', async () => {
  await importInto('ada@example.com', calendar(course, moved), 8)
  const [master, exception] = await googleItems()
  expect(master).toMatchObject({
    start: { dateTime: '2026-04-27T18:00:00+02:00' },
    recurrence: [
      'RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20260615T215959Z',
      'EXDATE;TZID=Europe/Berlin:20260504T180000',
    ],
  })
  expect(exception).toMatchObject({ originalStartTime: { dateTime: '2026-05-11T18:00:00+02:00' } })
})

test('an exception of a monthly series follows the occurrence of its number when weeks are shifted', async () => {
  const monthly =
    'UID:m\nDTSTART;TZID=Europe/Berlin:20260117T100000\nDTEND;TZID=Europe/Berlin:20260117T110000\nRRULE:FREQ=MONTHLY;BYDAY=3SA'
  const second =
    'UID:m\nRECURRENCE-ID;TZID=Europe/Berlin:20260221T100000\nDTSTART;TZID=Europe/Berlin:20260221T120000\nDTEND;TZID=Europe/Berlin:20260221T130000'
  const { body } = await importInto('ada@example.com', calendar(monthly, second), 5)
  expect(body).toMatchObject({ imported: 2, skipped: [] })
})

test('a mailbox takes singles and simple series, and refuses with a reason what it has no words for', async () => {
  const odd =
    'UID:odd\nDTSTART;TZID=Europe/Berlin:20260302T080000\nDURATION:PT1H\nRRULE:FREQ=MONTHLY;BYMONTHDAY=1,15'
  const backwards = 'UID:back\nDTSTART:20260302T080000Z\nDTEND:20260302T070000Z'
  const { body } = await importInto('grace@example.com', calendar(course, moved, odd, backwards))
  expect(body).toMatchObject({ imported: 2, series: 1, overrides: 1 })
  expect(list(body['skipped']).map(({ uid }) => uid)).toEqual(['odd', 'back'])
  const window = 'startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-03-31T00:00:00Z'
  const view = await graph('GET', `/v1.0/me/calendarView?${window}&$orderby=start/dateTime`)
  expect(list(view.body['value']).map(({ start }) => object(start)['dateTime'])).toEqual(
    ['02T17', '16T19', '23T17', '30T16'].map((hour) => `2026-03-${hour}:00:00.0000000`),
  )
})

test.each([
  ['a text that is no calendar', 'hello'],
  ['a calendar that is cut off', calendar(course).slice(0, -20)],
])('%s is refused with a sentence and nothing is imported', async (_case, text) => {
  const { status, body } = await importInto('ada@example.com', text)
  expect([status, typeof body['error']]).toEqual([400, 'string'])
  expect(await googleItems()).toEqual([])
})

test('a moved monthly series keeps its number of occurrences and every override, wherever the weeks put it', async () => {
  const club = `UID:club@example.org
SUMMARY:Club
DTSTART;TZID=Europe/Berlin:20181117T110000
DTEND;TZID=Europe/Berlin:20181117T150000
RRULE:FREQ=MONTHLY;UNTIL=20190315T225959Z;BYDAY=3SA`
  const last = `UID:club@example.org
SUMMARY:Club, later
RECURRENCE-ID;TZID=Europe/Berlin:20190216T110000
DTSTART;TZID=Europe/Berlin:20190224T110000
DTEND;TZID=Europe/Berlin:20190224T150000`
  for (const weeks of [438, 439, 440, 441, 442]) {
    await played.control('POST', 'reset')
    google = await played.account('google', 'ada@example.com')
    const { body } = await importInto('ada@example.com', calendar(club, last), weeks)
    expect([weeks, body['imported'], body['overrides'], body['skipped']]).toEqual([weeks, 2, 1, []])
  }
})

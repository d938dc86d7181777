import { dayMs } from './long-series.ts'

/** One event of a calendar, as a file of its own. */
export interface MixedEvent {
  uid: string
  file: string
}

const rules = [
  'FREQ=WEEKLY;COUNT=30',
  'FREQ=DAILY;INTERVAL=2;COUNT=20',
  'FREQ=MONTHLY;COUNT=12',
  'FREQ=YEARLY;COUNT=5',
]
const eventsADay = 32

/**
 * What a busy calendar holds: of every six events two are series, one takes a whole day and three are meetings; every fourth
 * series leaves a day out. They begin from tomorrow on, so that twenty thousand lie in a provider's window.
 */
export function mixedEvents(count: number): MixedEvent[] {
  const first = Math.floor(Date.now() / dayMs + 1) * dayMs
  return Array.from({ length: count }, (_, index) => {
    const uid = `mixed-${index}@bench.example`
    const day = first + Math.floor(index / eventsADay) * dayMs
    const lines = [
      `UID:${uid}`,
      'DTSTAMP:20200101T000000Z',
      ...(index % 6 === 5 ? wholeDay(day) : halfHour(index, day)),
      `SUMMARY:Visit ${index}`,
      'LOCATION:Hall 2',
      'DESCRIPTION:Bring the papers.',
    ]
    return { uid, file: calendarOf([['BEGIN:VEVENT', ...lines, 'END:VEVENT']]) }
  })
}

/** All of them in one file, as people export a calendar. */
export function exported(events: readonly MixedEvent[]): string {
  const component = /BEGIN:VEVENT[^]*END:VEVENT/
  return calendarOf(events.map(({ file }) => component.exec(file)?.[0].split('\r\n') ?? []))
}

function calendarOf(components: string[][]): string {
  const head = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//calendar-sync//bench//EN']
  return [...head, ...components.flat(), 'END:VCALENDAR', ''].join('\r\n')
}

const stamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`

function wholeDay(day: number): string[] {
  return [
    `DTSTART;VALUE=DATE:${stamp(day).slice(0, 8)}`,
    `DTEND;VALUE=DATE:${stamp(day + dayMs).slice(0, 8)}`,
  ]
}

function halfHour(index: number, day: number): string[] {
  const startsAt = day + (8 + (index % 9)) * 3_600_000
  const series = index % 6 < 2 ? Math.floor(index / 3) : null
  return [
    `DTSTART:${stamp(startsAt)}`,
    `DTEND:${stamp(startsAt + 1_800_000)}`,
    ...(series === null ? [] : [`RRULE:${rules[series % rules.length]}`]),
    ...(series !== null && series % rules.length === 1 ? [`EXDATE:${stamp(startsAt + 4 * dayMs)}`] : []),
  ]
}

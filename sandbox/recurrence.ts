import { followRule, type WallSeconds } from './recurrence/follow-rule.ts'
import { parseRule, UnreadableRule } from './recurrence/parse-rule.ts'
import { isDate, isWallTime, wallTimeOf } from './zones.ts'

export interface Series {
  /** Wall time of the first start, or a date for an all-day series. */
  start: string
  zone: string
  /** RRULE, EXRULE, RDATE and EXDATE lines as Google writes them. */
  lines: string[]
  /** A start that its rule does not name is an occurrence all the same, the first of its COUNT. */
  countsStart?: boolean
}

/**
 * The starts of a series in order, as wall times (or dates) of its own zone. With `from`, those before it are left out,
 * and an endless rule is not followed through all the time before. An empty or unreadable rule throws.
 */
export function* occurrencesOf(series: Series, from?: string): Generator<string> {
  const isAllDay = allDay(series)
  const skipTo = from === undefined ? -Infinity : secondsOf(from)
  const { included, excluded } = sourcesOf(series, skipTo)
  const left = new Peekable(excluded)
  let last = -Infinity
  for (const moment of merge(included)) {
    if (moment === last || moment < skipTo) continue
    last = moment
    while ((left.peek() ?? Infinity) < moment) left.take()
    if (left.peek() !== moment) yield textOfSeconds(moment, isAllDay)
  }
}

/** Says whether a set of recurrence lines can be followed at all. */
export function canExpand(series: Series): boolean {
  try {
    return !occurrencesOf(series).next().done
  } catch (error) {
    if (error instanceof UnreadableRule) return false
    throw error
  }
}

/** Says whether a series starts at a wall time (or on a date). */
export function hasOccurrenceAt(series: Series, wall: string): boolean {
  return occurrencesOf(series, wall).next().value === wall
}

function allDay(series: Series): boolean {
  return series.start.length === 10
}

/** What adds occurrences to a series and what takes them away, each in order. */
function sourcesOf(
  series: Series,
  from: WallSeconds,
): { included: Iterable<WallSeconds>[]; excluded: Iterable<WallSeconds> } {
  const start = secondsOf(series.start)
  const included: Iterable<WallSeconds>[] = []
  const excluded: Iterable<WallSeconds>[] = []
  const single: WallSeconds[] = []
  let hasRule = false
  for (const line of series.lines) {
    const at = line.indexOf(':')
    const name = (line.slice(0, at).split(';')[0] ?? '').toUpperCase()
    const value = line.slice(at + 1)
    if (name === 'RDATE') single.push(...stampsOf(value, series))
    else if (name === 'EXDATE') excluded.push(stampsOf(value, series))
    else if (name === 'EXRULE') excluded.push(momentsOf(value, series, start, from))
    else if (name === 'RRULE') included.push(momentsOf(value, series, start, from))
    else throw new UnreadableRule(`${name} is no part of a series.`)
    hasRule ||= name === 'RRULE'
  }
  // Dates alone come beside the start; a rule has a word in whether the start is one of its own.
  if (!hasRule) single.push(start)
  included.push(single.toSorted((a, b) => a - b))
  return { included, excluded: merge(excluded) }
}

function* momentsOf(
  value: string,
  series: Series,
  start: WallSeconds,
  from: WallSeconds,
): Generator<WallSeconds> {
  const rule = parseRule(value)
  const until = rule.until === null ? Infinity : untilOf(rule.until, series)
  if (series.countsStart !== true) {
    yield* followRule(rule, start, until, from)
    return
  }
  yield start
  const isOwn = followRule({ ...rule, count: null }, start, until, start).next().value === start
  const rest = rule.count === null || isOwn ? rule.count : rule.count - 1
  if (rest !== 0) yield* followRule({ ...rule, count: rest }, start, until, from)
}

function untilOf(until: string, series: Series): WallSeconds {
  // A date alone lets its whole day in.
  if (until.length === 8 && !allDay(series)) return secondsOf(stampWall(until, series)) + 86_399
  return secondsOf(stampWall(until, series))
}

/** The times of an EXDATE or RDATE line; of a period its beginning counts, of a date on a timed series its hour. */
function stampsOf(value: string, series: Series): WallSeconds[] {
  return value
    .split(',')
    .map((stamp) => {
      const [begin = ''] = stamp.trim().split('/')
      const wall = stampWall(begin, series)
      return secondsOf(wall.length === 10 && !allDay(series) ? `${wall}${series.start.slice(10)}` : wall)
    })
    .toSorted((a, b) => a - b)
}

/** A stamp such as 20260105T090000Z as a wall time of the series' zone, or as a date for an all-day series. */
function stampWall(stamp: string, { start, zone }: Series): string {
  const parts = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?$/i.exec(stamp)
  if (parts === null) throw new UnreadableRule(`${stamp} is no time.`)
  const [, year, month, day, hour, minute, second, zulu] = parts
  const date = `${year}-${month}-${day}`
  if (!isDate(date)) throw new UnreadableRule(`${stamp} is no day.`)
  if (hour === undefined || start.length === 10) return date
  const wall = `${date}T${hour}:${minute}:${second}`
  if (!isWallTime(wall)) throw new UnreadableRule(`${stamp} is no time.`)
  return zulu ? wallTimeOf(Date.parse(`${wall}Z`), zone) : wall
}

function secondsOf(wall: string): WallSeconds {
  return Date.parse(wall.length === 10 ? `${wall}T00:00:00Z` : `${wall.slice(0, 19)}Z`) / 1000
}

function textOfSeconds(moment: WallSeconds, isAllDay: boolean): string {
  return new Date(moment * 1000).toISOString().slice(0, isAllDay ? 10 : 19)
}

/** Several ordered sources as one. */
function* merge(sources: Iterable<WallSeconds>[]): Generator<WallSeconds> {
  const open = sources.map((source) => new Peekable(source))
  for (;;) {
    let first: Peekable | undefined
    for (const source of open) {
      const next = source.peek()
      if (next !== undefined && next < (first?.peek() ?? Infinity)) first = source
    }
    const moment = first?.take()
    if (moment === undefined) return
    yield moment
  }
}

/** Moments one of which can be looked at before it is taken. */
class Peekable {
  readonly #source: Iterator<WallSeconds>
  #next: WallSeconds | undefined
  #isRead = false

  constructor(source: Iterable<WallSeconds>) {
    this.#source = source[Symbol.iterator]()
  }

  peek(): WallSeconds | undefined {
    if (!this.#isRead) {
      const { done, value } = this.#source.next()
      this.#next = done === true ? undefined : value
      this.#isRead = true
    }
    return this.#next
  }

  take(): WallSeconds | undefined {
    const next = this.peek()
    this.#isRead = false
    return next
  }
}

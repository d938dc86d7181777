import type { Entry } from '../answers.ts'
import { locale, words } from '../words.ts'
import { dateOf, dayFrom, midnightOf } from './schedule-days.ts'

const viewerZone = Intl.DateTimeFormat().resolvedOptions().timeZone
const dayName = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' })
const shortDay = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short' })
const clockTime = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })

/** "Today, Monday 23 November". */
export function showDay(date: string, now: Date): string {
  const name = dayName.format(midnightOf(date))
  const near = [
    [-1, words.yesterday],
    [0, words.today],
    [1, words.tomorrow],
  ] as const
  const found = near.find(([days]) => dateOf(dayFrom(now, days)) === date)
  return found ? `${found[1]}, ${name}` : name
}

/** From when to when, in the viewer's zone; the day is named only where the entry ends on another one. */
export function showTimes(entry: Entry): string {
  if (entry.allDay) {
    const end = midnightOf(entry.end)
    const last = dayFrom(end, -1)
    return dateOf(last) > entry.start
      ? `${words.allDay}, ${words.untilDay(shortDay.format(last))}`
      : words.allDay
  }
  const start = new Date(entry.start)
  const end = new Date(entry.end)
  const until = dateOf(start) === dateOf(end) ? '' : `${shortDay.format(end)} `
  return `${clockTime.format(start)} – ${until}${clockTime.format(end)}`
}

/** The entry's own wall times, where they are not the viewer's. */
export function showOwnTimes(entry: Entry): string | null {
  if (entry.allDay || entry.timeZone === null || entry.timeZone === viewerZone) return null
  const wall = (at: string) => at.slice(11, 16)
  return words.inZone(entry.timeZone, wall(entry.start), wall(entry.end))
}

export { viewerZone }

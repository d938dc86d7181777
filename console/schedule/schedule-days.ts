import type { Entry } from '../answers.ts'

export interface ScheduleDay {
  /** The viewer's date, as YYYY-MM-DD. */
  date: string
  entries: Entry[]
}

/** Entries by the day on which they begin for the viewer; all-day ones keep the date they name, in every zone. */
export function groupByDay(entries: readonly Entry[]): ScheduleDay[] {
  const days = Map.groupBy(entries, (entry) => (entry.allDay ? entry.start : dateOf(new Date(entry.start))))
  return [...days]
    .map(([date, entries]) => ({ date, entries: entries.toSorted(byTime) }))
    .sort((one, other) => (one.date < other.date ? -1 : 1))
}

/** All-day entries first, then by their beginning. */
function byTime(one: Entry, other: Entry): number {
  if (one.allDay !== other.allDay) return one.allDay ? -1 : 1
  return one.allDay ? one.title.localeCompare(other.title) : Date.parse(one.start) - Date.parse(other.start)
}

/** The viewer's date of a moment. */
export function dateOf(moment: Date): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`
}

/** Midnight at the viewer's, so many days from now. */
export function dayFrom(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days)
}

/** The viewer's midnight that begins a date. */
export const midnightOf = (date: string): Date => new Date(`${date}T00:00:00`)

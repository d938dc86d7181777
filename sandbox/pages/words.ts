import type { Vendor } from '../state.ts'

export const vendorNames: Record<Vendor, string> = { google: 'Google', microsoft: 'Microsoft' }
/** What people call the calendar of a vendor. */
export const calendarNames: Record<Vendor, string> = {
  google: 'Google Calendar',
  microsoft: 'Outlook Calendar',
}

function formatter(options: Intl.DateTimeFormatOptions): (day: string) => string {
  const format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' })
  return (day) => format.format(new Date(`${day.slice(0, 10)}T00:00:00Z`))
}

/** Monday 2 March 2026 */
export const fullDay = formatter({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
/** Mon 2 March */
export const shortDay = formatter({ weekday: 'short', day: 'numeric', month: 'long' })
/** 2 Mar */
export const tinyDay = formatter({ day: 'numeric', month: 'short' })
/** March 2026 */
export const monthAndYear = formatter({ month: 'long', year: 'numeric' })
/** Mon */
export const weekdayShort = formatter({ weekday: 'short' })

/** 5 Mar 2026, 09:12:31 of an instant, in UTC. */
export function instantInWords(instant: string | number): string {
  const date = new Date(instant)
  const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' }).format(date)
  return `${day}, ${date.toISOString().slice(11, 19)}`
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

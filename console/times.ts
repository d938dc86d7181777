import { locale, words } from './words.ts'

const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' })
const steps = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', 365],
] as const

/** "3 minutes ago", "in 7 days". */
export function showRelative(at: string, now: Date): string {
  const seconds = Math.round((Date.parse(at) - now.getTime()) / 1000)
  if (Math.abs(seconds) < 5) return words.justNow
  let amount = seconds
  for (const [unit, size] of steps) {
    if (Math.abs(amount) < size) return relative.format(amount, unit)
    amount = Math.round(amount / size)
  }
  return relative.format(amount, 'year')
}

/** Date, time and zone in full, in the viewer's zone. */
export const showExact = (at: string): string => exact.format(new Date(at))

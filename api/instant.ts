import { invalid } from './problem.ts'

/** An instant of the years 1 to 9999, which everything we keep times in can hold; undefined for any other text. */
export function readInstant(text: string): Date | undefined {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) return undefined
  return time.getUTCFullYear() >= 1 && time.getUTCFullYear() <= 9999 ? time : undefined
}

/** The instant a query names, if it names one. */
export function instantOf(field: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  const time = readInstant(text)
  if (!time) throw invalid(field, 'must be a time between the years 1 and 9999.')
  return time
}

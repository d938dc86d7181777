import { textsOf, type JsonObject } from '../json.ts'
import { GraphError, invalidRequest } from './errors.ts'
import type { Span } from './occurrences.ts'

const daysMax = 1825

/** The window of a calendarView; values carry their own offset, and without one they are UTC. */
export function readWindow(query: JsonObject): Span {
  const fromMs = instantParameter(query, 'startDateTime')
  const toMs = instantParameter(query, 'endDateTime')
  if (toMs < fromMs) throw invalidRequest('The end of the window must not lie before its start.')
  if (toMs - fromMs > daysMax * 86_400_000) {
    const text =
      "Your request can't be completed. The range between the start and end dates is greater than the allowed range."
    throw invalidRequest(`${text} Maximum number of days: ${daysMax}`)
  }
  return { fromMs, toMs }
}

function instantParameter(query: JsonObject, name: string): number {
  // A plus sign that was not encoded arrives as a space.
  const text = parameter(query, name)?.replace(' ', '+')
  if (text === undefined) {
    const message =
      'This request requires a time window specified by the query string parameters StartDateTime and EndDateTime.'
    throw new GraphError(400, 'ErrorInvalidParameter', message)
  }
  const hasOffset = /(Z|[+-]\d{2}:?\d{2})$/i.test(text) && text.includes('T')
  const trimmed = text.replace(/(\.\d{3})\d+/, '$1')
  const instantMs = Date.parse(
    hasOffset ? trimmed : `${trimmed.includes('T') ? trimmed : `${trimmed}T00:00:00`}Z`,
  )
  if (Number.isNaN(instantMs)) throw invalidRequest(`The value of ${name} is not a valid DateTimeOffset.`)
  return instantMs
}

/** A query parameter's value, its name written in any case; the first one when it is repeated. */
export function parameter(query: JsonObject, name: string): string | undefined {
  const spelt = Object.keys(query).find((key) => key.toLowerCase() === name.toLowerCase())
  return spelt === undefined ? undefined : textsOf(query[spelt])[0]
}

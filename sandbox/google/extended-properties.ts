import { invalid } from './errors.ts'
import type { GoogleEvent } from './types.ts'

type Properties = NonNullable<GoogleEvent['extendedProperties']>

const nameMax = 44
const valueMax = 1024
const countMax = 300
const sizeMax = 32 * 1024

/**
 * The extended properties of an event as Google keeps them: one whose name is too long is dropped silently, a value that
 * is too long is cut (https://developers.google.com/workspace/calendar/api/guides/extended-properties).
 */
export function keptProperties(wished: Properties | null | undefined): Properties | undefined {
  if (!wished) return undefined
  const kept: Properties = {}
  const every: [string, string][] = []
  for (const kind of ['private', 'shared'] as const) {
    const entries = Object.entries(wished[kind] ?? {})
      .filter(([name]) => name.length <= nameMax)
      .map(([name, value]): [string, string] => [name, value.slice(0, valueMax)])
    every.push(...entries)
    if (entries.length > 0) kept[kind] = Object.fromEntries(entries)
  }
  const size = every.reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  )
  if (every.length > countMax || size > sizeMax)
    throw invalid('The extended properties of the event are too many or too large.', 'extendedProperties')
  return every.length === 0 ? undefined : kept
}

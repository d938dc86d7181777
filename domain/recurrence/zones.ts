import { Temporal } from 'temporal-polyfill'

/** A series without end is compared this far: zone data knows no other change of the rules by then either. */
const yearsAhead = 10

/**
 * Whether two zones show the same wall times from one instant to another (null: for good). Vendors name zones by families, so
 * a series that comes back under a neighbour's name is unchanged when this holds.
 */
export function zonesAgree(one: string, other: string, from: string, to: string | null): boolean {
  if (one === other) return true
  const start = Temporal.Instant.from(from)
  const end = to === null ? start.add({ hours: yearsAhead * 8766 }) : Temporal.Instant.from(to)
  return offsetsBetween(one, start, end) === offsetsBetween(other, start, end)
}

function offsetsBetween(zone: string, start: Temporal.Instant, end: Temporal.Instant): string {
  const changes: { offset: string; at: number }[] = []
  let now: Temporal.ZonedDateTime | null = start.toZonedDateTimeISO(zone)
  while (now !== null && Temporal.Instant.compare(now.toInstant(), end) <= 0) {
    if (now.offset !== changes.at(-1)?.offset) changes.push({ offset: now.offset, at: now.epochMilliseconds })
    now = now.getTimeZoneTransition('next')
  }
  return JSON.stringify(changes)
}

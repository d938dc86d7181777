import { createHash } from 'node:crypto'
import { repeats, type EventContent, type EventTime } from '../domain/event.ts'

/** SHA-256 of what an event says, in base64url: two contents that are the same to people have one hash. */
export function contentHash(content: EventContent): string {
  const { title, body, location, showAs, visibility, recurrence, time } = content
  const rule = recurrence && [recurrence.rule, recurrence.exdates.toSorted(), recurrence.rdates.toSorted()]
  const said = [title, body, location, showAs, visibility, rule, momentOf(time, repeats(content))]
  return createHash('sha256').update(JSON.stringify(said)).digest('base64url')
}

/** A series is at home in its zone; a single event is when it is. */
function momentOf(time: EventTime, isSeries: boolean): string[] {
  if (time.kind === 'date') return [time.start, time.end]
  return isSeries ? [time.start, time.end, time.zone] : [time.startsAt, time.endsAt]
}

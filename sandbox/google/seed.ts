import { record } from '../event-log.ts'
import { base32hex } from '../random.ts'
import { nowOf } from '../world.ts'
import type { Target } from './complete-event.ts'
import { newEtag } from './keep-event.ts'
import { timeOfWall } from './times.ts'

/** Makes many plain events at once, without the checks a caller's own words need. */
export function seedEvents(target: Target, count: number, startsAtMs: number): void {
  const { world, account, calendar } = target
  const now = new Date(nowOf(world)).toISOString()
  const self = { email: account.email, self: true }
  for (let index = 0; index < count; index += 1) {
    const id = world.random.text(26, base32hex)
    const startMs = startsAtMs + index * 3_600_000
    record(calendar.log, id, {
      kind: 'calendar#event',
      etag: newEtag(world),
      id,
      status: 'confirmed',
      htmlLink: `https://www.google.com/calendar/event?eid=${id}`,
      created: now,
      updated: now,
      summary: `Event ${index + 1}`,
      creator: self,
      organizer: self,
      start: timeOfWall(new Date(startMs).toISOString().slice(0, 19), 'UTC', 'UTC'),
      end: timeOfWall(new Date(startMs + 1_800_000).toISOString().slice(0, 19), 'UTC', 'UTC'),
      iCalUID: `${id}@google.com`,
      sequence: 0,
      reminders: { useDefault: true },
      eventType: 'default',
    })
  }
}

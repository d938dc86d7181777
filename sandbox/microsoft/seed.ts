import type { World } from '../world.ts'
import { newCore } from './ids.ts'
import { newProperties } from './properties.ts'
import { movesOf, newChangeKey, store } from './store.ts'
import type { MicrosoftAccount, MicrosoftCalendar, MicrosoftEvent } from './types.ts'

/** Makes many plain events at once, without the checks a caller's own words need; returns the last one. */
export function seedEvents(
  world: World,
  account: MicrosoftAccount,
  calendar: MicrosoftCalendar,
  count: number,
  startsAtMs: number,
): MicrosoftEvent | undefined {
  let event: MicrosoftEvent | undefined
  for (let index = 0; index < count; index += 1) {
    const startMs = startsAtMs + index * 3_600_000
    const time = (instantMs: number): MicrosoftEvent['start'] => ({
      wall: new Date(instantMs).toISOString().slice(0, 19),
      zone: 'UTC',
      zoneName: 'UTC',
    })
    event = {
      core: newCore(world.random, movesOf(account)),
      changeKey: newChangeKey(world),
      properties: { ...newProperties(world, account), subject: `Event ${index + 1}` },
      start: time(startMs),
      end: time(startMs + 1_800_000),
      isAllDay: false,
      extendedProperties: [],
      lines: null,
      exceptions: {},
      cancelled: [],
      isDeleted: false,
    }
    store(account, calendar, event)
  }
  return event
}

import type { EventWish } from './read-body.ts'
import { masterOf } from './find-event.ts'
import { tellGuests } from './guests.ts'
import { keepEvent, newEtag } from './keep-event.ts'
import type { Place } from './series.ts'
import type { GoogleEvent } from './types.ts'

const strictness = ['public', 'default', 'private', 'confidential']

/**
 * An instance can be hidden more than its series and never less; what would show it more does not count
 * (https://developers.google.com/workspace/calendar/api/v3/reference/events#visibility).
 */
export function restrictedVisibility(place: Place, current: GoogleEvent, wished: EventWish): EventWish {
  const master = masterOf(place, current)
  if (master === undefined) return wished
  if (rank(wished.visibility) >= rank(master.visibility)) return wished
  return { ...wished, visibility: master.visibility ?? 'default' }
}

/** What hides an instance hides its series. */
export function spreadVisibility(place: Place, instance: GoogleEvent): void {
  const master = masterOf(place, instance)
  if (master === undefined || rank(instance.visibility) <= rank(master.visibility)) return
  const { visibility = 'default' } = instance
  const updated = { ...master, visibility, etag: newEtag(place.world), updated: instance.updated }
  keepEvent(place, updated)
  tellGuests(place, master, updated)
}

function rank(visibility: string | null | undefined): number {
  return strictness.indexOf(visibility || 'default')
}

import { base32hex } from '../random.ts'
import { completeEvent, type Target } from './complete-event.ts'
import { duplicate } from './errors.ts'
import { keepEvent } from './keep-event.ts'
import { asWish, readEventBody } from './read-body.ts'
import type { GoogleEvent } from './types.ts'
import { quietly } from './write-query.ts'

/**
 * Puts an event into a calendar that no call of the API could make: an invitation from an organizer elsewhere, or what
 * Google finds in somebody's mail. The body is an event with its organizer and type.
 */
export function receiveEvent(target: Target, body: unknown): GoogleEvent {
  const { eventType, id: wishedId, organizer, ...wish } = asWish(readEventBody(body))
  const id = wishedId || target.world.random.text(26, base32hex)
  if (target.calendar.log.entries.has(id)) throw duplicate()
  const from = organizer?.email ? { organizer: { ...organizer, email: organizer.email.toLowerCase() } } : {}
  const query = { ...quietly, writesConference: true, writesAttachments: true }
  const event = completeEvent(target, undefined, id, { ...wish, ...from }, query)
  const received = { ...event, eventType: eventType || 'default' }
  keepEvent(target, received)
  return received
}

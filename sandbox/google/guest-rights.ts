import { answerOf, emailsOf, ownRow, withAnswer } from './attendees.ts'
import { GoogleError } from './errors.ts'
import type { EventWish } from './read-body.ts'
import { stableText } from './keep-event.ts'
import type { Place } from './series.ts'
import { googleSwitch } from './switches.ts'
import type { GoogleEvent } from './types.ts'

/** Says whether somebody else's meeting is shown by an event. */
export function isGuestCopy(event: GoogleEvent | undefined): event is GoogleEvent {
  return event !== undefined && event.organizer?.self !== true
}

/**
 * What counts of a guest's wish for the guests of a meeting: the guest's own answer, more guests where guests may invite,
 * and everything where guests may change the meeting.
 */
export function guestWish({ calendar }: Place, current: GoogleEvent, wished: EventWish): EventWish {
  if (current.guestsCanModify === true) return wished
  const rows = current.attendees ?? []
  const own = wished.attendees?.find(({ email }) => email?.toLowerCase() === calendar.id)
  const known = new Set(emailsOf(current))
  const added =
    current.guestsCanInviteOthers === false
      ? []
      : (wished.attendees ?? []).filter(({ email }) => !known.has(email?.toLowerCase() ?? ''))
  const answer = own === undefined ? answerOf(ownRow(current, calendar.id)) : answerOf(own)
  return { ...wished, attendees: [...withAnswer(rows, calendar.id, answer), ...added] }
}

const organizersOnly = [
  'anyoneCanAddSelf',
  'guestsCanInviteOthers',
  'guestsCanModify',
  'guestsCanSeeOtherGuests',
] as const
const shownToAll = ['summary', 'description', 'location', 'start', 'end', 'recurrence'] as const

/** Refuses what only the organizer of a meeting may change. */
export function checkGuestRights({ world }: Place, current: GoogleEvent, wished: GoogleEvent): void {
  const differ = (names: readonly (keyof GoogleEvent)[]): boolean =>
    names.some((name) => stableText(current[name] ?? null) !== stableText(wished[name] ?? null))
  const mayEdit =
    current.guestsCanModify === true || googleSwitch(world.state, 'guestEdits') === 'on own copy'
  if (differ(organizersOnly) || (!mayEdit && differ(shownToAll))) {
    const message = 'Shared properties can only be changed by the organizer of the event.'
    throw new GoogleError(403, 'forbiddenForNonOrganizer', message, { domain: 'calendar' })
  }
}

import type { Event } from '@microsoft/microsoft-graph-types'
import { guestsOf, isSameAddress } from './attendees.ts'
import { bringCopy, callOffCopy } from './copies.ts'
import { accessDenied, invalidRequest } from './errors.ts'
import { instant } from './occurrences.ts'
import { noteMail } from './mail.ts'
import { announceChange } from './notifications.ts'
import type { Preferences } from './preferences.ts'
import { propertiesOf } from './render.ts'
import type { Found, Mailbox } from './store.ts'
import { microsoftSwitch } from './switches.ts'
import type { MicrosoftCalendar, MicrosoftEvent } from './types.ts'
import { createEvent, deleteEvent, patchEvent } from './write.ts'

/**
 * What a person or a client does to a mailbox, with all that follows: subscribers are told, mail is noted, and the copies
 * of guests who have a mailbox in this world change along. The writes themselves are in `write.ts`.
 */

/** Makes an event; guests are invited, whatever the caller says. */
export function addEvent(
  mailbox: Mailbox,
  calendar: MicrosoftCalendar,
  sent: unknown,
  preferences: Preferences,
): MicrosoftEvent {
  const event = createEvent(mailbox, calendar, sent, preferences)
  announceChange(mailbox.world, mailbox.account, calendar.id, 'created', event)
  const guests = guestsOf(event.properties)
  noteMail(mailbox, 'invitation', guests, { event, occurrence: undefined }, event.properties.subject)
  for (const guest of guests) bringCopy(mailbox.world, event, guest, 'whole')
  return event
}

/** Changes an event or an occurrence. When only its attendees change, only who came or went is told. */
export function changeEvent(
  mailbox: Mailbox,
  found: Found,
  sent: unknown,
  ifMatch: string | undefined,
): Found {
  const { world, account } = mailbox
  const before = propertiesOf(found.event, found.occurrence)
  if (isCopy(before)) checkCopyEdit(mailbox, sent)
  const after = patchEvent(mailbox, found, sent, ifMatch)
  announceChange(world, account, after.calendar.id, 'updated', after.event)
  if (!isCopy(before)) tellGuests(mailbox, found, after)
  return after
}

/** Deletes an event or an occurrence; if its owner organizes it, that calls it off. */
export function removeEvent(mailbox: Mailbox, found: Found, ifMatch: string | undefined): void {
  const { world, account } = mailbox
  const seen = propertiesOf(found.event, found.occurrence)
  deleteEvent(mailbox, found, ifMatch)
  // The loss of one occurrence is an update of its series.
  const changeType = found.occurrence === undefined ? 'deleted' : 'updated'
  announceChange(world, account, found.calendar.id, changeType, found.event)
  if (isCopy(seen)) return
  const guests = guestsOf(seen)
  noteMail(mailbox, 'cancellation', guests, found, seen.subject)
  const series = found.calendar.log.entries.get(found.event.core)?.event ?? found.event
  for (const guest of guests) {
    if (found.occurrence === undefined) callOffCopy(world, found.event.properties.iCalUId, guest)
    else if (isInvited(series, guest)) bringCopy(world, series, guest, [])
  }
}

/** Calls a meeting off, which only its organizer can. */
export function cancelEvent(mailbox: Mailbox, found: Found): void {
  if (isCopy(propertiesOf(found.event, found.occurrence))) {
    throw invalidRequest("Your request can't be completed. You need to be an organizer to cancel a meeting.")
  }
  removeEvent(mailbox, found, undefined)
}

export function isCopy({ isOrganizer }: Event): boolean {
  return isOrganizer === false
}

function tellGuests(mailbox: Mailbox, found: Found, after: Found): void {
  const { world } = mailbox
  const [before, now] = [
    propertiesOf(found.event, found.occurrence),
    propertiesOf(after.event, after.occurrence),
  ]
  const [old, guests] = [guestsOf(before), guestsOf(now)]
  const added = without(guests, old)
  const removed = without(old, guests)
  const kept = without(guests, added)
  const isMoved = timeOf(found) !== timeOf(after)
  const isOnlyOfGuests = !isMoved && added.length + removed.length > 0 && sameButGuests(before, now)
  const asking = isMoved ? (after.occurrence === undefined ? 'whole' : [after.occurrence.date]) : []

  noteMail(mailbox, 'invitation', added, after, now.subject)
  noteMail(mailbox, 'cancellation', removed, after, now.subject)
  if (!isOnlyOfGuests) noteMail(mailbox, 'update', kept, after, now.subject)
  for (const guest of isOnlyOfGuests ? added : guests)
    if (after.occurrence === undefined || isInvited(after.event, guest))
      bringCopy(world, after.event, guest, asking)
  for (const guest of removed) {
    if (after.occurrence === undefined) callOffCopy(world, after.event.properties.iCalUId, guest)
    else if (isInvited(after.event, guest)) bringCopy(world, after.event, guest, [])
  }
}

/** Who is invited to single occurrences alone gets mail and no copy. */
function isInvited(series: MicrosoftEvent, guest: string): boolean {
  return guestsOf(series.properties).some((address) => isSameAddress(address, guest))
}

function without(addresses: string[], others: string[]): string[] {
  return addresses.filter((address) => !others.some((other) => isSameAddress(other, address)))
}

function timeOf({ event, occurrence }: Found): string {
  const { start, end } = occurrence ?? event
  return JSON.stringify([instant(start), instant(end), occurrence === undefined ? event.lines : null])
}

function sameButGuests(before: Event, after: Event): boolean {
  const rest = (properties: Event): string =>
    JSON.stringify({ ...properties, attendees: null, lastModifiedDateTime: null })
  return rest(before) === rest(after)
}

const ownOfGuests = new Set([
  'categories',
  'isReminderOn',
  'reminderMinutesBeforeStart',
  'showAs',
  'sensitivity',
])

/** A guest can change what is theirs; what the organizer decides changes in their copy alone, or not at all. */
function checkCopyEdit({ world }: Mailbox, sent: unknown): void {
  if (microsoftSwitch(world.state, 'copyEdits') === 'local') return
  const names = typeof sent === 'object' && sent !== null ? Object.keys(sent) : []
  if (names.some((name) => !ownOfGuests.has(name) && !name.endsWith('ExtendedProperties')))
    throw accessDenied()
}

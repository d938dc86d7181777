import type { Attendee, Event, ResponseType, TimeSlot } from '@microsoft/microsoft-graph-types'
import { nowOf, type World } from '../world.ts'
import { isCopy } from './actions.ts'
import { addressOf, isSameAddress } from './attendees.ts'
import { eventOfMeeting, type Copy } from './copies.ts'
import { invalidRequest } from './errors.ts'
import { graphTime } from './graph-time.ts'
import { noteMail } from './mail.ts'
import { announceChange } from './notifications.ts'
import { deserialise } from './odata/deserialise.ts'
import { complex } from './odata/edm.ts'
import { timeSlot } from './odata/event-type.ts'
import { findOccurrence } from './occurrences.ts'
import { partsOf, withParts } from './parts.ts'
import { propertiesOf } from './render.ts'
import { store, type Found, type Mailbox } from './store.ts'
import { microsoftSwitch } from './switches.ts'
import { zonedTime } from './times.ts'
import type { MicrosoftEvent } from './types.ts'
import { deleteEvent } from './write.ts'

export type Reply = 'accepted' | 'tentativelyAccepted' | 'declined'

const plain = complex('acceptRequestBody', { comment: { kind: 'string' }, sendResponse: { kind: 'boolean' } })
const proposing = complex('declineRequestBody', { ...plain.members, proposedNewTime: timeSlot })

interface Status {
  response: ResponseType
  time: string
}

interface Answer {
  sendResponse?: boolean | null
  proposedNewTime?: TimeSlot | null
}

/**
 * A guest's answer to a meeting or one of its occurrences. It changes the guest's copy, and unless the guest keeps it to
 * themselves the organizer is mailed and sees it at the attendee.
 * https://learn.microsoft.com/graph/api/event-tentativelyaccept
 */
export function respond(mailbox: Mailbox, found: Found, reply: Reply, sent: unknown): void {
  const { world, account } = mailbox
  const seen = propertiesOf(found.event, found.occurrence)
  const answer: Answer = deserialise(sent ?? {}, reply === 'accepted' ? plain : proposing, 'refused')
  checkAnswer(seen, answer)
  const status: Status = { response: reply, time: graphTime(nowOf(world)) }
  const isSent = answer.sendResponse ?? true
  if (isSent) noteMail(mailbox, 'response', [organizerOf(seen)], found, seen.subject)

  const meeting = eventOfMeeting(world, organizerOf(seen), found.event.properties.iCalUId)
  const isRemoved = reply === 'declined' && microsoftSwitch(world.state, 'declinedCopies') === 'removed'
  if (isRemoved) deleteEvent(mailbox, found, undefined)
  else {
    const showAs = showAsAfter(reply, meeting?.event.properties)
    const attendees = answered(seen.attendees, account.email, status)
    store(
      account,
      found.calendar,
      withProperties(world, found, { responseStatus: status, showAs, attendees }),
    )
  }
  const changeType = isRemoved && found.occurrence === undefined ? 'deleted' : 'updated'
  announceChange(world, account, found.calendar.id, changeType, found.event)
  if (isSent && meeting !== undefined) tellOrganizer(mailbox, meeting, found, status, answer.proposedNewTime)
}

/** The organizer sees the answer at the attendee, and with it perhaps another time. */
function tellOrganizer(
  { world, account }: Mailbox,
  { account: theirs, calendar, event }: Copy,
  found: Found,
  status: Status,
  proposedNewTime: TimeSlot | null | undefined,
): void {
  const occurrence = found.occurrence && findOccurrence(event, found.occurrence.date)
  if (found.occurrence !== undefined && occurrence === undefined) return
  const { attendees } = propertiesOf(event, occurrence)
  const told = withProperties(
    world,
    { calendar, event, occurrence },
    { attendees: answered(attendees, account.email, status, proposedNewTime ?? undefined) },
  )
  store(theirs, calendar, told)
  announceChange(world, theirs, calendar.id, 'updated', told)
}

function checkAnswer(seen: Event, { sendResponse, proposedNewTime }: Answer): void {
  const refused = (reason: string): Error => invalidRequest(`Your request can't be completed. ${reason}`)
  if (!isCopy(seen)) throw refused("You can't respond to this meeting because you're the meeting organizer.")
  if (seen.isCancelled) throw refused("You can't respond to a meeting that has been canceled.")
  const isSent = sendResponse ?? true
  if (isSent && seen.responseRequested === false)
    throw refused("The meeting organizer hasn't requested a response.")
  if (!proposedNewTime) return
  if (seen.allowNewTimeProposals === false)
    throw refused('The meeting organizer does not allow new time proposals.')
  if (!isSent) throw refused('A new time can only be proposed in a response that is sent.')
  zonedTime(proposedNewTime.start)
  zonedTime(proposedNewTime.end)
}

function organizerOf({ organizer }: Event): string {
  return organizer?.emailAddress?.address ?? ''
}

function showAsAfter(reply: Reply, meeting: Event | undefined): NonNullable<Event['showAs']> {
  if (reply === 'tentativelyAccepted') return 'tentative'
  return reply === 'declined' ? 'free' : (meeting?.showAs ?? 'busy')
}

function answered(
  attendees: Event['attendees'],
  address: string,
  status: Status,
  proposedNewTime?: TimeSlot,
): Attendee[] {
  return (attendees ?? []).map((attendee) => {
    if (!isSameAddress(addressOf(attendee), address)) return attendee
    const { proposedNewTime: _old, ...rest } = attendee
    return { ...rest, status, ...(proposedNewTime === undefined ? {} : { proposedNewTime }) }
  })
}

function withProperties(world: World, found: Found, changes: Event): MicrosoftEvent {
  const parts = partsOf(found)
  return withParts(world, found, { ...parts, properties: { ...parts.properties, ...changes } })
}

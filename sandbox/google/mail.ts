import { nowOf, type Mail } from '../world.ts'
import { answerOf, emailsOf, ownRow } from './attendees.ts'
import type { Target } from './complete-event.ts'
import { isGuestCopy } from './guest-rights.ts'
import { calendarOfGuest } from './guests.ts'
import { stableText } from './keep-event.ts'
import type { GoogleEvent } from './types.ts'
import type { Change } from './write.ts'
import type { WriteQuery } from './write-query.ts'

/**
 * Notes the mail Google sends for a write, if the caller asked for any: invitations to new guests, cancellations to those
 * who are no longer, news to the others when they can see them, and a guest's answer to the organizer.
 */
export function noteMail(target: Target, change: Change, query: WriteQuery): void {
  if (query.mailsTo === 'none' || change.before === change.after) return
  const { before, after } = change
  if (isGuestCopy(before) && before.guestsCanModify !== true) {
    noteAnswer(target, before, after, query)
    return
  }
  const wasOn = before !== undefined && before.status !== 'cancelled'
  const isOn = after.status !== 'cancelled'
  const known = wasOn ? emailsOf(before) : []
  const invited = isOn ? emailsOf(after) : []
  send(
    target,
    query,
    after,
    'invitation',
    invited.filter((email) => !known.includes(email)),
  )
  send(
    target,
    query,
    after,
    'cancellation',
    known.filter((email) => !invited.includes(email)),
  )
  if (before !== undefined && isNews(before, after))
    send(
      target,
      query,
      after,
      'update',
      known.filter((email) => invited.includes(email)),
    )
}

function noteAnswer(target: Target, before: GoogleEvent, after: GoogleEvent, query: WriteQuery): void {
  const own = (event: GoogleEvent): string => stableText(answerOf(ownRow(event, target.calendar.id)))
  const organizer = after.organizer?.email
  const isAnswer = after.status === 'cancelled' || own(before) !== own(after)
  if (organizer && isAnswer) send(target, query, after, 'response', [organizer])
}

const newsworthy = [
  'summary',
  'description',
  'location',
  'start',
  'end',
  'recurrence',
  'status',
  'hangoutLink',
  'conferenceData',
  'attachments',
] as const

function isNews(before: GoogleEvent, after: GoogleEvent): boolean {
  return newsworthy.some((name) => stableText(before[name] ?? null) !== stableText(after[name] ?? null))
}

function send(
  { world, account }: Target,
  { mailsTo }: WriteQuery,
  event: GoogleEvent,
  kind: Mail['kind'],
  addresses: string[],
): void {
  const rooms = (event.attendees ?? []).flatMap(({ email, resource }) =>
    resource === true && email ? [email] : [],
  )
  const to = addresses.filter((email) => {
    if (email === account.email || rooms.includes(email)) return false
    if (kind !== 'response' && email === event.organizer?.email) return false
    // Guests with a calendar of Google's see it there.
    return mailsTo === 'all' || calendarOfGuest(world, email) === undefined
  })
  if (to.length === 0) return
  const at = new Date(nowOf(world)).toISOString()
  world.mail.push({
    at,
    vendor: 'google',
    account: account.email,
    kind,
    to,
    subject: event.summary ?? '',
    eventId: event.id,
  })
}

import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { GoogleError, invalid } from './errors.ts'
import type { GoogleEvent } from './types.ts'

export type Attendee = calendar_v3.Schema$EventAttendee

const responses = ['needsAction', 'declined', 'tentative', 'accepted']

/** Over this many, Google no longer tells one guest of another's answer. */
export const answersToldMax = 200

/**
 * The guests of an event as Google keeps them: addresses in lower case, each once, no name that only repeats the address,
 * and marks at the organizer and at whose calendar it is.
 */
export function keptAttendees(
  wished: readonly Attendee[] | null | undefined,
  { self, organizer, current }: { self: string; organizer: string; current: readonly Attendee[] },
): Attendee[] {
  const rows = new Map<string, Attendee>()
  for (const [index, row] of (wished ?? []).entries()) {
    const email = addressOf(row, index)
    const known = current.find((one) => one.email === email)
    rows.set(email, {
      ...described(row, email),
      email,
      ...(email === organizer ? { organizer: true } : {}),
      ...(email === self ? { self: true } : {}),
      // A guest is a room from the beginning or never.
      ...((known === undefined ? row.resource : known.resource) === true ? { resource: true } : {}),
      responseStatus: responseOf(row, index) ?? known?.responseStatus ?? 'needsAction',
    })
  }
  return [...rows.values()]
}

function addressOf({ email }: Attendee, index: number): string {
  if (!email) throw new GoogleError(400, 'required', 'Missing attendee email.')
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw invalid('Invalid attendee email.', `attendees[${index}].email`)
  return email.toLowerCase()
}

function described({ displayName, optional, comment, additionalGuests }: Attendee, email: string): Attendee {
  const isName = displayName && displayName.toLowerCase() !== email
  if ((additionalGuests ?? 0) < 0) throw invalid('Invalid number of additional guests.')
  return {
    ...(isName ? { displayName } : {}),
    ...(optional === true ? { optional: true } : {}),
    ...(comment ? { comment } : {}),
    ...(additionalGuests ? { additionalGuests } : {}),
  }
}

function responseOf({ responseStatus }: Attendee, index: number): string | undefined {
  if (!responseStatus) return undefined
  if (responses.includes(responseStatus)) return responseStatus
  throw invalid('Invalid attendee response status.', `attendees[${index}].responseStatus`)
}

/** What a guest says of coming. */
export function answerOf(row: Attendee | undefined): Attendee {
  const { responseStatus = 'needsAction', comment, additionalGuests } = row ?? {}
  return {
    responseStatus,
    ...(comment ? { comment } : {}),
    ...(additionalGuests ? { additionalGuests } : {}),
  }
}

/** The guests with one of them answering anew. */
export function withAnswer(rows: readonly Attendee[], email: string, answer: Attendee): Attendee[] {
  return rows.map((row) => {
    if (row.email !== email) return row
    const { comment: _comment, additionalGuests: _guests, ...rest } = row
    return { ...rest, ...answer }
  })
}

export function ownRow(event: Pick<GoogleEvent, 'attendees'>, email: string): Attendee | undefined {
  return event.attendees?.find((row) => row.email === email)
}

export function emailsOf(event: Pick<GoogleEvent, 'attendees'> | undefined): string[] {
  return (event?.attendees ?? []).flatMap(({ email }) => email ?? [])
}

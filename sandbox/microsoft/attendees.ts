import { createHash } from 'node:crypto'
import type { Attendee, Event, ResponseStatus } from '@microsoft/microsoft-graph-types'
import type { State } from '../state.ts'
import { microsoftSwitch } from './switches.ts'

/** Graph's way of saying that something never took place. */
export const never = '0001-01-01T00:00:00Z'

const noAnswer: ResponseStatus = { response: 'none', time: never }

/** The attendees of a write; what those who were there before answered stays. */
export function keptAttendees(
  state: State,
  sent: readonly Attendee[],
  before: readonly Attendee[] | null | undefined,
): Attendee[] {
  const kept = sent.map((attendee): Attendee => {
    const address = addressOf(attendee)
    const known = before?.find((one) => isSameAddress(addressOf(one), address))
    const name = attendee.emailAddress?.name || known?.emailAddress?.name || address
    return {
      type: attendee.type ?? 'required',
      status: known?.status ?? noAnswer,
      emailAddress: { name, address },
    }
  })
  if (!microsoftSwitch(state, 'canonicalAttendees')) return kept
  return kept.flatMap((attendee) => (isCanonical(addressOf(attendee)) ? [] : [attendee, canonical(attendee)]))
}

/** The attendees as if nobody had answered yet. */
export function unanswering(attendees: readonly Attendee[]): Attendee[] {
  return attendees.map(({ proposedNewTime: _proposed, ...attendee }) => ({ ...attendee, status: noAnswer }))
}

/** The second row Exchange adds under the address it knows a person by. */
function canonical(attendee: Attendee): Attendee {
  const address = addressOf(attendee)
  const digits = createHash('sha256').update(address.toLowerCase()).digest('hex').slice(0, 16).toUpperCase()
  return { ...attendee, emailAddress: { ...attendee.emailAddress, address: `outlook_${digits}@outlook.com` } }
}

function isCanonical(address: string): boolean {
  return /^outlook_[0-9A-F]{16}@outlook\.com$/.test(address)
}

/** The addresses of an event's guests, without the second rows and without its organizer. */
export function guestsOf({ attendees, organizer }: Event): string[] {
  const own = organizer?.emailAddress?.address ?? ''
  const addresses = (attendees ?? []).map(addressOf)
  return addresses.filter(
    (address, index) =>
      address !== '' &&
      !isCanonical(address) &&
      !isSameAddress(address, own) &&
      addresses.findIndex((other) => isSameAddress(other, address)) === index,
  )
}

export function addressOf(attendee: Attendee): string {
  return attendee.emailAddress?.address ?? ''
}

export function isSameAddress(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

import type { Event } from '@microsoft/microsoft-graph-types'
import { nowOf, type Mail } from '../world.ts'
import { eventId } from './ids.ts'
import type { Found, Mailbox } from './store.ts'

/** Notes mail that Microsoft sends from a mailbox; no parameter of a call can stop it. */
export function noteMail(
  { world, account }: Mailbox,
  kind: Mail['kind'],
  to: readonly string[],
  { event, occurrence }: Pick<Found, 'event' | 'occurrence'>,
  subject: Event['subject'],
): void {
  if (to.length === 0) return
  world.mail.push({
    at: new Date(nowOf(world)).toISOString(),
    vendor: 'microsoft',
    account: account.email,
    kind,
    to: [...to],
    subject: subject ?? '',
    eventId: eventId(event.core, false, occurrence?.date),
  })
}

import { nowOf, type Mail } from '../world.ts'
import { eventId } from './ids.ts'
import type { MicrosoftEvent } from './types.ts'
import type { Mailbox } from './store.ts'

/** Notes the mail Microsoft sends whenever an event has guests; no parameter can stop it. */
export function noteMail(
  { world, account }: Mailbox,
  kind: Mail['kind'],
  event: MicrosoftEvent,
  before?: MicrosoftEvent,
): void {
  const to = new Set([...guestsOf(event), ...(before === undefined ? [] : guestsOf(before))])
  to.delete(account.email)
  if (to.size === 0) return
  world.mail.push({
    at: new Date(nowOf(world)).toISOString(),
    vendor: 'microsoft',
    account: account.email,
    kind,
    to: [...to],
    subject: event.properties.subject ?? '',
    eventId: eventId(event.core, false),
  })
}

function guestsOf(event: MicrosoftEvent): string[] {
  return (event.properties.attendees ?? []).flatMap(({ emailAddress }) => emailAddress?.address ?? [])
}

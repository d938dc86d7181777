import { isObject } from '../json.ts'
import { nowOf } from '../world.ts'
import type { GoogleEvent } from './types.ts'
import type { Target } from './write.ts'

/** Notes the mail Google would have sent: only when the caller asked for it, and never to the organizer. */
export function noteMail(
  { world, account }: Target,
  kind: 'insert' | 'change' | 'delete',
  query: unknown,
  event: GoogleEvent,
): void {
  const asked = isObject(query) ? query : {}
  const sends =
    ['all', 'externalOnly'].includes(String(asked['sendUpdates'])) || asked['sendNotifications'] === 'true'
  const to = (event.attendees ?? []).flatMap(({ email }) => (email && email !== account.email ? [email] : []))
  if (!sends || to.length === 0) return
  const mailKind = kind === 'insert' ? 'invitation' : kind === 'change' ? 'update' : 'cancellation'
  world.mail.push({
    at: new Date(nowOf(world)).toISOString(),
    vendor: 'google',
    account: account.email,
    kind: event.status === 'cancelled' ? 'cancellation' : mailKind,
    to,
    subject: event.summary ?? '',
    eventId: event.id,
  })
}

import type { Vendor } from '../../domain/event.ts'
import type { SandboxControl, VendorRequest } from './parts.ts'

/** A script without rules: one create after the other, over the same kind of connection, and no note of any of them. */
export async function barePush(
  sandbox: SandboxControl,
  vendor: Vendor,
  email: string,
  count: number,
): Promise<void> {
  const token = await sandbox.token(vendor, email)
  const path =
    vendor === 'google' ? '/calendar/v3/calendars/primary/events?sendUpdates=none' : '/v1.0/me/events'
  for (let index = 0; index < count; index++) {
    const response = await fetch(`${sandbox.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        prefer: 'outlook.timezone="UTC"',
      },
      body: JSON.stringify(vendor === 'google' ? googleEvent(index) : graphEvent(index)),
    })
    if (!response.ok) throw new Error(`The sandbox answered ${response.status}: ${await response.text()}`)
    await response.json()
  }
}

const dayMs = 86_400_000

/** Half an hour each, from tomorrow on, as the product sends them. */
export function spanAt(index: number): { startsAt: string; endsAt: string } {
  const first = Math.floor(Date.now() / dayMs + 1) * dayMs
  const start = first + index * 1_800_000
  const instant = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`
  return { startsAt: instant(start), endsAt: instant(start + 1_800_000) }
}

function googleEvent(index: number): object {
  const { startsAt, endsAt } = spanAt(index)
  const timed = (dateTime: string) => ({ dateTime, timeZone: 'Europe/Berlin', date: null })
  return {
    summary: `Visit ${index}`,
    description: 'Bring the papers.',
    location: 'Hall 2',
    start: timed(startsAt),
    end: timed(endsAt),
    transparency: 'opaque',
    status: 'confirmed',
    visibility: 'default',
    reminders: { useDefault: false, overrides: [] },
  }
}

function graphEvent(index: number): object {
  const { startsAt, endsAt } = spanAt(index)
  const timed = (instant: string) => ({ dateTime: instant.replace('Z', ''), timeZone: 'UTC' })
  return {
    subject: `Visit ${index}`,
    body: { contentType: 'text', content: 'Bring the papers.' },
    location: { displayName: 'Hall 2' },
    isAllDay: false,
    start: timed(startsAt),
    end: timed(endsAt),
    showAs: 'busy',
    sensitivity: 'normal',
    isReminderOn: false,
    transactionId: `bare-${index}`,
  }
}

export const isWrite = ({ method }: VendorRequest): boolean => method !== 'GET'

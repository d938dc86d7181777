import { randomUUID } from 'node:crypto'
import type { Vendor } from '../../domain/event.ts'
import { calendarOf } from '../../providers/index.ts'
import type { CalendarProvider } from '../../providers/port.ts'
import type { Sandbox } from '../../sandbox/server.ts'
import type { SandboxControl } from './sandbox-control.ts'

/** The calendar of a new account at a vendor, behind the port as the product sees it. */
export async function openCalendar(
  sandbox: Sandbox,
  control: SandboxControl,
  vendor: Vendor,
): Promise<{ calendar: CalendarProvider; email: string; token: string }> {
  const email = `${randomUUID()}@${vendor}.example`
  await control.makeAccount(vendor, email)
  const token = await control.token(vendor, email)
  const options = {
    endpoints: { api: sandbox.url, authorize: sandbox.url, token: sandbox.url },
    timeZone: 'UTC',
    timeoutMs: 5_000,
    now: () => new Date(),
    accessToken: async () => token,
    beforeCall: async () => {},
  }
  const named = calendarOf(vendor, { ...options, calendarId: vendor === 'google' ? 'primary' : 'calendar' })
  const { id } = await named.calendar()
  return { calendar: calendarOf(vendor, { ...options, calendarId: id }), email, token }
}

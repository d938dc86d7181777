import type { GoogleCalendar } from './types.ts'

/** The address of an event for people. */
export function htmlLinkOf(id: string, calendar: GoogleCalendar): string {
  const eid = Buffer.from(`${id} ${calendar.id}`).toString('base64url')
  return `https://www.google.com/calendar/event?eid=${eid}`
}

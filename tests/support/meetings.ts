import type { Provider } from '../../db/providers.ts'
import { asPerson } from './sandbox-control.ts'
import type { World } from './world.ts'

export interface Meeting {
  title: string
  /** Wall times, UTC, without their Z. */
  start: string
  end: string
  iCalUID: string
}

/** A meeting comes to a calendar under its own iCalendar UID, as it does to everybody invited; Outlook takes a rule with it. */
export async function receive(
  world: World,
  provider: Provider,
  meeting: Meeting,
  rule?: string,
): Promise<void> {
  const { vendor, accountEmail } = provider
  const account = accountEmail ?? ''
  if (vendor === 'microsoft') {
    await world.control.importCalendar(vendor, account, fileOf(meeting, rule))
    return
  }
  const person = asPerson(world.sandbox.url, vendor, await world.control.token(vendor, account))
  await person.create(meeting)
}

function fileOf({ title, start, end, iCalUID }: Meeting, rule: string | undefined): string {
  const stamp = (time: string) => `${time.replaceAll(/[-:]/g, '')}Z`
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//tests//',
    'BEGIN:VEVENT',
    `UID:${iCalUID}`,
    `DTSTAMP:${stamp(start)}`,
    `DTSTART:${stamp(start)}`,
    `DTEND:${stamp(end)}`,
    `SUMMARY:${title}`,
    ...(rule ? [rule] : []),
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n')
}

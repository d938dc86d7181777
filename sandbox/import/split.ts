import { ControlError } from '../control/errors.ts'

/** A file taken apart: one text for each VEVENT, each line unfolded. */
export interface SplitCalendar {
  timeZone: string | undefined
  events: string[][]
}

/** Takes an iCalendar file apart, or says in a sentence why it is none. */
export function splitCalendar(text: string): SplitCalendar {
  const lines = text
    .replace(/^\uFEFF/, '')
    .replaceAll(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
  if (lines[0]?.trim().toUpperCase() !== 'BEGIN:VCALENDAR') {
    throw new ControlError(400, 'This is not an iCalendar file: it does not begin with BEGIN:VCALENDAR.')
  }
  if (lines.at(-1)?.trim().toUpperCase() !== 'END:VCALENDAR') {
    throw new ControlError(400, 'The iCalendar file is cut off: it does not end with END:VCALENDAR.')
  }
  const zoneLine = lines.find((line) => line.toUpperCase().startsWith('X-WR-TIMEZONE:'))
  const events: string[][] = []
  let current: string[] | undefined
  for (const line of lines) {
    const upper = line.trim().toUpperCase()
    if (upper === 'BEGIN:VEVENT') current = []
    else if (upper === 'END:VEVENT') {
      if (current !== undefined) events.push(current)
      current = undefined
    } else current?.push(line)
  }
  if (current !== undefined) throw new ControlError(400, 'The iCalendar file has a VEVENT that never ends.')
  return { timeZone: zoneLine?.slice('X-WR-TIMEZONE:'.length).trim(), events }
}

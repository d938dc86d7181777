import { randomUUID } from 'node:crypto'
import { insertEntries } from '../../db/entry-writes.ts'
import { markEntriesPending } from '../../db/pending.ts'
import type { Provider } from '../../db/providers.ts'
import { listSeries } from '../../db/schedule-entries.ts'
import { occurrenceAt } from '../../domain/series.ts'
import type { Product } from './provider.ts'

export const dayMs = 86_400_000
const dayOf = (at: Date): string => at.toISOString().slice(0, 10)
const stamp = (at: Date): string => `${dayOf(at).replaceAll('-', '')}T090000`

/** A day's meeting every day of so many years, of which some days are changed and every fourth of these left out. */
export function longSeries(first: Date, years: number, exceptions: number): string {
  const days = Math.round(years * 365.25)
  const on = (day: number) => new Date(first.getTime() + day * dayMs)
  const changed = Array.from({ length: exceptions }, (_, index) =>
    on(Math.floor(((index + 1) * days) / (exceptions + 2))),
  )
  const timed = (at: Date) => [
    `DTSTART;TZID=Europe/Berlin:${stamp(at)}`,
    `DTEND;TZID=Europe/Berlin:${stamp(at).replace('T09', 'T10')}`,
  ]
  const event = (lines: string[]) => [
    'BEGIN:VEVENT',
    'UID:daily@bench.example',
    'DTSTAMP:20200101T000000Z',
    ...lines,
    'END:VEVENT',
  ]
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//calendar-sync//bench//EN',
    ...event([
      ...timed(first),
      'SUMMARY:Standup',
      `RRULE:FREQ=DAILY;UNTIL=${stamp(on(days))}Z`,
      ...changed.filter((_, index) => index % 4 === 0).map((at) => `EXDATE;TZID=Europe/Berlin:${stamp(at)}`),
    ]),
    ...changed
      .filter((_, index) => index % 4 !== 0)
      .flatMap((at) =>
        event([...timed(at), `RECURRENCE-ID;TZID=Europe/Berlin:${stamp(at)}`, 'SUMMARY:Retro']),
      ),
    'END:VCALENDAR',
    '',
  ].join('\r\n')
}

/** Somebody renames the occurrence of one slot in the schedule. */
export async function renameOccurrence(
  { deps }: Product,
  { tenantId }: Provider,
  slot: string,
): Promise<void> {
  await deps.database.tenant(tenantId, async (db) => {
    const [series] = await listSeries(db, { from: new Date(slot), to: new Date(Date.parse(slot) + dayMs) })
    const plain = series && occurrenceAt(series.content, slot)
    if (!plain) throw new Error(`The series has no occurrence at ${slot}.`)
    const override = {
      id: randomUUID(),
      tenantId,
      externalRef: null,
      content: { ...plain, title: 'Renamed' },
      status: 'scheduled',
      ownerId: null,
      icalUid: null,
      override: { seriesId: series.id, originalStart: slot, deleted: false },
      assignees: [],
    }
    await insertEntries(db, [override], { kind: 'api-key', id: randomUUID() }, deps.now())
    await markEntriesPending(db, tenantId, [override.id], null)
  })
}

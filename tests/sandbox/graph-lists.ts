import { list, meeting, type Answer, type Json, type Played } from './played.ts'
import { mailboxHere, marker } from './graph-mailbox.ts'

export const view = '/v1.0/me/calendarView'
export const window = 'startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-04-01T00:00:00Z'

export const weekly = {
  pattern: { type: 'weekly', interval: 1, daysOfWeek: ['thursday'] },
  range: { type: 'numbered', startDate: '2026-03-05', numberOfOccurrences: 3 },
}

export function encoded(query: Record<string, string>): string {
  return Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
}

export function subjects(body: Json): unknown[] {
  return list(body['value']).map(({ subject }) => subject)
}

/** A mailbox that is asked by the options of OData. */
export function listsHere(played: Played) {
  const { graph, create } = mailboxHere(played)
  return {
    graph,
    create,
    ask: (path: string, query: Record<string, string>, headers = {}): Promise<Answer> =>
      graph('GET', `${path}${path.includes('?') ? '&' : '?'}${encoded(query)}`, undefined, headers),
    someEvents: async (): Promise<Json[]> => {
      const utc = (dateTime: string) => ({ dateTime, timeZone: 'UTC' })
      return [
        await create(
          meeting('Alpha review', 9, {
            showAs: 'free',
            categories: ['Red', 'Blue'],
            singleValueExtendedProperties: [{ id: marker, value: "it's" }],
            location: { displayName: 'Room 1' },
          }),
        ),
        await create(meeting('beta', 11, { importance: 'high', sensitivity: 'private' })),
        await create({
          subject: 'Gamma',
          isAllDay: true,
          start: utc('2026-03-09T00:00:00'),
          end: utc('2026-03-10T00:00:00'),
        }),
        await create(meeting('Delta series', 14, { recurrence: weekly, isReminderOn: false })),
      ]
    },
  }
}

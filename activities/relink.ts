import { findExternalEvents, findUnderAnyId, type ExternalEvent } from '../db/external-events.ts'
import type { MovedId } from '../db/moved-ids.ts'
import { sameContent, sameField } from '../domain/event.ts'
import { InvalidTime } from '../domain/time.ts'
import type { CalendarProvider, ObservedEvent } from '../providers/port.ts'
import type { HeldProvider } from './hold-provider.ts'

/**
 * Which of these events are ones that we hold under an id that is not there any more: the same meeting (iCalendar UID), or
 * made by the same create of ours. One whose old id still answers is another event beside it.
 */
export async function movedAmong(held: HeldProvider, events: ObservedEvent[]): Promise<MovedId[]> {
  const wholes = events.filter(({ kind }) => kind !== 'occurrence')
  if (wholes.length === 0) return []
  const rows = await held.transaction((db) =>
    findUnderAnyId(db, held.provider.id, {
      externalIds: wholes.map(({ externalId }) => externalId),
      icalUids: wholes.flatMap(({ icalUid }) => icalUid || []),
      createKeys: wholes.flatMap(({ createKey }) => createKey || []),
    }),
  )
  const shown = new Set(wholes.map(({ externalId }) => externalId))
  const known = new Set(rows.map(({ externalId }) => externalId))
  const others = rows.filter(({ externalId }) => !shown.has(externalId))
  const moves: MovedId[] = []
  for (const event of wholes) {
    if (known.has(event.externalId)) continue
    const from = await firstGone(held, likeliest(event, others))
    if (from === undefined) continue
    known.add(event.externalId)
    others.splice(
      others.findIndex(({ externalId }) => externalId === from),
      1,
    )
    moves.push({ from, to: event.externalId })
  }
  return moves
}

/** Those that may be this event, the one that is most like it first: a calendar may hold a meeting twice. */
function likeliest(event: ObservedEvent, rows: ExternalEvent[]): ExternalEvent[] {
  const isSame = ({ icalUid }: ExternalEvent) => Boolean(icalUid) && icalUid === event.icalUid
  const isOurs = ({ createKey }: ExternalEvent) => Boolean(createKey) && createKey === event.createKey
  const unlikeness = (row: ExternalEvent): number => {
    if (isOurs(row)) return 0
    if (!row.content || !event.content) return 3
    if (sameContent(row.content, event.content)) return 1
    return sameField('time', row.content, event.content) ? 2 : 3
  }
  return rows
    .filter((row) => isSame(row) || isOurs(row))
    .toSorted((one, other) => unlikeness(one) - unlikeness(other))
}

async function firstGone(held: HeldProvider, rows: ExternalEvent[]): Promise<string | undefined> {
  for (const { externalId } of rows) {
    if (await isGone(held.calendar, externalId)) return externalId
  }
  return undefined
}

/** Whether nothing is there under this id; what cannot be read is there. */
export async function isGone(calendar: CalendarProvider, externalId: string): Promise<boolean> {
  try {
    return (await calendar.getEvent(externalId)) === 'gone'
  } catch (error) {
    if (error instanceof InvalidTime) return false
    throw error
  }
}

/** Where the vendor has the events now that the round did not show and that are not there under their ids. */
export async function movedOutOfSight(
  held: HeldProvider,
  gone: ExternalEvent[],
  shown: Iterable<string>,
): Promise<MovedId[]> {
  const found: { from: string; ids: string[] }[] = []
  for (const { externalId: from, icalUid } of gone) {
    if (icalUid) found.push({ from, ids: await held.calendar.idsOfMeeting(icalUid) })
  }
  const ids = found.flatMap((one) => one.ids)
  const known = await held.transaction((db) => findExternalEvents(db, held.provider.id, ids))
  const taken = new Set([...shown, ...known.map(({ externalId }) => externalId)])
  return found.flatMap((one) => {
    const to = one.ids.find((id) => !taken.has(id))
    if (to === undefined) return []
    taken.add(to)
    return { from: one.from, to }
  })
}

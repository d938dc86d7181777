import type { Db } from '../db/connection.ts'
import { overridesOf } from '../db/overrides.ts'
import { listEntries, listSeries, type ScheduleEntry } from '../db/schedule-entries.ts'
import { occurrencesIn } from '../domain/recurrence/occurrences.ts'
import { occurrenceAt, seriesOf, slotOf, spanOf, type Slot } from '../domain/series.ts'
import { showEntries } from './entries-found.ts'
import { showContent } from './show-entry.ts'
import type { EntryAnswer } from './entry-schemas.ts'

/** Where a page of occurrences ended. */
export interface Place {
  at: Date
  id: string
  slot: Slot
}

interface Wish {
  from: Date
  to: Date
  assignee?: string | undefined
  after?: Place | undefined
  limit: number
}

/** One thing to be listed: an entry as it is, or what a series shows at a slot. */
interface Shown {
  entry: ScheduleEntry
  slot: Slot | null
  startsAt: string
}

/**
 * What happens in a window, by start: single entries and every occurrence of every series, changed or not. Its cost grows
 * with the page and the number of series, not with their age.
 */
export async function listOccurrences(
  db: Db,
  wish: Wish,
): Promise<{ items: EntryAnswer[]; next: Place | null }> {
  const { from, to, assignee, after, limit } = wish
  const series = await listSeries(db, { from, to, assignee })
  const overrides = await overridesOf(
    db,
    series.map(({ id }) => id),
  )
  const singles = await listEntries(db, {
    from,
    to,
    assignee,
    singlesOnly: true,
    after: after && { startsAt: new Date(after.at.getTime() - 1), id: after.id },
    limit: limit + 2,
  })
  const shown: Shown[] = singles.map((entry) => shownOf(entry, null))
  for (const entry of series) {
    const mine = overrides.filter((row) => row.seriesId === entry.id)
    shown.push(...occurrencesOf(entry, mine, wish))
  }
  const rows = shown
    .filter((one) => after === undefined || compare(one, placeOf(after)) > 0)
    .toSorted(compare)
    .slice(0, limit + 1)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const isMore = rows.length > limit && last !== undefined
  return { items: await show(db, page), next: isMore ? markOf(last) : null }
}

/** What a series shows in the window, as far as a page can hold it; changed occurrences stand where they were moved to. */
function occurrencesOf(entry: ScheduleEntry, overrides: ScheduleEntry[], wish: Wish): Shown[] {
  const window = { from: wish.from.getTime(), to: wish.to.getTime() }
  const shown = overrides
    .filter(
      (row) =>
        row.deletedAt === null && row.endsAt.getTime() > window.from && row.startsAt.getTime() < window.to,
    )
    .map((row) => shownOf(row, row.originalStart))
  const changed = new Set(overrides.map((row) => row.originalStart))
  const series = seriesOf(entry.content)
  if (!series) return shown
  const from = wish.after && wish.after.at > wish.from ? new Date(wish.after.at.getTime() - 1) : wish.from
  let count = 0
  for (const { originalStart } of occurrencesIn(series, {
    from: from.toISOString(),
    to: wish.to.toISOString(),
  })) {
    const slot = slotOf(originalStart, entry.content.time)
    const content = changed.has(slot) ? null : occurrenceAt(entry.content, slot)
    if (!content) continue
    shown.push({ entry: { ...entry, content }, slot, startsAt: spanOf(content).startsAt })
    // Long occurrences that began before the last page count too, and are cut by the caller.
    if (++count > wish.limit * 2 + 50) break
  }
  return shown
}

const shownOf = (entry: ScheduleEntry, slot: Slot | null): Shown => ({
  entry,
  slot,
  startsAt: spanOf(entry.content).startsAt,
})

type Key = Pick<Shown, 'startsAt' | 'slot'> & { entry: Pick<ScheduleEntry, 'id'> }
const placeOf = ({ at, id, slot }: Place): Key => ({ startsAt: at.toISOString(), slot, entry: { id } })

const markOf = ({ startsAt, entry, slot }: Shown): Place => ({
  at: new Date(startsAt),
  id: entry.id,
  slot: slot ?? '',
})

function compare(one: Key, other: Key): number {
  const byTime = Date.parse(one.startsAt) - Date.parse(other.startsAt)
  if (byTime !== 0) return byTime
  const [here, there] = [`${one.entry.id} ${one.slot ?? ''}`, `${other.entry.id} ${other.slot ?? ''}`]
  return here === there ? 0 : here < there ? -1 : 1
}

async function show(db: Db, page: Shown[]): Promise<EntryAnswer[]> {
  const entries = new Map(page.map(({ entry }) => [entry.id, entry]))
  const answers = new Map((await showEntries(db, [...entries.values()])).map((answer) => [answer.id, answer]))
  return page.flatMap(({ entry, slot }) => {
    const answer = answers.get(entry.id)
    if (!answer) return []
    // A plain occurrence goes by the id of its series.
    const occurrence = slot === null ? {} : { seriesId: entry.seriesId ?? entry.id, originalStart: slot }
    return [{ ...answer, ...showContent(entry.content), ...occurrence }]
  })
}

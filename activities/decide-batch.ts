import type { Db } from '../db/connection.ts'
import type { ExternalEvent } from '../db/external-events.ts'
import type { Loss } from '../db/losses.ts'
import { isLiving } from '../db/mappings.ts'
import { marksOf, type Pending } from '../db/pending.ts'
import { findEntries } from '../db/schedule-entries.ts'
import { decidePair } from './decide-pair.ts'
import { decideSlot } from './decide-slot.ts'
import { loadPairs, type Pair } from './load-pairs.ts'
import { loadSlots, splitMarks } from './load-slots.ts'
import { defer, nothing, type PairWork, type Setting } from './pair-work.ts'

/** One decision of a batch, with what it was made on. */
export interface Decided {
  pair: Pick<Pair, 'marks' | 'mapping' | 'entry' | 'intent'> & {
    external: ExternalEvent | null
    /** Of a whole event alone: the occurrences of a series are no events of their own to the safety brake. */
    loss?: Loss | null
  }
  work: PairWork
}

/** Occurrences are decided on series that are settled: one whose series is yet to be decided waits behind it. */
export async function decideBatch(db: Db, setting: Setting, marks: Pending[]): Promise<Decided[]> {
  const { provider } = setting
  const entries = await findEntries(
    db,
    marks.flatMap((mark) => (mark.kind === 'entry' ? mark.subjectId : [])),
  )
  const { slots, wholes } = splitMarks(marks, entries)
  const pairs = (await loadPairs(db, provider, wholes)).map((pair) => ({
    pair,
    work: decidePair(setting, pair),
  }))
  const occurrences = await loadSlots(db, provider, slots)
  const seriesIds = occurrences.flatMap(({ series }) =>
    series ? [series.entry.id, series.external.externalId] : [],
  )
  const seriesMarks = await marksOf(db, provider.id, [...new Set(seriesIds)])
  const deferred = new Set(pairs.flatMap(({ pair, work }) => (work.deferred ? pair.marks.map(numberOf) : [])))
  return [
    ...pairs,
    ...occurrences.map((pair) => {
      const mine = seriesMarks.filter(
        ({ subjectId }) =>
          subjectId === pair.series?.entry.id || subjectId === pair.series?.external.externalId,
      )
      if (mine.length === 0) return { pair, work: decideSlot(setting, pair) }
      const first = marks[0]?.mark ?? 0
      const isComing = mine.some((mark) => mark.mark >= first && !deferred.has(mark.mark))
      return { pair, work: isComing ? waitForSeries : defer }
    }),
  ]
}

const numberOf = ({ mark }: Pending): number => mark
const waitForSeries: PairWork = { ...nothing, waits: true }

/**
 * Decisions of one batch that write the same pair or entry: the second is decided again on what the first one made. Pairs
 * come before strangers, so that an edit of our copy is taken before its original takes the copy's place.
 */
export function oneAtATime(decided: Decided[]): { first: Decided[]; waiting: Decided[] } {
  const taken = new Set<string>()
  const first: Decided[] = []
  const waiting: Decided[] = []
  const isStranger = ({ pair }: Decided) => Number(pair.mapping === null)
  for (const one of decided.toSorted((one, other) => isStranger(one) - isStranger(other))) {
    const subjects = subjectsOf(one.work)
    if (one.work.waits || subjects.some((id) => taken.has(id))) waiting.push(one)
    else first.push(one)
    for (const id of subjects) taken.add(id)
  }
  return { first, waiting }
}

const subjectsOf = ({ mappings, intents, change, follows }: PairWork): string[] => [
  ...mappings.map((mapping) => mapping.id),
  ...mappings.flatMap((mapping) => (isLiving(mapping) ? (mapping.entryId ?? []) : [])),
  ...intents.map((intent) => intent.mappingId),
  ...(change ? [change.id] : []),
  ...follows.map(({ id }) => id),
]

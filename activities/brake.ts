import { endEmptyBrakes, openBrakes, setBrake } from '../db/brakes.ts'
import type { Db } from '../db/connection.ts'
import { countLosses, forgetCounted, forgetLosses, noteLosses } from '../db/losses.ts'
import { isLiving } from '../db/mappings.ts'
import type { Provider } from '../db/providers.ts'
import { brakeSpanMs, isTooMuch, type LosingSide } from '../domain/brake.ts'
import type { Decided } from './decide-batch.ts'
import { nothing, type PairWork, type Setting } from './pair-work.ts'

/**
 * The safety brake, between deciding and writing: where one side would lose too much, its deletions are not carried out but
 * held, and everything else goes on. What a person approved passes; what came after waits for the next word.
 */
export async function holdBack(
  db: Db,
  setting: Setting,
  first: Decided[],
  waiting: Decided[],
  lastMark: number,
): Promise<Decided[]> {
  const fresh = [...first, ...waiting].filter(isFresh)
  const verdicts = new Map<LosingSide, PairWork['brake']>()
  for (const side of new Set(fresh.flatMap(({ work }) => work.loses ?? []))) {
    const mappingIds = fresh.flatMap(({ pair, work }) =>
      work.loses === side && pair.mapping ? pair.mapping.id : [],
    )
    verdicts.set(side, await verdictOn(db, setting, side, mappingIds, lastMark))
  }
  return first.map((decided) => braked(decided, verdicts))
}

/** A loss that nobody has counted, held or decided yet. */
const isFresh = ({ pair, work }: Decided): boolean =>
  work.loses !== null && !work.deferred && pair.loss?.side !== work.loses

async function verdictOn(
  db: Db,
  setting: Setting,
  side: LosingSide,
  mappingIds: string[],
  lastMark: number,
): Promise<'counted' | 'held'> {
  const { provider, window, now } = setting
  const isSet = (await openBrakes(db, [provider.id])).some((brake) => brake.side === side)
  if (isSet) return 'held'
  await forgetCounted(db, provider.id, new Date(now.getTime() - brakeSpanMs))
  const { lost, mapped } = await countLosses(db, provider, side, { mappingIds, lastMark, window })
  const limits = { events: provider.brakeEvents, percent: provider.brakePercent }
  if (!isTooMuch(lost, mapped, limits)) return 'counted'
  const { id: providerId, tenantId } = provider
  await setBrake(db, { id: setting.newId(), tenantId, providerId, side, since: now, mapped })
  return 'held'
}

function braked(decided: Decided, verdicts: Map<LosingSide, PairWork['brake']>): Decided {
  const { pair, work } = decided
  if (work.loses === null || work.deferred) return decided
  const known = pair.loss?.side === work.loses ? pair.loss : null
  const verdict = known ? (known.state === 'held' ? 'held' : null) : (verdicts.get(work.loses) ?? null)
  if (verdict !== 'held') return { ...decided, work: { ...work, brake: verdict } }
  // What was decided on older facts and never sent is dropped all the same.
  const { loses, dropIntent } = work
  return { ...decided, work: { ...nothing, loses, dropIntent, brake: 'held', count: known ? null : 'held' } }
}

/** Notes what these decisions lost and held, and forgets what is over. A brake that holds nothing any more ends. */
export async function settleLosses(db: Db, provider: Provider, applied: Decided[], now: Date): Promise<void> {
  const { id: providerId, tenantId } = provider
  await forgetLosses(
    db,
    applied.flatMap((decided) => (isOver(decided) ? (decided.pair.loss?.mappingId ?? []) : [])),
  )
  await noteLosses(
    db,
    applied.flatMap(({ pair, work: { loses: side, brake: state } }) =>
      side && state && pair.mapping
        ? [{ mappingId: pair.mapping.id, tenantId, providerId, side, state, at: now }]
        : [],
    ),
  )
  await endEmptyBrakes(db, providerId, now)
}

/** Whether the note of a loss has no more to say: a person's word is carried out, or the pair loses nothing after all. */
function isOver({ pair: { loss, mapping }, work }: Decided): boolean {
  if (!loss) return false
  if (work.loses === loss.side) return loss.state === 'approved'
  const after = work.mappings.find(({ id }) => id === loss.mappingId) ?? mapping
  // A copy that is being removed, or is gone, stays counted.
  return loss.state !== 'counted' || (after !== null && isLiving(after))
}

import { conflictPauseOf } from '../db/conflict-pause.ts'
import { takeLease } from '../db/cursors.ts'
import { countPlannedWrites, plannedWrites } from '../db/intents.ts'
import { countPending } from '../db/pending.ts'
import { savePreview, type PreviewItem } from '../db/previews.ts'
import { changeSettings, type SettingsWish } from '../db/provider-settings.ts'
import { findProvider } from '../db/providers.ts'
import { openShadow } from '../db/shadow.ts'
import { connectedCalendar } from '../oauth/connected-calendar.ts'
import { refuseWhileWaiting } from '../oauth/vendor-wait.ts'
import type { ActivityDeps, ProviderStep } from './deps.ts'
import type { HeldProvider } from './hold-provider.ts'
import { actionOf, itemsOf, itemOfWrite } from './preview-items.ts'
import { narrowStored } from './narrow-stored.ts'
import { reconcileBatch } from './reconcile-pending.ts'
import { settleAndPull } from './settle-and-pull.ts'

export interface PreviewStep extends ProviderStep {
  previewId: string
  /** Settings that are tried: a wider direction, another policy. */
  wish: Pick<SettingsWish, 'direction' | 'policies'>
}

/** Titles do not cross: the preview is read by its id. */
export type Previewed =
  | { kind: 'ready'; previewId: string }
  | { kind: 'gone' }
  | { kind: 'halted'; phase: 'unauthorized' | 'reauthorization-required' }

/** How long the vendor is asked, and how long it takes in all, before what is left is only counted. */
const pullMs = 15_000
const wholeMs = 30_000
const itemsMax = 10_000
/** Long enough to read it page by page. */
const keptMs = 15 * 60_000

/**
 * Says what the next look of a provider would do. The look's own steps run on a copy of the provider's rows, without its
 * lease; the vendor is only read. What a write's answer would lead to (the occurrences of a series yet to be made) is not told.
 */
export async function preview(deps: ActivityDeps, step: PreviewStep): Promise<Previewed> {
  const { tenantId, providerId, previewId, wish } = step
  const provider = await deps.database.tenant(tenantId, (db) => findProvider(db, providerId))
  if (!provider) return { kind: 'gone' }
  if (provider.authorization !== 'connected') return { kind: 'halted', phase: provider.authorization }
  const calendar = await connectedCalendar(deps, provider, async () => {
    deps.heartbeat()
    await deps.database.tenant(tenantId, (db) => refuseWhileWaiting(db, provider, deps.now()))
  })
  const at = deps.now()
  const shadow = await openShadow(deps.database, provider)
  try {
    const { cursor, wished } = await shadow.transaction(async (db) => ({
      wished: (await changeSettings(db, provider, wish, at)) ?? provider,
      cursor: await takeLease(db, provider, deps.holder),
    }))
    const { transaction } = shadow
    const asIs: HeldProvider = {
      kind: 'held',
      provider: wished,
      cursor,
      calendars: 1,
      calendar,
      transaction,
    }
    // Nobody is told of what a copy shows.
    const quiet = { ...deps, budgetMs: pullMs, nudge: async () => {} }
    const narrowed = await narrowStored(quiet, asIs, previewId)
    const held = narrowed === 'more' ? asIs : narrowed
    const pulled = await settleAndPull(quiet, held, previewId)
    const found = await decideAll(deps, held, previewId, new Date(at.getTime() + wholeMs))
    const { items, counts, undecided } = found
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
    const expiresAt = new Date(deps.now().getTime() + keptMs)
    const complete = pulled.outcome === 'done'
    const unlisted = total - items.length
    const row = {
      id: previewId,
      tenantId,
      providerId,
      wish,
      counts,
      complete,
      undecided,
      unlisted,
      at,
      expiresAt,
    }
    await deps.database.tenant(tenantId, (db) => savePreview(db, row, items))
    return { kind: 'ready', previewId }
  } finally {
    await shadow.close()
  }
}

interface Found {
  items: PreviewItem[]
  counts: Record<string, number>
  undecided: number
}

/** Decides what is marked, batch by batch as a run does, and collects what that would do on each side. */
async function decideAll(deps: ActivityDeps, held: HeldProvider, runId: string, until: Date): Promise<Found> {
  const { id: providerId } = held.provider
  const items: PreviewItem[] = []
  const counts: Record<string, number> = {}
  const note = (action: string, count: number) => void (counts[action] = (counts[action] ?? 0) + count)
  let next: number | null = 0
  let after = 0
  while (next !== null && deps.now() < until) {
    after = next
    const batch = await held.transaction((db) =>
      reconcileBatch(db, deps, held.calendar, { providerId, runId, after }),
    )
    deps.heartbeat()
    next = batch.after
    for (const item of batch.applied.flatMap(itemsOf)) {
      note(actionOf(item), 1)
      if (items.length < itemsMax) items.push(item)
    }
  }
  return held.transaction(async (db) => {
    // Conflicts that pause the whole provider hold back what is marked and what is planned.
    if (await conflictPauseOf(db, held.provider))
      return { items, counts, undecided: await countPending(db, providerId, 0) }
    const writes = await plannedWrites(db, providerId, itemsMax - items.length)
    for (const { kind, total } of await countPlannedWrites(db, providerId)) note(`external.${kind}`, total)
    const undecided = next === null ? 0 : await countPending(db, providerId, next)
    return { items: [...items, ...writes.map(itemOfWrite)], counts, undecided }
  })
}

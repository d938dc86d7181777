import { holdAlerts } from '../db/alerts.ts'
import { findProvider, raiseNudges, type Provider } from '../db/providers.ts'
import { activeSubscriptions, stopSubscription, type Subscription } from '../db/subscriptions.ts'
import { maintainedAfter, noteMaintenance, saveUpkeep, type Maintained } from '../db/upkeep.ts'
import { alertsFor } from '../domain/alerts.ts'
import { renewAt } from '../domain/polls.ts'
import { connectedCalendar } from '../oauth/connected-calendar.ts'
import { VendorError } from '../providers/errors.ts'
import type { ActivityDeps, WorkflowState } from './deps.ts'
import { canBeReached, ensureSubscription } from './ensure-subscription.ts'
import { isHalted } from './hold-provider.ts'

const pageSize = 50
/** How long after its time a renewal is still its provider's own: it may be backing off, or wait for its turn. */
const graceMs = 15 * 60_000

/** What came of a provider's push subscription since the pass before (R38). */
type UpkeepAction = 'renewed' | 'recreated' | 'skipped' | 'failed'

/** One provider in one pass, as the log tells it. Ids, the operator-given name, times and the vendor's words: nothing of a calendar. */
export interface MaintenanceLine {
  tenantId: string
  providerId: string
  name: string
  vendor: Provider['vendor']
  action: UpkeepAction
  oldExpiry: string | null
  newExpiry: string | null
  error: string | null
  /** Whether the provider's workflow was there. */
  workflow: WorkflowState
}

export interface MaintainedPage {
  /** Where the next page begins; null when there is none. */
  after: string | null
  providers: number
  failed: number
}

/** Sees to a page of providers: their workflows are there, and their subscriptions live, here and at the vendor. Safe to run twice. */
export async function maintainPage(
  deps: ActivityDeps,
  { after }: { after: string | null },
): Promise<MaintainedPage> {
  const page = await deps.database.system((db) => maintainedAfter(db, after, pageSize))
  let failed = 0
  for (const one of page) {
    deps.heartbeat()
    const line = await maintain(deps, one)
    deps.log('calendar-webhook-maintenance', line)
    if (line.action === 'failed') failed++
  }
  const last = page.length === pageSize ? (page.at(-1)?.provider.id ?? null) : null
  return { after: last, providers: page.length, failed }
}

/** The heartbeat: nobody who reads it has to know why there is none. */
export const finishMaintenance = (deps: ActivityDeps): Promise<void> =>
  deps.database.system((db) => noteMaintenance(db, deps.now()))

async function maintain(
  deps: ActivityDeps,
  { provider, before, subscription }: Maintained,
): Promise<MaintenanceLine> {
  const { id, tenantId, name, vendor } = provider
  const workflow = await deps.revive(provider)
  const tended = await tend(deps, provider, subscription).catch((error: unknown): Tended => {
    // One provider that cannot be seen to is told of, and keeps nobody behind it from being seen to.
    const name = error instanceof Error ? error.name : 'unknown'
    return { subscription, error: `It could not be seen to (${name}).` }
  })
  const action = actionOf(vendor, before, tended)
  // What was missed while nobody was told is looked for (R39).
  if (action === 'recreated') await catchUp(deps, provider)
  const oldExpiry = before?.expiresAt ?? null
  const newExpiry = tended.subscription?.expiresAt ?? null
  await deps.database.tenant(tenantId, async (db) => {
    // One that was deleted meanwhile leaves nothing here.
    const current = await findProvider(db, id)
    if (!current) return
    const { authorization, lastError, failures } = current
    const evidence = {
      vendor,
      authorization,
      failures,
      lastError: lastError && `${lastError.message} (${lastError.code})`,
      subscriptionError: tended.error,
      isStuck: workflow === 'stuck',
    }
    await holdAlerts(db, { tenantId, providerId: id }, alertsFor(evidence), {
      at: deps.now(),
      newId: () => deps.newId(),
    })
    await saveUpkeep(db, {
      providerId: id,
      tenantId,
      subscriptionId: tended.subscription?.externalId ?? null,
      expiresAt: newExpiry,
    })
  })
  return {
    tenantId,
    providerId: id,
    name,
    vendor,
    action,
    oldExpiry: oldExpiry?.toISOString() ?? null,
    newExpiry: newExpiry?.toISOString() ?? null,
    error: tended.error,
    workflow,
  }
}

interface Tended {
  /** The one that lives now. */
  subscription: Subscription | null
  /** Why there is none, or why it was not renewed in time; null when all is as it should be. */
  error: string | null
}

/** Renewals are the provider's own; what it left undone is done here. */
async function tend(deps: ActivityDeps, provider: Provider, known: Subscription | null): Promise<Tended> {
  if (isHalted(provider) || !(await canBeReached(deps, provider))) return { subscription: known, error: null }
  const nowMs = deps.now().getTime()
  // It is about to ask for its first one by itself: two that ask beside each other would get two.
  const isNew = !known && nowMs - provider.createdAt.getTime() < graceMs
  if (isNew) return { subscription: null, error: null }
  const isOverdue = !known || renewAt(known.grantedAt, known.expiresAt).getTime() + graceMs < nowMs
  if (!isOverdue && (await standsAtVendor(deps, provider, known))) return { subscription: known, error: null }

  const { failure } = await ensureSubscription(deps, { tenantId: provider.tenantId, providerId: provider.id })
  const [newest] = await deps.database.tenant(provider.tenantId, (db) => activeSubscriptions(db, provider.id))
  const living = newest && newest.expiresAt.getTime() > nowMs ? newest : null
  return {
    subscription: living,
    error: failure ?? (living ? null : 'There is no live subscription: polls see every change, later.'),
  }
}

/** One that the vendor does not know any more is stopped here too. A vendor that does not say is believed. */
async function standsAtVendor(deps: ActivityDeps, provider: Provider, known: Subscription): Promise<boolean> {
  try {
    const calendar = await connectedCalendar(deps, provider)
    if (await calendar.subscriptionStands(known)) return true
  } catch (error) {
    if (!(error instanceof VendorError)) throw error
    return true
  }
  await deps.database.tenant(provider.tenantId, (db) => stopSubscription(db, known.id))
  return false
}

async function catchUp(deps: ActivityDeps, { id, tenantId }: Provider): Promise<void> {
  const raised = await deps.database.tenant(tenantId, (db) => raiseNudges(db, [id], deps.now()))
  await deps.nudge(raised.map((providerId) => ({ id: providerId, tenantId })))
}

/** What happened since the pass before. Google renews by a new channel beside the old one: what follows without a gap was renewed. */
function actionOf(
  vendor: Provider['vendor'],
  before: Maintained['before'],
  { subscription, error }: Tended,
): UpkeepAction {
  if (error !== null) return 'failed'
  if (!subscription || !before) return 'skipped'
  if (before.subscriptionId === subscription.externalId) {
    return before.expiresAt && subscription.expiresAt > before.expiresAt ? 'renewed' : 'skipped'
  }
  const isSeamless = before.expiresAt !== null && subscription.grantedAt < before.expiresAt
  return vendor === 'google' && isSeamless ? 'renewed' : 'recreated'
}

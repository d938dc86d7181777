import type { Database } from '../db/connection.ts'
import type { Provider } from '../db/providers.ts'
import { takeCalls } from '../db/vendor-spending.ts'
import { vendorNames, type Vendor } from '../domain/event.ts'
import type { VendorLimits } from '../domain/vendor-limits.ts'
import { Throttled } from '../providers/errors.ts'

/** What is left to processes that take a few calls without writing them down, to retries and to clocks that differ. */
const share = { live: 0.9, backfill: 0.7 }
/** Of one project, however many tenants use it, one tenant may have this much. */
const tenantShare = 0.5
/** A process makes this many calls of a minute without asking, so that a calendar at rest costs no transaction. */
const unasked = { project: 100, account: 15 }
/** Then it takes so many at once. */
const atOnce = { project: 100, account: 20 }

const minute = 60_000

export interface BudgetDeps {
  database: Database
  vendorLimits: VendorLimits
  now(): Date
}

export interface Caller extends Pick<Provider, 'id' | 'tenantId' | 'vendor' | 'accountId'> {
  /** The OAuth client by which the vendor knows its project. */
  clientId: string
}

/** What this process may still call in a minute. */
interface Purse {
  minuteMs: number
  left: number
}

/** One process, one database: what it took is its own. */
const purses = new WeakMap<Database, Map<string, Purse>>()

/**
 * Spends calls that the vendor permits, or throws `Throttled` until the next minute begins: calling on would only be refused, and make
 * the wait longer. Backfills stop earlier than live work, and one tenant before it has all of a project that others use too.
 */
export async function spendCalls(
  deps: BudgetDeps,
  caller: Caller,
  calls: number,
  isBackfill: () => Promise<boolean>,
): Promise<void> {
  const { vendor, clientId, accountId, id, tenantId } = caller
  const project = `${vendor}/${clientId}`
  const nowMs = deps.now().getTime()
  const minuteMs = nowMs - (nowMs % minute)
  for (const [kind, scope] of [
    ['account', `${project}/${accountId ?? id}`],
    ['project', project],
  ] as const) {
    const purse = purseOf(deps.database, `${tenantId}/${scope}`, minuteMs, unasked[kind])
    if (purse.left < calls) {
      const limit = deps.vendorLimits[vendor][kind] * ((await isBackfill()) ? share.backfill : share.live)
      const most = { all: limit, tenant: kind === 'project' ? limit * tenantShare : limit }
      const wish = { scope, tenantId, minute: new Date(minuteMs), calls: Math.max(atOnce[kind], calls) }
      const isOurs = await deps.database.system((db) => takeCalls(db, wish, most))
      if (!isOurs) throw spent(vendor, minuteMs + minute, nowMs)
      purse.left += wish.calls
    }
    purse.left -= calls
  }
}

function purseOf(database: Database, key: string, minuteMs: number, left: number): Purse {
  const all = purses.get(database) ?? new Map<string, Purse>()
  purses.set(database, all)
  const known = all.get(key)
  if (known?.minuteMs === minuteMs) return known
  // Purses of minutes that are over are of no use to anybody.
  if (all.size > 10_000) for (const [old, purse] of all) if (purse.minuteMs < minuteMs) all.delete(old)
  const fresh = { minuteMs, left }
  all.set(key, fresh)
  return fresh
}

function spent(vendor: Vendor, nextMs: number, nowMs: number): Throttled {
  const message = `${vendorNames[vendor]}: the calls it permits in this minute are made; it goes on at ${new Date(nextMs).toISOString()}.`
  return new Throttled('budget', message, null, nextMs - nowMs)
}

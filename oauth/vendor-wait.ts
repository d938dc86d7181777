import type { Database, Db } from '../db/connection.ts'
import type { Provider } from '../db/providers.ts'
import { noteWait, waitOf } from '../db/vendor-waits.ts'
import { vendorNames } from '../domain/event.ts'
import { Throttled } from '../providers/errors.ts'

type Account = Pick<Provider, 'id' | 'tenantId' | 'vendor' | 'accountId'>

/** What a vendor counts calls by: the account behind a provider, and the project of its tenant's OAuth client. */
export const accountScope = ({ vendor, accountId, id }: Account): string => `${vendor}/${accountId ?? id}`
const projectScope = ({ vendor }: Account): string => vendor

/** Google's daily limit is the project's; every other refusal is taken for the account's, and another account finds out by itself. */
const projectCodes = new Set(['dailyLimitExceeded'])

/** Remembers that the vendor asked to wait, for every process that would call for the same account or project. */
export async function rememberWait(
  deps: { database: Database; now(): Date },
  provider: Account,
  { code, retryAfterMs }: Throttled,
): Promise<void> {
  const scope = projectCodes.has(code) ? projectScope(provider) : accountScope(provider)
  const until = new Date(deps.now().getTime() + retryAfterMs)
  const { tenantId } = provider
  await deps.database.tenant(tenantId, (db) => noteWait(db, { tenantId, scope, until }))
}

/** Throws `Throttled`, without a call, while the vendor has asked to wait: calling early makes the wait longer. */
export async function refuseWhileWaiting(db: Db, provider: Account, now: Date): Promise<void> {
  const until = await waitOf(db, [accountScope(provider), projectScope(provider)], now)
  if (!until) return
  const message = `${vendorNames[provider.vendor]}: it asked to wait until ${until.toISOString()}.`
  throw new Throttled('waiting', message, null, until.getTime() - now.getTime())
}

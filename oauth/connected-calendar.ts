import { findOAuthClient } from '../db/oauth-clients.ts'
import type { Provider } from '../db/providers.ts'
import { ClientRefused } from '../providers/errors.ts'
import { calendarOf } from '../providers/index.ts'
import type { CalendarProvider } from '../providers/port.ts'
import { accessTokenFor, type TokenDeps } from './access-token.ts'
import { spendCalls, type BudgetDeps } from './vendor-budget.ts'
import { refuseWhileWaiting, rememberWait } from './vendor-wait.ts'

/** How long a vendor may take to answer one request. */
const vendorTimeoutMs = 30_000

/**
 * The provider's calendar, ready to be asked. `beforeCall` runs before each request and may refuse it; one that is given asks
 * by itself whether the vendor wants us to wait. What the vendor permits in a minute is kept to either way.
 */
export async function connectedCalendar(
  deps: TokenDeps & BudgetDeps,
  provider: Provider,
  beforeCall: () => Promise<void> = () =>
    deps.database.tenant(provider.tenantId, (db) => refuseWhileWaiting(db, provider, deps.now())),
  isBackfill: () => Promise<boolean> = async () => false,
): Promise<CalendarProvider> {
  const client = await deps.database.tenant(provider.tenantId, (db) => findOAuthClient(db, provider.vendor))
  if (!client) throw new ClientRefused('no-client', 'The tenant has no OAuth client for this vendor.')
  return calendarOf(provider.vendor, {
    endpoints: client.endpoints,
    calendarId: provider.resolvedCalendarId ?? provider.calendarId,
    timeZone: provider.calendarTimeZone ?? 'UTC',
    timeoutMs: vendorTimeoutMs,
    now: () => deps.now(),
    accessToken: (refused) => accessTokenFor(deps, provider, refused),
    beforeCall: async (calls) => {
      await spendCalls(deps, { ...provider, clientId: client.clientId }, calls, isBackfill)
      await beforeCall()
    },
    throttled: (error) => rememberWait(deps, provider, error),
  })
}

import { createHash, randomBytes } from 'node:crypto'
import { violates } from '../db/constraint.ts'
import type { Db } from '../db/connection.ts'
import { fingerprintOf } from '../db/envelope.ts'
import { findOAuthClient } from '../db/oauth-clients.ts'
import {
  consumeOAuthState,
  deleteExpiredOAuthStates,
  insertOAuthState,
  type OAuthState,
} from '../db/oauth-states.ts'
import { markWindowPending } from '../db/pending.ts'
import { findCredentials, saveCredentials } from '../db/provider-credentials.ts'
import { findProvider, lockProvider, markConnected, type Connection, type Provider } from '../db/providers.ts'
import { forgetSubscriptions } from '../db/subscriptions.ts'
import { mainCalendar, type Vendor } from '../domain/event.ts'
import { windowAt } from '../domain/policy.ts'
import { ClientRefused, NotFound } from '../providers/errors.ts'
import { calendarOf } from '../providers/index.ts'
import type { CalendarProvider } from '../providers/port.ts'
import {
  authorizeUrl,
  exchangeCode,
  missingScopes,
  type ClientCredentials,
  type Tokens,
} from '../providers/oauth.ts'
import { clientCredentials, tokenContext, type TokenDeps } from './access-token.ts'
import { ConsentFailed, failureOfError, failureOfVendor } from './consent-failure.ts'

const stateMinutes = 10
/** A person looks at the callback page while the vendor is asked. */
const vendorTimeoutMs = 15_000

export interface ConsentDeps extends TokenDeps {
  config: { publicUrl: string }
}

export const redirectUriOf = (publicUrl: string, vendor: Vendor): string =>
  `${publicUrl}/oauth/${vendor}/callback`
const verifierContext = (providerId: string): string => `oauth-state:${providerId}`

/** Where the member consents. The state is random, single use, ten minutes, and bound to tenant, provider and browser. */
export async function beginConsent(
  deps: ConsentDeps,
  provider: Provider,
  browser: string | null,
): Promise<{ authorizeUrl: string; expiresAt: Date }> {
  const state = randomBytes(32).toString('base64url')
  const codeVerifier = randomBytes(32).toString('base64url')
  const redirectUri = redirectUriOf(deps.config.publicUrl, provider.vendor)
  const now = deps.now()
  const expiresAt = new Date(now.getTime() + stateMinutes * 60_000)
  const client = await deps.database.tenant(provider.tenantId, async (db) => {
    const found = await findOAuthClient(db, provider.vendor)
    if (!found) throw new ClientRefused('no-client', 'The tenant has no OAuth client for this vendor.')
    await deleteExpiredOAuthStates(db, now)
    await insertOAuthState(db, {
      stateHash: fingerprintOf(state),
      tenantId: provider.tenantId,
      providerId: provider.id,
      codeVerifierCiphertext: deps.envelope.seal(codeVerifier, verifierContext(provider.id)),
      redirectUri,
      browserHash: browser === null ? null : fingerprintOf(browser),
      expiresAt,
    })
    return found
  })
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url')
  const loginHint = provider.accountEmail
  return {
    authorizeUrl: authorizeUrl(provider.vendor, client, { redirectUri, state, codeChallenge, loginHint }),
    expiresAt,
  }
}

/** What a vendor's redirect brought along. */
export interface Callback {
  vendor: Vendor
  state: string | undefined
  code: string | undefined
  error: string | undefined
  /** The cookie of the browser that came back. */
  browser: string | undefined
}

/** Finishes a consent and stores the connection; throws ConsentFailed with words for the person who consented. */
export async function completeConsent(deps: ConsentDeps, callback: Callback): Promise<Provider> {
  const state = await takeState(deps, callback)
  if (callback.error !== undefined) throw failureOfVendor(callback.error)
  const { provider, client, hasRefreshToken } = await deps.database.tenant(state.tenantId, (db) =>
    partiesOf(db, deps, state, callback.vendor),
  )
  const codeVerifier = deps.envelope.open(state.codeVerifierCiphertext, verifierContext(provider.id))
  try {
    const { redirectUri } = state
    const code = callback.code ?? ''
    const tokens = await exchangeCode(provider.vendor, client, { code, redirectUri, codeVerifier })
    checkGrant(provider.vendor, tokens, hasRefreshToken)
    const connection = await identify(deps, provider, client, tokens)
    await deps.database.tenant(provider.tenantId, (db) => store(db, deps, provider, tokens, connection))
    return provider
  } catch (error) {
    if (violates(error, 'providers_one_connection')) throw new ConsentFailed('already_connected')
    throw failureOfError(error)
  }
}

async function takeState(deps: ConsentDeps, callback: Callback): Promise<OAuthState> {
  const hash = fingerprintOf(callback.state ?? '')
  const state = await deps.database.system((db) => consumeOAuthState(db, hash, deps.now()))
  if (!state) throw new ConsentFailed('state_expired')
  const isSameBrowser =
    state.browserHash === null || state.browserHash === fingerprintOf(callback.browser ?? '')
  // Somebody else's link, opened here, must not connect this person's calendar to their provider.
  if (!isSameBrowser) throw new ConsentFailed('other_browser')
  return state
}

async function partiesOf(
  db: Db,
  deps: ConsentDeps,
  state: OAuthState,
  vendor: Vendor,
): Promise<{ provider: Provider; client: ClientCredentials; hasRefreshToken: boolean }> {
  const provider = await findProvider(db, state.providerId)
  if (!provider || provider.vendor !== vendor) throw new ConsentFailed('state_expired')
  const client = await findOAuthClient(db, vendor)
  if (!client) throw new ConsentFailed('client_refused')
  const hasRefreshToken = (await findCredentials(db, provider.id)) !== undefined
  return { provider, client: clientCredentials(deps.envelope, client), hasRefreshToken }
}

/** People can untick scopes, and a vendor may keep the refresh token it gave before. */
function checkGrant(vendor: Vendor, tokens: Tokens, hasRefreshToken: boolean): void {
  const missing = missingScopes(vendor, tokens.scope)
  if (missing.length > 0) throw new ConsentFailed('scopes_missing', missing.join(', '))
  if (tokens.refreshToken === null && !hasRefreshToken) {
    throw new ConsentFailed('scopes_missing', 'access while you are away')
  }
}

/** Whose account this is and which calendar; a reconnect must be the same ones. */
async function identify(
  deps: ConsentDeps,
  provider: Provider,
  client: ClientCredentials,
  tokens: Tokens,
): Promise<Connection> {
  const calendar = calendarOf(provider.vendor, {
    endpoints: client.endpoints,
    calendarId: provider.resolvedCalendarId ?? provider.calendarId,
    timeZone: 'UTC',
    timeoutMs: vendorTimeoutMs,
    now: () => deps.now(),
    accessToken: async () => tokens.accessToken,
    beforeCall: async () => {},
  })
  const account = await calendar.account()
  requireSameAccount(provider, account.id)
  return { accountId: account.id, accountEmail: account.email, ...(await calendarIn(provider, calendar)) }
}

type CalendarOfConnection = Pick<Connection, 'resolvedCalendarId' | 'calendarTimeZone'>

/** An account's own calendar that is not found has moved with its mailbox: the next look tells where it is, and the consent stands. */
async function calendarIn(provider: Provider, calendar: CalendarProvider): Promise<CalendarOfConnection> {
  const { resolvedCalendarId, calendarTimeZone, calendarId, vendor } = provider
  try {
    const { id, timeZone } = await calendar.calendar()
    return { resolvedCalendarId: id, calendarTimeZone: timeZone }
  } catch (error) {
    const mayHaveMoved = error instanceof NotFound && calendarId === mainCalendar[vendor]
    if (!mayHaveMoved || resolvedCalendarId === null) throw error
    return { resolvedCalendarId, calendarTimeZone: calendarTimeZone ?? 'UTC' }
  }
}

function requireSameAccount(provider: Provider, accountId: string): void {
  if (provider.accountId === null || provider.accountId === accountId) return
  throw new ConsentFailed('other_account', provider.accountEmail ?? undefined)
}

async function store(
  db: Db,
  deps: ConsentDeps,
  provider: Provider,
  tokens: Tokens,
  connection: Connection,
): Promise<void> {
  // Another consent may have finished meanwhile.
  const current = await lockProvider(db, provider.id)
  if (!current) throw new ConsentFailed('state_expired')
  requireSameAccount(current, connection.accountId)
  const seal = (field: 'access-token' | 'refresh-token', token: string) =>
    deps.envelope.seal(token, tokenContext(field, provider))
  const kept = tokens.refreshToken === null ? await findCredentials(db, provider.id) : undefined
  const now = deps.now()
  await saveCredentials(db, {
    providerId: provider.id,
    tenantId: provider.tenantId,
    refreshTokenCiphertext: kept?.refreshTokenCiphertext ?? seal('refresh-token', tokens.refreshToken ?? ''),
    accessTokenCiphertext: seal('access-token', tokens.accessToken),
    accessTokenExpiresAt: new Date(now.getTime() + tokens.expiresInSeconds * 1000),
    scope: tokens.scope,
    consentedAt: now,
  })
  await markConnected(db, provider.id, connection)
  await forgetSubscriptions(db, provider.id)
  await markWindowPending(db, current, windowAt(now, current.policies))
}

import type { Database } from '../db/connection.ts'
import type { Envelope } from '../db/envelope.ts'
import { findOAuthClient, type OAuthClient } from '../db/oauth-clients.ts'
import {
  findCredentials,
  releaseRefreshLease,
  storeRefreshedTokens,
  takeRefreshLease,
  type ProviderCredentials,
} from '../db/provider-credentials.ts'
import type { Provider } from '../db/providers.ts'
import { ClientRefused, ConsentRevoked, OutcomeUnknown } from '../providers/errors.ts'
import { refreshTokens, type ClientCredentials } from '../providers/oauth.ts'

/** Where a ciphertext belongs: it opens nowhere else. */
export const tokenContext = (
  field: 'access-token' | 'refresh-token',
  provider: { tenantId: string; id: string },
): string => `${field}:${provider.tenantId}:${provider.id}`
export const clientSecretContext = (client: { tenantId: string; vendor: string }): string =>
  `client-secret:${client.tenantId}:${client.vendor}`

export interface TokenDeps {
  database: Database
  envelope: Envelope
  now(): Date
  /** Waits for somebody else; real time, or a simulation's. */
  pause(ms: number): Promise<void>
}

/** A token this close to its end is renewed first. */
const marginMs = 60_000
/** Longer than the token endpoint may take; whoever died with the lease is waited out. */
const refreshLeaseMs = 20_000

/**
 * A working access token of this provider. `refused` is one the vendor did not take: then it is refreshed, by one caller at
 * a time, and a rotated refresh token is stored before the new access token is used.
 */
export async function accessTokenFor(
  deps: TokenDeps,
  provider: Pick<Provider, 'id' | 'tenantId' | 'vendor'>,
  refused?: string,
): Promise<string> {
  while (true) {
    const credentials = await deps.database.tenant(provider.tenantId, (db) =>
      findCredentials(db, provider.id),
    )
    if (!credentials) throw new ConsentRevoked('no-consent', 'The provider has no consent: authorize it.')
    const current = deps.envelope.open(
      credentials.accessTokenCiphertext,
      tokenContext('access-token', provider),
    )
    const isFresh = credentials.accessTokenExpiresAt.getTime() - marginMs > deps.now().getTime()
    if (isFresh && current !== refused) return current

    const now = deps.now()
    const until = new Date(now.getTime() + refreshLeaseMs)
    const isOurs = await deps.database.tenant(provider.tenantId, (db) =>
      takeRefreshLease(db, provider.id, credentials.version, now, until),
    )
    if (isOurs) return refresh(deps, provider, credentials, until)
    await deps.pause(100)
  }
}

/** A token with its whole life before it: what a vendor ties to a token lasts no longer than that. */
export async function freshAccessToken(
  deps: TokenDeps,
  provider: Pick<Provider, 'id' | 'tenantId' | 'vendor'>,
): Promise<string> {
  return accessTokenFor(deps, provider, await accessTokenFor(deps, provider))
}

async function refresh(
  deps: TokenDeps,
  provider: Pick<Provider, 'id' | 'tenantId' | 'vendor'>,
  credentials: ProviderCredentials,
  until: Date,
): Promise<string> {
  try {
    const client = await deps.database.tenant(provider.tenantId, (db) => findOAuthClient(db, provider.vendor))
    if (!client) throw new ClientRefused('no-client', 'The tenant has no OAuth client for this vendor.')
    const refreshToken = deps.envelope.open(
      credentials.refreshTokenCiphertext,
      tokenContext('refresh-token', provider),
    )
    const tokens = await refreshTokens(
      provider.vendor,
      clientCredentials(deps.envelope, client),
      refreshToken,
    )
    const refreshedAt = deps.now()
    const stored = await deps.database.tenant(provider.tenantId, (db) =>
      storeRefreshedTokens(db, provider.id, credentials.version, {
        refreshTokenCiphertext: tokens.refreshToken
          ? deps.envelope.seal(tokens.refreshToken, tokenContext('refresh-token', provider))
          : credentials.refreshTokenCiphertext,
        accessTokenCiphertext: deps.envelope.seal(tokens.accessToken, tokenContext('access-token', provider)),
        accessTokenExpiresAt: new Date(refreshedAt.getTime() + tokens.expiresInSeconds * 1000),
        refreshedAt,
      }),
    )
    if (!stored) throw consentRenewed()
    return tokens.accessToken
  } catch (error) {
    const wasOurs = await deps.database.tenant(provider.tenantId, (db) =>
      releaseRefreshLease(db, provider.id, until),
    )
    // The refresh token we sent is not the newest any more: its end says nothing of the consent.
    if (!wasOurs && error instanceof ConsentRevoked) throw consentRenewed()
    throw error
  }
}

const consentRenewed = () =>
  new OutcomeUnknown('consent-renewed', 'The member consented again during a refresh.')

/** The client with its secret opened, for the length of one call. */
export function clientCredentials(envelope: Envelope, client: OAuthClient): ClientCredentials {
  return {
    clientId: client.clientId,
    clientSecret: envelope.open(client.secretCiphertext, clientSecretContext(client)),
    endpoints: client.endpoints,
  }
}

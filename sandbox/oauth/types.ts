import type { Vendor } from '../state.ts'

/** An application as it is registered with a vendor. */
export interface Client {
  readonly vendor: Vendor
  readonly clientId: string
  readonly clientSecret: string
  /** To be met exactly; without any, every https or loopback address is. */
  readonly redirectUris?: readonly string[]
  /** Google: the scopes on its consent screen; others are dropped without a word. */
  readonly scopes?: readonly string[]
  /** Google: its publishing status is "Testing", so that consents end after seven days. */
  readonly testing?: boolean
  /** Google: people of this domain only. */
  readonly internalTo?: string
  /** Google: for how long people give it access, in seconds. */
  readonly accessLimitSeconds?: number
  /** Microsoft: whose accounts it takes; everybody's without a word. */
  readonly audience?: Audience
  /** Microsoft: the tenant it is registered in, an id or a domain. */
  readonly tenant?: string
  /** Microsoft: its secret has expired. */
  readonly secretExpired?: boolean
  /** Microsoft: an administrator has to allow it for each tenant. */
  readonly needsAdminConsent?: boolean
  /** Microsoft: a page in a browser, which has no secret and whose refresh tokens live a day. */
  readonly singlePage?: boolean
}

export const audiences = ['everybody', 'organizations', 'one-tenant', 'consumers'] as const
export type Audience = (typeof audiences)[number]

/** What one account has allowed one client; every token hangs on it. */
export interface Grant {
  readonly id: string
  readonly vendor: Vendor
  readonly email: string
  readonly clientId: string
  readonly scopes: readonly string[]
  /** How it ended, if it has. */
  readonly ended: 'revoked' | 'consent-removed' | null
  /** Google gives a refresh token with the first exchange only. */
  readonly wasExchanged: boolean
}

export interface AuthorizationCode {
  readonly code: string
  readonly grantId: string
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly challenge: { method: 'S256' | 'plain'; value: string } | null
  readonly isOffline: boolean
  /** The person was asked for consent because the client wished it. */
  readonly wasPrompted: boolean
  readonly nonce: string | null
  readonly expiresAtMs: number
  readonly redeemed: boolean
}

export interface AccessToken {
  readonly token: string
  readonly vendor: Vendor
  readonly email: string
  readonly clientId: string
  /** Absent for a token made by the control API, which allows everything. */
  readonly grantId: string | null
  readonly scopes: readonly string[] | null
  readonly expiresAtMs: number
  readonly revoked: boolean
}

export interface RefreshToken {
  readonly token: string
  readonly grantId: string
  readonly scopes: readonly string[]
  readonly issuedAtMs: number
  readonly usedAtMs: number
  /** The end of a time that was agreed on at the consent. */
  readonly endsAtMs: number | null
  /** The sessions of its account were ended after it was given. */
  readonly revoked: boolean
}

/** What stands between an account and a token, until it is taken away or the person has done it. */
export const requirements = {
  google: ['admin-policy', 'session-control', 'disabled'],
  microsoft: [
    'mfa',
    'mfa-enrolment',
    'sign-in-frequency',
    'conditional-access',
    'compliant-device',
    'disabled',
  ],
} as const
export type Requirement = (typeof requirements)[Vendor][number]

/** That an administrator allowed a client for everybody in a tenant. */
export interface AdminConsent {
  readonly clientId: string
  readonly tenantId: string
  readonly scopes: readonly string[]
}

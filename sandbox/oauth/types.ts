import type { Vendor } from '../state.ts'

export interface Client {
  readonly vendor: Vendor
  readonly clientId: string
  readonly clientSecret: string
}

/** What one account has allowed one client; every token hangs on it. */
export interface Grant {
  readonly id: string
  readonly vendor: Vendor
  readonly email: string
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly revoked: boolean
}

export interface AuthorizationCode {
  readonly code: string
  readonly grantId: string
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly challenge: { method: 'S256' | 'plain'; value: string } | null
  readonly issuesRefreshToken: boolean
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

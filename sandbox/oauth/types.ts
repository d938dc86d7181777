import type { Vendor } from '../state.ts'

export interface Client {
  vendor: Vendor
  clientId: string
  clientSecret: string
}

/** What one account has allowed one client; every token hangs on it. */
export interface Grant {
  id: string
  vendor: Vendor
  email: string
  clientId: string
  scopes: string[]
  /** Google gives several over time, Microsoft one more at each refresh; all stay good until the grant is revoked. */
  refreshTokens: string[]
  revoked: boolean
}

export interface AuthorizationCode {
  code: string
  grantId: string
  redirectUri: string
  scopes: string[]
  challenge: { method: 'S256' | 'plain'; value: string } | null
  issuesRefreshToken: boolean
  nonce: string | null
  expiresAtMs: number
  redeemed: boolean
}

export interface AccessToken {
  token: string
  vendor: Vendor
  email: string
  clientId: string
  /** Absent for a token made by the control API, which allows everything. */
  grantId: string | null
  scopes: string[] | null
  expiresAtMs: number
  revoked: boolean
}

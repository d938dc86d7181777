import { createHash } from 'node:crypto'
import { alphanumeric, base64url } from '../random.ts'
import type { Vendor } from '../state.ts'
import { nowOf, type World } from '../world.ts'
import type { AccessToken, AuthorizationCode, Client, Grant } from './types.ts'

export const accessTokenSeconds = 3599
const codeLifetimeMs = 10 * 60_000

/** Who is calling, as its access token says. */
export interface Caller {
  vendor: Vendor
  email: string
  clientId: string
  /** Nothing means everything: such a token was made by the control API. */
  scopes: readonly string[] | null
}

export function findClient(world: World, vendor: Vendor, clientId: string | undefined): Client | undefined {
  const client = world.state.clients.get(clientId ?? '')
  return client?.vendor === vendor ? client : undefined
}

/** The client's grant by this account, made or widened by the given scopes; `isFirst` when there was none. */
export function consent(
  world: World,
  wish: { vendor: Vendor; email: string; clientId: string; scopes: string[] },
): { grant: Grant; isFirst: boolean } {
  const email = wish.email.toLowerCase()
  for (const grant of world.state.grants.values()) {
    const isSame = grant.vendor === wish.vendor && grant.email === email && grant.clientId === wish.clientId
    if (!isSame || grant.revoked) continue
    const widened = { ...grant, scopes: [...new Set([...grant.scopes, ...wish.scopes])] }
    world.state.grants.set(grant.id, widened)
    return { grant: widened, isFirst: false }
  }
  const grant: Grant = { ...wish, email, id: world.random.uuid(), revoked: false }
  world.state.grants.set(grant.id, grant)
  return { grant, isFirst: true }
}

export function issueCode(
  world: World,
  code: Omit<AuthorizationCode, 'code' | 'expiresAtMs' | 'redeemed'>,
  vendor: Vendor,
): AuthorizationCode {
  const text =
    vendor === 'google'
      ? `4/0A${world.random.text(60, base64url)}`
      : `M.C5_${world.random.text(80, alphanumeric)}`
  const issued = { ...code, code: text, expiresAtMs: nowOf(world) + codeLifetimeMs, redeemed: false }
  world.state.codes.set(text, issued)
  return issued
}

export function redeemCode(world: World, code: AuthorizationCode): void {
  world.state.codes.set(code.code, { ...code, redeemed: true })
}

export function issueAccessToken(
  world: World,
  holder: {
    vendor: Vendor
    email: string
    clientId: string
    grantId: string | null
    scopes: readonly string[] | null
  },
): AccessToken {
  const prefix = holder.vendor === 'google' ? 'ya29.a0' : 'EwB'
  const token: AccessToken = {
    ...holder,
    token: `${prefix}${world.random.text(120, base64url)}`,
    expiresAtMs: nowOf(world) + accessTokenSeconds * 1000,
    revoked: false,
  }
  world.state.accessTokens.set(token.token, token)
  return token
}

/** Google gives several over time, Microsoft one more at each refresh; all stay good until the grant is revoked. */
export function issueRefreshToken(world: World, grant: Grant): string {
  const prefix = grant.vendor === 'google' ? '1//0' : 'M.C5_BAY.0.U.-'
  const token = `${prefix}${world.random.text(80, base64url)}`
  world.state.refreshTokens.set(token, grant.id)
  return token
}

export function findGrantByRefreshToken(world: World, vendor: Vendor, token: string): Grant | undefined {
  const grant = world.state.grants.get(world.state.refreshTokens.get(token) ?? '')
  return grant?.vendor === vendor ? grant : undefined
}

/** Ends a grant: its refresh tokens and the access tokens made from it stop working at once. */
export function revokeGrant(world: World, grant: Grant): void {
  world.state.grants.set(grant.id, { ...grant, revoked: true })
  revokeAccessTokens(world, (token) => token.grantId === grant.id)
}

export function revokeAccessTokens(world: World, isMeant: (token: AccessToken) => boolean): void {
  for (const [key, token] of world.state.accessTokens) {
    if (!token.revoked && isMeant(token)) world.state.accessTokens.set(key, { ...token, revoked: true })
  }
}

export type TokenCheck =
  | { kind: 'valid'; caller: Caller }
  | { kind: 'expired' }
  | { kind: 'unknown' }
  | { kind: 'absent' }

export function checkBearer(world: World, vendor: Vendor, header: string | undefined): TokenCheck {
  const text = /^Bearer\s+(\S+)$/i.exec(header ?? '')?.[1]
  if (text === undefined) return { kind: 'absent' }
  const token = world.state.accessTokens.get(text)
  if (token === undefined || token.revoked || token.vendor !== vendor) return { kind: 'unknown' }
  if (token.expiresAtMs <= nowOf(world)) return { kind: 'expired' }
  return { kind: 'valid', caller: token }
}

export function isVerified(code: AuthorizationCode, verifier: string | undefined): boolean {
  if (code.challenge === null) return true
  if (verifier === undefined) return false
  const hashed = createHash('sha256').update(verifier).digest('base64url')
  return code.challenge.value === (code.challenge.method === 'S256' ? hashed : verifier)
}

/** An unsigned identity token: enough to read an email from, never enough to trust. */
export function identityToken(claims: Record<string, unknown>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`
}

/** A redirect goes to https, or to http on this machine. */
export function isRedirectAddress(address: string | undefined): address is string {
  if (address === undefined || !URL.canParse(address)) return false
  const url = new URL(address)
  if (url.protocol === 'https:') return true
  return url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
}

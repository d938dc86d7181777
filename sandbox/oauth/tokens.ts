import { isObject, textOf } from '../json.ts'
import { base64url } from '../random.ts'
import type { Vendor } from '../state.ts'
import { nowOf, type World } from '../world.ts'
import type { Caller } from './grants.ts'
import type { AccessToken, Grant, RefreshToken } from './types.ts'

export const accessTokenSeconds = 3599

export function issueAccessToken(
  world: World,
  holder: Pick<AccessToken, 'vendor' | 'email' | 'clientId' | 'grantId' | 'scopes'>,
  form: { prefix: string; seconds: number },
): AccessToken {
  const token: AccessToken = {
    ...holder,
    token: `${form.prefix}${world.random.text(120, base64url)}`,
    expiresAtMs: nowOf(world) + form.seconds * 1000,
    revoked: false,
  }
  world.state.accessTokens.set(token.token, token)
  return token
}

export function issueRefreshToken(
  world: World,
  grant: Grant,
  form: { prefix: string; scopes: readonly string[]; endsAtMs: number | null },
): RefreshToken {
  const now = nowOf(world)
  const token: RefreshToken = {
    token: `${form.prefix}${world.random.text(80, base64url)}`,
    grantId: grant.id,
    scopes: form.scopes,
    issuedAtMs: now,
    usedAtMs: now,
    endsAtMs: form.endsAtMs,
    revoked: false,
  }
  world.state.refreshTokens.set(token.token, token)
  return token
}

export function noteUse(world: World, token: RefreshToken): void {
  world.state.refreshTokens.set(token.token, { ...token, usedAtMs: nowOf(world) })
}

/** A refresh token of a vendor with the grant it hangs on. */
export function findRefreshToken(
  world: World,
  vendor: Vendor,
  text: string,
): { token: RefreshToken; grant: Grant } | undefined {
  const token = world.state.refreshTokens.get(text)
  const grant = world.state.grants.get(token?.grantId ?? '')
  return token === undefined || grant?.vendor !== vendor ? undefined : { token, grant }
}

export type TokenCheck =
  | { kind: 'valid'; caller: Caller }
  | { kind: 'expired'; caller: Caller }
  | { kind: 'unknown' }
  | { kind: 'absent' }

export function checkBearer(world: World, vendor: Vendor, header: string | undefined): TokenCheck {
  const text = /^Bearer\s+(\S+)$/i.exec(header ?? '')?.[1]
  if (text === undefined) return { kind: 'absent' }
  const token = world.state.accessTokens.get(text)
  if (token === undefined || token.revoked || token.vendor !== vendor) return { kind: 'unknown' }
  return { kind: token.expiresAtMs <= nowOf(world) ? 'expired' : 'valid', caller: token }
}

/** The account a form of the sign-in is about: the one chosen, or that of its code or token. */
export function accountInForm(world: World, vendor: Vendor, form: unknown): string | null {
  if (!isObject(form)) return null
  const { accessTokens, codes, grants, refreshTokens } = world.state
  const [account, code, token] = ['account', 'code', 'refresh_token'].map((name) => textOf(form[name]) ?? '')
  const revoked = textOf(form['token']) ?? ''
  const grantId =
    codes.get(code ?? '')?.grantId ??
    refreshTokens.get(token || revoked)?.grantId ??
    accessTokens.get(revoked)?.grantId ??
    ''
  const grant = grants.get(grantId)
  if (grant?.vendor === vendor) return grant.email
  return account === undefined || account === '' ? null : account.toLowerCase()
}

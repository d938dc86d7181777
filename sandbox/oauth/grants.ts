import type { Vendor } from '../state.ts'
import type { World } from '../world.ts'
import type { AccessToken, Grant } from './types.ts'

/** Who is calling, as its access token says. */
export interface Caller {
  vendor: Vendor
  email: string
  clientId: string
  /** Nothing means everything: such a token was made by the control API. */
  scopes: readonly string[] | null
}

/** The client's grant by this account, made or widened by the given scopes. */
export function consent(
  world: World,
  wish: { vendor: Vendor; email: string; clientId: string; scopes: readonly string[] },
): Grant {
  const known = findGrant(world, wish.vendor, wish.email, wish.clientId)
  const grant: Grant =
    known === undefined
      ? {
          ...wish,
          email: wish.email.toLowerCase(),
          id: world.random.uuid(),
          ended: null,
          wasExchanged: false,
        }
      : { ...known, scopes: [...new Set([...known.scopes, ...wish.scopes])] }
  world.state.grants.set(grant.id, grant)
  return grant
}

/** The grant that stands, if any. */
export function findGrant(world: World, vendor: Vendor, email: string, clientId: string): Grant | undefined {
  return grantsOf(world, vendor, email).find((grant) => grant.clientId === clientId && grant.ended === null)
}

export function grantsOf(world: World, vendor: Vendor, email: string): Grant[] {
  const key = email.toLowerCase()
  return [...world.state.grants.values()].filter((grant) => grant.vendor === vendor && grant.email === key)
}

/** Ends a grant: its refresh tokens and the access tokens made from it stop working at once. */
export function endGrant(world: World, grant: Grant, ended: Exclude<Grant['ended'], null>): void {
  world.state.grants.set(grant.id, { ...grant, ended })
  revokeAccessTokens(world, (token) => token.grantId === grant.id)
  world.allowanceEnded(grant.vendor, grant.email, grant.clientId)
}

export function revokeAccessTokens(world: World, isMeant: (token: AccessToken) => boolean): void {
  for (const [key, token] of world.state.accessTokens) {
    if (!token.revoked && isMeant(token)) world.state.accessTokens.set(key, { ...token, revoked: true })
  }
}

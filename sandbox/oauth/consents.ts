import type { Account } from '../accounts.ts'
import { nowOf, type World } from '../world.ts'
import { endGrant, grantsOf, revokeAccessTokens } from './grants.ts'
import type { Grant } from './types.ts'

type OfSomebody = { vendor: string; email: string }

/** Ends all that an account has allowed anybody; answers how many consents those were. */
export function revokeEverything(world: World, account: Account): number {
  const grants = standing(world, account)
  for (const grant of grants) endGrant(world, grant, 'revoked')
  revokeAccessTokens(world, isOf(account))
  world.allowanceEnded(account.vendor, account.email, null)
  return grants.length
}

/** Lets the access tokens of an account be over now; whoever has a refresh token gets another. */
export function expireAccessTokens(world: World, account: Account): number {
  const now = nowOf(world)
  const isOfAccount = isOf(account)
  const living = [...world.state.accessTokens.values()].filter(
    (token) => isOfAccount(token) && !token.revoked && token.expiresAtMs > now,
  )
  for (const token of living) world.state.accessTokens.set(token.token, { ...token, expiresAtMs: now })
  return living.length
}

/** Leaves all clients some of the scopes an account granted them. */
export function reduceConsents(world: World, account: Account, scopes: readonly string[]): void {
  for (const grant of standing(world, account)) reduceGrant(world, grant, scopes)
}

/** Leaves a client some of the scopes it was granted; without any the consent is gone. */
export function reduceGrant(world: World, grant: Grant, scopes: readonly string[]): readonly string[] {
  const left = grant.scopes.filter((scope) => scopes.includes(scope))
  if (left.length === 0) {
    endGrant(world, grant, 'consent-removed')
    return left
  }
  world.state.grants.set(grant.id, { ...grant, scopes: left })
  for (const [key, token] of world.state.accessTokens) {
    if (token.grantId !== grant.id) continue
    const kept = token.scopes?.filter((scope) => left.includes(scope)) ?? null
    world.state.accessTokens.set(key, { ...token, scopes: kept })
  }
  return left
}

function standing(world: World, { vendor, email }: Account): Grant[] {
  return grantsOf(world, vendor, email).filter(({ ended }) => ended === null)
}

function isOf(account: Account): (one: OfSomebody) => boolean {
  return ({ vendor, email }) => vendor === account.vendor && email === account.email
}

import { allAccounts, type Account } from '../accounts.ts'
import type { Vendor } from '../state.ts'
import type { World } from '../world.ts'
import { grantsOf } from './grants.ts'
import type { Requirement } from './types.ts'

/** What stands between an account and a token. */
export function requirementOf(world: World, vendor: Vendor, email: string): Requirement | null {
  return world.state.requirements.get(keyOf(vendor, email)) ?? null
}

export function setRequirement(world: World, vendor: Vendor, email: string, wish: Requirement | null): void {
  if (wish === null) world.state.requirements.delete(keyOf(vendor, email))
  else world.state.requirements.set(keyOf(vendor, email), wish)
}

function keyOf(vendor: Vendor, email: string): string {
  return `${vendor} ${email.toLowerCase()}`
}

/** Ends every session of an account, as a reset password does: its refresh tokens are void, its consents stand. */
export function endSessions(world: World, vendor: Vendor, email: string): void {
  const grants = new Set(grantsOf(world, vendor, email).map(({ id }) => id))
  for (const [key, token] of world.state.refreshTokens) {
    if (grants.has(token.grantId) && !token.revoked)
      world.state.refreshTokens.set(key, { ...token, revoked: true })
  }
  world.allowanceEnded(vendor, email.toLowerCase(), null)
}

/**
 * Who is signed in at a vendor without being asked: the hinted account, or the only one there is. There are no cookies
 * here; whoever plays has every account's session.
 */
export function silentAccount(
  world: World,
  vendor: Vendor,
  hint: string | undefined,
): Account | 'none' | 'several' {
  const accounts = allAccounts(world).filter((account) => account.vendor === vendor)
  if (hint !== undefined) return accounts.find((account) => isHinted(account, hint)) ?? 'none'
  const [only, another] = accounts
  if (only === undefined) return 'none'
  return another === undefined ? only : 'several'
}

/** A hint is an address or the vendor's own id of the person. */
export function isHinted(account: Account, hint: string | undefined): boolean {
  return hint !== undefined && (account.email === hint.toLowerCase() || account.subject === hint)
}

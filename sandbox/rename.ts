import type { Account } from './accounts.ts'
import { renameGoogle } from './google/rename.ts'
import { requirementOf, setRequirement } from './oauth/sign-ins.ts'
import type { Records } from './records.ts'
import type { Vendor } from './state.ts'
import type { World } from './world.ts'

/** Gives an account another address; who it is, and what it allowed anybody, stays. */
export function renameAccount(world: World, account: Account, to: string): void {
  const { vendor, email } = account
  // As another state it is written down anew, without the old address.
  world.state = { ...world.state }
  const { grants, accessTokens, subscriptions, removedCalendars, microsoft } = world.state
  readdress(grants, vendor, email, to)
  readdress(accessTokens, vendor, email, to)
  setRequirement(world, vendor, to, requirementOf(world, vendor, email))
  setRequirement(world, vendor, email, null)
  if (account.vendor === 'google') return renameGoogle(world, account, to)
  microsoft.delete(email)
  microsoft.set(to, { ...account, email: to })
  for (const [id, subscription] of subscriptions)
    if (subscription.email === email) subscriptions.set(id, { ...subscription, email: to })
  for (const id of account.removed.keys()) removedCalendars.set(id, to)
}

function readdress<T extends { vendor: Vendor; email: string }>(
  records: Records<T>,
  vendor: Vendor,
  email: string,
  to: string,
): void {
  for (const [key, record] of records)
    if (record.vendor === vendor && record.email === email) records.set(key, { ...record, email: to })
}

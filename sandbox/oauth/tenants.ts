import { createHash } from 'node:crypto'
import { allAccounts, type Account } from '../accounts.ts'
import type { MicrosoftAccount } from '../microsoft/types.ts'
import type { World } from '../world.ts'

/** The tenant of everybody's personal accounts (https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference). */
export const personalTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad'

/** The tenant an account is in: one for each domain, and one for all personal accounts. */
export function tenantOf(account: MicrosoftAccount): string {
  return account.kind === 'personal' ? personalTenantId : tenantOfDomain(domainOf(account))
}

function domainOf({ email }: Account): string {
  return email.split('@')[1] ?? ''
}

function tenantOfDomain(domain: string): string {
  const hash = createHash('sha256').update(domain.toLowerCase()).digest('hex')
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`
}

/** Whose accounts a tenant in a path stands for. */
export type Audience =
  | { kind: 'common' | 'organizations' | 'consumers' }
  | { kind: 'tenant'; id: string }
  | { kind: 'unknown' }

/** A tenant is there when an account of it is. */
export function audienceOf(world: World, tenant: string): Audience {
  const name = tenant.toLowerCase()
  if (name === 'common' || name === 'organizations' || name === 'consumers') return { kind: name }
  if (name === personalTenantId) return { kind: 'consumers' }
  const home = microsoftAccounts(world).find(
    (account) => tenantOf(account) === name || (account.kind === 'work' && domainOf(account) === name),
  )
  return home === undefined ? { kind: 'unknown' } : { kind: 'tenant', id: tenantOf(home) }
}

export function isIn(audience: Audience, account: MicrosoftAccount): boolean {
  switch (audience.kind) {
    case 'common':
      return true
    case 'organizations':
      return account.kind === 'work'
    case 'consumers':
      return account.kind === 'personal'
    case 'tenant':
      return tenantOf(account) === audience.id
    case 'unknown':
      return false
  }
}

export function microsoftAccounts(world: World): MicrosoftAccount[] {
  return allAccounts(world).filter((account) => account.vendor === 'microsoft')
}

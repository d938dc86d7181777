import type { World } from '../world.ts'
import { etagOf } from './etags.ts'
import type { AclEntry, CalendarFacts } from './types.ts'

/** What a person may do with a calendar, from nothing to everything. */
export const roles = [
  'none',
  'freeBusyReader',
  'reader',
  'writerWithoutPrivateAccess',
  'writer',
  'owner',
] as const
export type Role = (typeof roles)[number]

export function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value)
}

export function isAtLeast(role: Role, least: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(least)
}

/** The rules of a calendar's access list, those taken back too. Nobody has to write the owner's own. */
export function rulesOf(world: World, calendar: CalendarFacts): readonly AclEntry[] {
  return world.state.acls.get(calendar.id) ?? [ownRule(calendar.owner)]
}

function ownRule(owner: string): AclEntry {
  const id = `user:${owner}`
  const etag = etagOf(0)
  const scope = { type: 'user', value: owner }
  return { id, version: 0, resource: { kind: 'calendar#aclRule', etag, id, scope, role: 'owner' } }
}

/** The most that any rule of a calendar allows a person. */
export function roleOf(world: World, calendar: CalendarFacts, email: string): Role {
  if (calendar.owner === email) return 'owner'
  let best: Role = 'none'
  for (const { resource } of rulesOf(world, calendar)) {
    const { role } = resource
    if (isRole(role) && isAtLeast(role, best) && covers(world, resource.scope, email)) best = role
  }
  return best
}

function covers(world: World, scope: AclEntry['resource']['scope'], email: string): boolean {
  const value = scope?.value ?? ''
  if (scope?.type === 'user') return value === email
  if (scope?.type === 'domain') return email.endsWith(`@${value}`)
  if (scope?.type === 'group') return world.state.groups.get(value)?.includes(email) ?? false
  return scope?.type === 'default'
}

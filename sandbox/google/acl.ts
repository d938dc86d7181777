import { isObject, textOf } from '../json.ts'
import { nowOf, type World } from '../world.ts'
import { changeAccess } from './calendars.ts'
import { announce } from './channel-messages.ts'
import { GoogleError, invalid, notFound } from './errors.ts'
import { nextStamp } from './etags.ts'
import { isRole, rulesOf, type Role } from './roles.ts'
import type { AclEntry, GoogleAccount, GoogleCalendar } from './types.ts'

const rulesMax = 6000

/** Whom a rule is about: everybody, or one person, group or domain. */
export interface Scope {
  type: string
  value?: string
}

export function findRule(world: World, calendar: GoogleCalendar, id: string): AclEntry {
  const rule = rulesOf(world, calendar).find((one) => one.id === id)
  if (rule === undefined) throw notFound()
  return rule
}

export function ruleIdOf({ type, value }: Scope): string {
  return value === undefined ? type : `${type}:${value}`
}

/** The role and scope in the body of a write, as far as they are given. */
export function readRule(body: unknown): { role?: Role; scope?: Scope } {
  if (!isObject(body)) throw invalid('Invalid request body.')
  const { role, scope } = body
  if (role !== undefined && !isRole(role)) throw invalid('Invalid value for: role')
  return {
    ...(isRole(role) ? { role } : {}),
    ...(scope === undefined || scope === null ? {} : { scope: readScope(scope) }),
  }
}

export function readScope(scope: unknown): Scope {
  const type = isObject(scope) ? textOf(scope['type']) : undefined
  const value = isObject(scope) ? textOf(scope['value'])?.trim().toLowerCase() : undefined
  if (type === 'default') return { type }
  if (type !== 'user' && type !== 'group' && type !== 'domain') throw invalidScope()
  const isValue = type === 'domain' ? /^[^\s@:]+\.[^\s@:]+$/ : /^[^\s@]+@[^\s@]+$/
  if (value === undefined || !isValue.test(value)) throw invalidScope()
  return { type, value }
}

/** Gives a scope a role at a calendar, in the place of the one it had; nothing happens when it has it already. */
export function saveRule(
  world: World,
  by: GoogleAccount,
  calendar: GoogleCalendar,
  { scope, role }: { scope: Scope; role: string },
  isMailed: boolean,
): AclEntry {
  const id = ruleIdOf(scope)
  refuseOwners(by, calendar, id)
  if (scope.type === 'default' && (role === 'owner' || role.startsWith('writer')))
    throw inCalendar(400, 'illegalAccessRoleForDefault', 'The default scope cannot have this role.')
  const rules = rulesOf(world, calendar)
  const known = rules.find((rule) => rule.id === id)
  if (known?.resource.role === role) return known
  if (known === undefined && rules.filter(({ resource }) => resource.role !== 'none').length >= rulesMax)
    throw new GoogleError(403, 'quotaExceeded', 'Calendar usage limits exceeded.', { domain: 'usageLimits' })

  const { version, etag } = nextStamp(world)
  const rule = { id, version, resource: { kind: 'calendar#aclRule', etag, id, scope, role } }
  const others = rules.map((one) => (one.id === id ? rule : one))
  world.state.acls.set(calendar.id, known === undefined ? [...rules, rule] : others)
  changeAccess(world, calendar)
  announce(world, 'acl', calendar.id)
  if (isMailed && role !== 'none') noteSharing(world, by, calendar, scope)
  return rule
}

/** Nobody changes their own access, and nobody that of the person whose calendar it is. */
function refuseOwners(by: GoogleAccount, calendar: GoogleCalendar, ruleId: string): void {
  if (ruleId === `user:${by.email}`)
    throw inCalendar(403, 'cannotChangeOwnAcl', 'Cannot change your own access level.')
  if (ruleId === `user:${calendar.owner}`) {
    const message = 'The access of the owner of a calendar cannot be changed.'
    throw inCalendar(403, 'cannotModifyAclOfCalendarOwner', message)
  }
}

/** Google writes to people and groups a calendar is shared with, and only to them. */
function noteSharing(world: World, by: GoogleAccount, calendar: GoogleCalendar, scope: Scope): void {
  if ((scope.type !== 'user' && scope.type !== 'group') || scope.value === undefined) return
  world.mail.push({
    at: new Date(nowOf(world)).toISOString(),
    vendor: 'google',
    account: by.email,
    kind: 'sharing',
    to: [scope.value],
    subject: calendar.name,
    eventId: '',
  })
}

function invalidScope(): GoogleError {
  return inCalendar(400, 'invalidScopeValue', 'Invalid scope value.')
}

function inCalendar(status: number, reason: string, message: string): GoogleError {
  return new GoogleError(status, reason, message, { domain: 'calendar' })
}

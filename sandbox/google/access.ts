import type { World } from '../world.ts'
import { GoogleError, notFound } from './errors.ts'
import { isAtLeast, roleOf, type Role } from './roles.ts'
import { googleSwitch } from './switches.ts'
import type { GoogleAccount, GoogleCalendar } from './types.ts'

/** A calendar as a person reaches it. */
export interface Access {
  calendar: GoogleCalendar
  role: Role
}

/** The calendar an account means by an id, and what it may do there; without any right to it there is none. */
export function accessTo(world: World, account: GoogleAccount, id: string): Access {
  const calendar = account.calendars.get(id === 'primary' ? account.email : id) ?? calendarById(world, id)
  const role = calendar === undefined ? 'none' : roleOf(world, calendar, account.email)
  if (calendar === undefined || role === 'none') throw notFound()
  return { calendar, role }
}

/** The same for somebody who needs at least a certain right there. */
export function accessAtLeast(world: World, account: GoogleAccount, id: string, least: Role): Access {
  const access = accessTo(world, account, id)
  if (!isAtLeast(access.role, least)) throw lacksAccess(world, least)
  return access
}

/** The refusal of somebody who sees a calendar but may not do this with it. */
export function lacksAccess(world: World, least: Role): GoogleError {
  if (googleSwitch(world.state, 'missingAccessReason') === 'forbidden')
    return new GoogleError(403, 'forbidden', 'Forbidden')
  const message = `You need to have ${least} access to this calendar.`
  return new GoogleError(403, 'requiredAccessLevel', message, { domain: 'calendar' })
}

/** A calendar of any account. */
export function calendarById(world: World, id: string): GoogleCalendar | undefined {
  const primary = world.state.google.get(id.toLowerCase())?.calendars.get(id.toLowerCase())
  if (primary !== undefined) return primary
  for (const { calendars } of world.state.google.values()) {
    const calendar = calendars.get(id)
    if (calendar !== undefined) return calendar
  }
  return undefined
}

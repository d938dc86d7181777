import type { World } from '../world.ts'
import { saveRule } from './acl.ts'
import { subscribe } from './calendar-list.ts'
import { makeCalendar, newCalendarId } from './calendars.ts'
import type { Role } from './roles.ts'
import type { CalendarFacts, GoogleAccount, GoogleCalendar } from './types.ts'

/** A calendar somebody has in their list that may be another's. */
export interface SharedWish {
  name: string
  /** What the account may do there. */
  accessRole: Role
  /** Whether Google itself fills it, as it does holidays: everybody may read it, and it opens no channels. */
  isHoliday: boolean
  timeZone?: string
  description?: string
}

/** Gives an account a calendar of another's, unless it has one of that name from there. */
export function ensureShared(
  world: World,
  account: GoogleAccount,
  owner: GoogleAccount,
  wish: SharedWish,
): GoogleCalendar {
  const known = [...owner.calendars.values()].find(({ name }) => name === wish.name)
  const calendar = known ?? makeShared(world, owner, wish)
  if (owner.email === account.email) return calendar
  const scope = wish.isHoliday ? { type: 'default' } : { type: 'user', value: account.email }
  saveRule(world, owner, calendar, { scope, role: wish.accessRole }, false)
  subscribe(world, account, calendar)
  return calendar
}

function makeShared(world: World, owner: GoogleAccount, wish: SharedWish): GoogleCalendar {
  const { name, isHoliday, timeZone, description } = wish
  const facts: Partial<CalendarFacts> = {
    name,
    opensChannels: !isHoliday,
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(description === undefined ? {} : { description }),
  }
  const slug = name.toLowerCase().replaceAll(/[^a-z]+/g, '-')
  const id = isHoliday ? `en.${slug}#holiday@group.v.calendar.google.com` : newCalendarId(world)
  return makeCalendar(world, owner, id, facts)
}

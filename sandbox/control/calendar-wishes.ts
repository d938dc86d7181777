import { ensureAccount } from '../accounts.ts'
import { isRole } from '../google/roles.ts'
import { ensureShared, type SharedWish } from '../google/shared-calendars.ts'
import type { GoogleAccount } from '../google/types.ts'
import { isObject, textOf, textsOf } from '../json.ts'
import { isIanaZone } from '../zones.ts'
import type { World } from '../world.ts'
import { ControlError } from './errors.ts'

/** Who owns a shared calendar when nobody is named. */
const someoneElse = 'someone.else@example.com'

/** A calendar told in more than a name, and whose it is. */
export interface CalendarWish extends SharedWish {
  owner: string | undefined
}

/** The names in a list of calendars, and what is told of others: `{name, accessRole?, owner?, isHoliday?, …}`. */
export function readWishes(given: unknown): { names: string[]; wishes: CalendarWish[] } {
  const others = Array.isArray(given) ? given.filter((one: unknown) => typeof one !== 'string') : []
  return { names: textsOf(given), wishes: others.map(readWish) }
}

/** Gives an account the calendars it is to have, made first where they are not there. */
export function ensureWished(world: World, account: GoogleAccount, wishes: CalendarWish[]): void {
  for (const wish of wishes) {
    const email = wish.owner ?? (wish.accessRole === 'owner' ? account.email : someoneElse)
    const owner = ensureAccount(world, { vendor: 'google', email, timeZone: account.timeZone })
    if (owner.vendor === 'google') ensureShared(world, account, owner, wish)
  }
}

function readWish(given: unknown): CalendarWish {
  if (!isObject(given)) throw new ControlError(400, 'calendars must be names, or objects with a name.')
  const name = textOf(given['name'])
  const isHoliday = given['isHoliday'] === true
  const accessRole = given['accessRole'] ?? (isHoliday ? 'reader' : 'owner')
  const timeZone = textOf(given['timeZone'])
  const description = textOf(given['description'])
  if (!name) throw new ControlError(400, 'A calendar needs a name.')
  if (!isRole(accessRole) || accessRole === 'none')
    throw new ControlError(400, 'accessRole must be one of Google’s, such as reader.')
  if (isHoliday && accessRole !== 'reader' && accessRole !== 'freeBusyReader')
    throw new ControlError(400, 'Nobody but Google writes into its own calendars.')
  if (timeZone !== undefined && !isIanaZone(timeZone))
    throw new ControlError(400, `${timeZone} is no IANA time zone.`)
  return {
    name,
    accessRole,
    isHoliday,
    owner: isHoliday ? undefined : textOf(given['owner'])?.toLowerCase(),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(description === undefined ? {} : { description }),
  }
}

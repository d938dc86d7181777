import { findAccount, type Account } from './accounts.ts'
import type { Occasion, WorldTrouble } from './faults.ts'
import { changeAccess, removeCalendar as removeFromGoogle } from './google/calendars.ts'
import { moveMailbox } from './microsoft/mailbox-move.ts'
import { removeCalendar as removeFromMicrosoft } from './microsoft/calendars.ts'
import { expireAccessTokens, reduceConsents, revokeEverything } from './oauth/consents.ts'
import { renameAccount } from './rename.ts'
import type { World } from './world.ts'

const worldTroubles = [
  'tokenRevoked',
  'accessTokenExpired',
  'consentReduced',
  'calendarRemoved',
  'accountRenamed',
  'mailboxMoved',
  'cursorInvalidated',
] as const

/** Lets the world change under a caller just before its request is served; says whether anything did. */
export function befallWorld(world: World, occasion: Occasion): boolean {
  const account = findAccount(world, occasion.vendor, occasion.account ?? '')
  if (account === undefined) return false
  const faults = world.faults.strike(worldTroubles, occasion)
  for (const fault of faults) befall(world, account, fault)
  return faults.length > 0
}

/** What cannot befall an account, such as the loss of a calendar it does not have, leaves it as it is. */
function befall(world: World, account: Account, trouble: WorldTrouble): void {
  switch (trouble.kind) {
    case 'tokenRevoked':
      revokeEverything(world, account)
      return
    case 'accessTokenExpired':
      expireAccessTokens(world, account)
      return
    case 'consentReduced':
      reduceConsents(world, account, trouble.scopes)
      return
    case 'calendarRemoved':
      removeCalendar(world, account, trouble.calendar)
      return
    case 'accountRenamed':
      if (findAccount(world, account.vendor, trouble.to) === undefined)
        renameAccount(world, account, trouble.to.toLowerCase())
      return
    case 'mailboxMoved':
      if (account.vendor === 'microsoft') moveMailbox(world, account, trouble.ids)
      return
    case 'cursorInvalidated':
      invalidateCursors(world, account)
  }
}

/** By its id or name; nobody loses their first calendar. */
function removeCalendar(world: World, account: Account, wanted: string): void {
  const isMeant = ({ id, name, primary }: { id: string; name: string; primary: boolean }): boolean =>
    !primary && (id === wanted || name === wanted)
  if (account.vendor === 'google') {
    const calendar = [...account.calendars.values()].find(isMeant)
    if (calendar !== undefined) removeFromGoogle(world, calendar)
    return
  }
  const calendar = [...account.calendars.values()].find(isMeant)
  if (calendar !== undefined) removeFromMicrosoft(world, account, calendar)
}

/** The vendors forget where their followers stood: sync tokens of events and delta links are dead. */
function invalidateCursors(world: World, account: Account): void {
  if (account.vendor === 'google') {
    for (const calendar of account.calendars.values()) changeAccess(world, calendar)
    return
  }
  // As another state it is written down anew.
  world.state = { ...world.state }
  world.state.microsoft.set(account.email, { ...account, forgotten: (account.forgotten ?? 0) + 1 })
}

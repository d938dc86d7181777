import { createEventLog } from './event-log.ts'
import { makeCalendar, newCalendarId } from './google/calendars.ts'
import type { GoogleAccount } from './google/types.ts'
import type { AccountKind, MicrosoftAccount, MicrosoftCalendar } from './microsoft/types.ts'
import { base64url, hex } from './random.ts'
import type { Vendor } from './state.ts'
import type { World } from './world.ts'

export type Account = GoogleAccount | MicrosoftAccount

export interface AccountWishes {
  vendor: Vendor
  email: string
  timeZone?: string
  /** Names of calendars beside the primary one. */
  calendars?: string[]
  /** Microsoft's are of an organization or a person's own; without a word it shows by the domain. */
  kind?: AccountKind
}

export const defaultTimeZone = 'Europe/Berlin'

export function findAccount(world: World, vendor: Vendor, email: string): Account | undefined {
  const key = email.toLowerCase()
  return vendor === 'google' ? world.state.google.get(key) : world.state.microsoft.get(key)
}

export function allAccounts(world: World): Account[] {
  return [...world.state.google.values(), ...world.state.microsoft.values()]
}

/** Makes an account, or gives the one that is there its missing calendars. */
export function ensureAccount(world: World, wishes: AccountWishes): Account {
  const email = wishes.email.toLowerCase()
  const timeZone = wishes.timeZone ?? defaultTimeZone
  const names = wishes.calendars ?? []
  return wishes.vendor === 'google'
    ? ensureGoogle(world, email, timeZone, names)
    : ensureMicrosoft(world, { ...wishes, email, timeZone }, names)
}

function ensureGoogle(world: World, email: string, timeZone: string, names: string[]): GoogleAccount {
  let account = world.state.google.get(email)
  if (account === undefined) {
    const subject = `1${world.random.text(20, '0123456789')}`
    account = { vendor: 'google', email, subject, timeZone, calendars: new Map() }
    world.state.google.set(email, account)
    makeCalendar(world, account, email, {})
  }
  for (const name of missing(names, account)) makeCalendar(world, account, newCalendarId(world), { name })
  return account
}

function ensureMicrosoft(
  world: World,
  { email, timeZone, kind = kindByDomain(email) }: AccountWishes & { timeZone: string },
  names: string[],
): MicrosoftAccount {
  let account = world.state.microsoft.get(email)
  const newCalendar = (name: string, primary: boolean, zone: string): MicrosoftCalendar => {
    const id = newMicrosoftCalendarId(world)
    return { id, name, primary, timeZone: zone, log: createEventLog() }
  }
  if (account === undefined) {
    const primary = newCalendar('Calendar', true, timeZone)
    account = {
      vendor: 'microsoft',
      kind,
      email,
      // A personal account's id in Graph is a short one.
      subject: kind === 'work' ? world.random.uuid() : world.random.text(16, hex),
      timeZone,
      calendars: new Map([[primary.id, primary]]),
      removed: new Map(),
      transactions: new Map(),
      homes: new Map(),
    }
    world.state.microsoft.set(email, account)
  }
  for (const name of missing(names, account)) {
    const calendar = newCalendar(name, false, account.timeZone)
    account.calendars.set(calendar.id, calendar)
  }
  return account
}

/** The id of a folder; it stays what it is wherever the folder goes. */
export function newMicrosoftCalendarId(world: World): string {
  return `AQMkAD${world.random.text(40, base64url)}AAA=`
}

/** Microsoft's own domains are those of personal accounts. */
export function kindByDomain(email: string): AccountKind {
  return /@(outlook|hotmail|live|msn)\.[a-z.]+$/.test(email) ? 'personal' : 'work'
}

function missing(names: string[], account: Account): string[] {
  const present = new Set([...account.calendars.values()].map((calendar) => calendar.name))
  return names.filter((name) => !present.has(name))
}

/** The calendar of an id, `primary` meaning the account's own. */
export function findCalendar<C extends { id: string; primary: boolean }>(
  account: { calendars: Map<string, C> },
  id: string,
): C | undefined {
  return id === 'primary' ? primaryOf(account) : account.calendars.get(id)
}

export function primaryOf<C extends { primary: boolean }>(account: {
  calendars: Map<string, C>
}): C | undefined {
  return [...account.calendars.values()].find((calendar) => calendar.primary)
}

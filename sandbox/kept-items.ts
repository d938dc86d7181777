import type { ClockSetting } from './clock.ts'
import { changesBetween, type Entry } from './event-log.ts'
import type { GoogleAccount } from './google/types.ts'
import type { AccountKind, MicrosoftAccount } from './microsoft/types.ts'
import type { Records } from './records.ts'
import type { State, Vendor } from './state.ts'
import type { World } from './world.ts'

const recordNames = [
  'switches',
  'clients',
  'grants',
  'codes',
  'accessTokens',
  'refreshTokens',
  'requirements',
  'adminConsents',
  'signingKeys',
  'channels',
  'subscriptions',
  'mailboxes',
  'calendarLists',
  'acls',
  'settings',
  'groups',
  'removedCalendars',
] as const

/** One thing the vendors remember, as it is written down; a later item about the same thing replaces an earlier one. */
export type KeptItem =
  | { kind: 'world'; random: number; version: number; epoch: number; clock?: ClockSetting; epochs: number[] }
  | { kind: 'record'; of: (typeof recordNames)[number]; key: string; value: unknown }
  | {
      kind: 'account'
      vendor: Vendor
      email: string
      subject: string
      timeZone: string
      accountKind?: AccountKind
      moves?: number
      forgotten?: number
    }
  | ({ kind: 'calendar'; vendor: Vendor; email: string } & KeptCalendar)
  | { kind: 'event'; vendor: Vendor; email: string; calendar: string; id: string; entry: Entry<unknown> }

/** What a calendar says of itself. */
interface KeptCalendar {
  id: string
  name: string
  primary: boolean
  timeZone: string
}

/** What has been written down already. */
export interface Kept {
  world: string
  /** Calendars as they are kept; one that changed is another object. */
  calendars: WeakSet<object>
  /** The number of the last kept change of each calendar. */
  logs: WeakMap<object, number>
}

export function nothingKept(): Kept {
  return { world: '', calendars: new WeakSet(), logs: new WeakMap() }
}

/** Everything the vendors remember. */
export function* allItems(world: World): Generator<KeptItem> {
  yield worldItem(world)
  for (const of of recordNames) {
    for (const [key, value] of world.state[of]) yield { kind: 'record', of, key, value }
  }
  yield* calendarItems(world.state, nothingKept())
}

/** What has changed since it was last written down. */
export function* changedItems(world: World, kept: Kept): Generator<KeptItem> {
  const item = worldItem(world)
  if (JSON.stringify(item) !== kept.world) yield item
  for (const of of recordNames) {
    const records: Records<unknown> = world.state[of]
    for (const key of records.changedKeys())
      yield { kind: 'record', of, key, value: records.get(key) ?? null }
  }
  yield* calendarItems(world.state, kept)
}

/** Notes that everything is written down. */
export function settle(world: World, kept: Kept): void {
  kept.world = JSON.stringify(worldItem(world))
  for (const of of recordNames) world.state[of].settle()
  for (const account of accountsOf(world.state)) {
    for (const calendar of calendarsOf(account)) {
      kept.calendars.add(calendar)
      kept.logs.set(calendar.log, calendar.log.sequence)
    }
  }
}

function worldItem({ random, counters, state }: World): KeptItem {
  const { clock, epochs } = state
  return { kind: 'world', random: random.position(), ...counters, clock, epochs }
}

function* calendarItems(state: State, kept: Kept): Generator<KeptItem> {
  for (const account of accountsOf(state)) {
    const { vendor, email, subject, timeZone } = account
    let isNew = true
    for (const calendar of calendarsOf(account)) {
      const { log } = calendar
      const after = kept.logs.get(log)
      // An account is as old as its first calendar.
      if (isNew && after === undefined)
        yield { kind: 'account', vendor, email, subject, timeZone, ...moreOf(account) }
      isNew = false
      if (!kept.calendars.has(calendar)) yield { kind: 'calendar', vendor, email, ...factsOf(calendar) }
      for (const change of changesBetween<unknown>(log, after ?? 0, log.sequence))
        yield { kind: 'event', vendor, email, calendar: calendar.id, ...change }
    }
  }
}

/** Those too that could be brought back. */
function calendarsOf(account: GoogleAccount | MicrosoftAccount) {
  const removed = account.vendor === 'microsoft' ? account.removed.values() : []
  return [...account.calendars.values(), ...removed]
}

/** What only Microsoft's accounts have. */
function moreOf(account: GoogleAccount | MicrosoftAccount): {
  accountKind?: AccountKind
  moves?: number
  forgotten?: number
} {
  if (account.vendor === 'google') return {}
  const { kind, moves, forgotten } = account
  return {
    accountKind: kind,
    ...(moves === undefined ? {} : { moves }),
    ...(forgotten === undefined ? {} : { forgotten }),
  }
}

/** Everything of a calendar but its events. */
function factsOf(calendar: KeptCalendar & { log: unknown; exceptions?: unknown }): KeptCalendar {
  const { log: _log, exceptions: _exceptions, ...facts } = calendar
  return facts
}

function accountsOf(state: State) {
  return [...state.google.values(), ...state.microsoft.values()]
}

import { kindByDomain } from './accounts.ts'
import { createEventLog, eventLogOf, type Entry } from './event-log.ts'
import { subscribe } from './google/calendar-list.ts'
import { calendarOf } from './google/calendars.ts'
import type { GoogleAccount, GoogleCalendar, GoogleEvent } from './google/types.ts'
import type { KeptItem } from './kept-items.ts'
import type { MicrosoftAccount, MicrosoftCalendar, MicrosoftEvent } from './microsoft/types.ts'
import { asToday } from './older-records.ts'
import type { Records } from './records.ts'
import type { World } from './world.ts'

/** Gives a new world what another one had written down. */
export function putBack(world: World, items: Iterable<KeptItem>): void {
  for (const item of items) putBackItem(world, item)
  for (const [id, email] of world.state.removedCalendars) {
    world.state.google.get(email)?.calendars.delete(id)
    const account = world.state.microsoft.get(email)
    const calendar = account?.calendars.get(id)
    if (calendar !== undefined) account?.removed.set(id, calendar)
    account?.calendars.delete(id)
  }
  for (const account of world.state.google.values()) mendGoogle(world, account)
  for (const account of world.state.microsoft.values()) mendMicrosoft(account)
}

function putBackItem(world: World, item: KeptItem): void {
  const { state } = world
  switch (item.kind) {
    case 'world':
      world.random.moveTo(item.random)
      world.counters = { version: item.version, epoch: item.epoch }
      // A file from before clocks could stand still does not say how its clock stood.
      state.clock = item.clock ?? state.clock
      state.epochs = item.epochs
      return
    case 'record': {
      const records: Records<unknown> = state[item.of]
      if (item.value === null) records.delete(item.key)
      else records.set(item.key, asToday(world, item))
      return
    }
    case 'account': {
      const { vendor, email, subject, timeZone, moves, forgotten } = item
      const account = { email, subject, timeZone, calendars: new Map() }
      if (vendor === 'google') state.google.set(email, { ...account, vendor })
      else {
        const kind = item.accountKind ?? kindByDomain(email)
        state.microsoft.set(email, {
          ...account,
          vendor,
          kind,
          ...(moves === undefined ? {} : { moves }),
          ...(forgotten === undefined ? {} : { forgotten }),
          removed: new Map(),
          transactions: new Map(),
          homes: new Map(),
        })
      }
      return
    }
    case 'calendar': {
      const { kind: _kind, vendor, email, ...facts } = item
      if (vendor === 'google') putBackGoogle(world, email, facts)
      else putBackMicrosoft(world, email, facts)
      return
    }
    case 'event': {
      const { vendor, email, calendar, id, entry } = item
      // What was written down of a vendor's calendar are that vendor's events.
      if (vendor === 'google')
        state.google
          .get(email)
          ?.calendars.get(calendar)
          ?.log.entries.set(id, entry as Entry<GoogleEvent>)
      else
        state.microsoft
          .get(email)
          ?.calendars.get(calendar)
          ?.log.entries.set(id, entry as Entry<MicrosoftEvent>)
    }
  }
}

type Facts = Pick<GoogleCalendar & MicrosoftCalendar, 'id' | 'name' | 'primary' | 'timeZone'>

/** A calendar that is written down again has changed and keeps its events. */
function putBackGoogle(world: World, email: string, facts: Facts): void {
  const account = world.state.google.get(email)
  if (account === undefined) return
  const known = account.calendars.get(facts.id)
  account.calendars.set(facts.id, { ...(known ?? calendarOf(account, facts.id, {})), ...facts })
}

function putBackMicrosoft(world: World, email: string, facts: Facts): void {
  const calendars = world.state.microsoft.get(email)?.calendars
  calendars?.set(facts.id, { ...(calendars.get(facts.id) ?? { log: createEventLog() }), ...facts })
}

/** What can be told from the events themselves is not written down but found again. */
function mendGoogle(world: World, account: GoogleAccount): void {
  for (const calendar of account.calendars.values()) {
    // Files from before there were calendar lists do not tell of them.
    subscribe(world, account, calendar)
    calendar.log = eventLogOf(calendar.log.entries)
    for (const { event } of calendar.log.entries.values()) {
      if (event.recurringEventId) addException(calendar, event.recurringEventId, event.id)
    }
  }
}

function addException({ exceptions }: GoogleCalendar, masterId: string, id: string): void {
  exceptions.set(masterId, (exceptions.get(masterId) ?? new Set()).add(id))
}

function mendMicrosoft(account: MicrosoftAccount): void {
  for (const calendar of [...account.calendars.values(), ...account.removed.values()]) {
    calendar.log = eventLogOf(calendar.log.entries)
    for (const { event } of calendar.log.entries.values()) {
      account.homes.set(event.core, calendar.id)
      const { transactionId } = event.properties
      if (transactionId) account.transactions.set(transactionId, event.core)
    }
  }
}

import type { EnteringPolicy } from './entering.ts'
import type { EventTime } from './event.ts'
import { span } from './time.ts'

/** Which way changes may flow, for every kind of change, deletes included. */
export type Direction = 'both' | 'inbound' | 'outbound'

/** What happens when both sides edited the same event since they last agreed. */
export type ConflictPolicy = 'manual' | 'merge-fields' | 'prefer-schedule' | 'prefer-external'

/** What an open conflict pauses: its own pair, or every pair of its provider. */
export type PauseScope = 'event' | 'provider'

export interface ProviderPolicies extends EnteringPolicy {
  conflicts: ConflictPolicy
  pauseScope: PauseScope
  windowPastDays: number
  windowFutureDays: number
}

export const defaultPolicies: ProviderPolicies = {
  conflicts: 'manual',
  pauseScope: 'event',
  enters: 'all',
  marker: null,
  eventTypes: ['default', 'outOfOffice', 'focusTime', 'fromGmail'],
  privateEvents: 'busy',
  windowPastDays: 90,
  windowFutureDays: 730,
}

export interface SyncWindow {
  /** RFC 3339, inclusive. */
  from: string
  /** RFC 3339, exclusive. */
  to: string
}

const dayMs = 86_400_000

/** The span of time a provider keeps the same on both sides. Outside it nothing is created or deleted. */
export function windowAt(now: Date, policies: ProviderPolicies): SyncWindow {
  return {
    from: new Date(now.getTime() - policies.windowPastDays * dayMs).toISOString(),
    to: new Date(now.getTime() + policies.windowFutureDays * dayMs).toISOString(),
  }
}

/** The window a vendor is asked for: wider, so that an edge (all-day in some zone, a slow week) is never a deletion. */
export function widened(window: SyncWindow, days: number): SyncWindow {
  return {
    from: new Date(Date.parse(window.from) - days * dayMs).toISOString(),
    to: new Date(Date.parse(window.to) + days * dayMs).toISOString(),
  }
}

export function isInWindow(time: EventTime, window: SyncWindow): boolean {
  const { startsAt, endsAt } = span(time)
  return Date.parse(endsAt) >= Date.parse(window.from) && Date.parse(startsAt) < Date.parse(window.to)
}

export const flowsIn = (direction: Direction): boolean => direction !== 'outbound'
export const flowsOut = (direction: Direction): boolean => direction !== 'inbound'

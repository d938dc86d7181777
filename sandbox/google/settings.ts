import type { World } from '../world.ts'
import { announce } from './channel-messages.ts'
import { etagOf, nextStamp } from './etags.ts'
import type { GoogleAccount, SettingEntry } from './types.ts'

/** The settings there are and how each stands before a person changes it (https://developers.google.com/calendar/api/v3/reference/settings). */
const usual: Record<string, string> = {
  autoAddHangouts: 'false',
  dateFieldOrder: 'MDY',
  defaultEventLength: '60',
  format24HourTime: 'false',
  hideInvitations: 'false',
  hideWeekends: 'false',
  locale: 'en',
  remindOnRespondedEventsOnly: 'false',
  showDeclinedEvents: 'true',
  timezone: 'Etc/GMT',
  useKeyboardShortcuts: 'true',
  weekStart: '0',
}

export const settingNames = Object.keys(usual)

/** An account's settings: those in their usual state have never changed. */
export function settingsOf(world: World, account: GoogleAccount): SettingEntry[] {
  const changed = new Map((world.state.settings.get(account.email) ?? []).map((entry) => [entry.id, entry]))
  return Object.entries({ ...usual, timezone: account.timeZone }).map(
    ([id, value]) =>
      changed.get(id) ?? {
        id,
        version: 0,
        resource: { kind: 'calendar#setting', etag: etagOf(0), id, value },
      },
  )
}

export function isUsual({ id, resource }: SettingEntry): boolean {
  return usual[id] === resource.value
}

/** Sets a setting as the person would in their calendar; the API itself only reads. */
export function changeSetting(world: World, account: GoogleAccount, id: string, value: string): void {
  const known = settingsOf(world, account).find((entry) => entry.id === id)
  if (known?.resource.value === value) return
  const { version, etag } = nextStamp(world)
  const entry = { id, version, resource: { kind: 'calendar#setting', etag, id, value } }
  const others = (world.state.settings.get(account.email) ?? []).filter((one) => one.id !== id)
  world.state.settings.set(account.email, [...others, entry])
  announce(world, 'settings', account.email)
}

/** The time zone of a person's settings. */
export function timeZoneOf(world: World, account: GoogleAccount): string {
  const entry = settingsOf(world, account).find(({ id }) => id === 'timezone')
  return entry?.resource.value ?? account.timeZone
}

import type { ClockSetting } from './clock.ts'
import { copyEventLog } from './event-log.ts'
import { Records } from './records.ts'
import type { SwitchValue } from './switch.ts'
import type { SigningKey } from './oauth/keys.ts'
import type {
  AccessToken,
  AdminConsent,
  AuthorizationCode,
  Client,
  Grant,
  RefreshToken,
  Requirement,
} from './oauth/types.ts'
import type { AclEntry, Channel, GoogleAccount, ListEntry, SettingEntry } from './google/types.ts'
import type { MailboxFacts, MicrosoftAccount, MicrosoftCalendar, Subscription } from './microsoft/types.ts'

/** Everything the played vendors remember, as plain data that can be copied. */
export interface State {
  clock: ClockSetting
  /**
   * The lives this state has lived. A restore starts a new one, so that a cursor given out after the snapshot is
   * unknown afterwards, and one given out before it goes on working.
   */
  epochs: number[]
  /** Switches that do not stand at their default, by full name. */
  switches: Records<SwitchValue>
  clients: Records<Client>
  grants: Records<Grant>
  codes: Records<AuthorizationCode>
  accessTokens: Records<AccessToken>
  refreshTokens: Records<RefreshToken>
  /** What stands between accounts and tokens, by vendor and email. */
  requirements: Records<Requirement>
  /** By client and tenant. */
  adminConsents: Records<AdminConsent>
  /** The vendors' keys for identity tokens. */
  signingKeys: Records<SigningKey>
  channels: Records<Channel>
  subscriptions: Records<Subscription>
  /** What Google accounts have in their calendar lists, by email. */
  calendarLists: Records<readonly ListEntry[]>
  /** The access list of each Google calendar that is not its owner’s alone, by the calendar’s id. */
  acls: Records<readonly AclEntry[]>
  /** What Google accounts have changed of their settings, by email. */
  settings: Records<readonly SettingEntry[]>
  /** The members of groups of Google accounts, by the group’s address. */
  groups: Records<readonly string[]>
  /** The owners of calendars that are no more, by the calendar’s id. */
  removedCalendars: Records<string>
  /** What Microsoft mailboxes have beside their calendars, by their owner’s subject. */
  mailboxes: Records<MailboxFacts>
  google: Map<string, GoogleAccount>
  microsoft: Map<string, MicrosoftAccount>
}

export type Vendor = 'google' | 'microsoft'

export function isVendor(value: unknown): value is Vendor {
  return value === 'google' || value === 'microsoft'
}

export function createState(epoch: number): State {
  const clients: Client[] = [
    {
      vendor: 'google',
      clientId: 'sandbox-google.apps.googleusercontent.com',
      clientSecret: 'sandbox-google-secret',
    },
    {
      vendor: 'microsoft',
      clientId: '00000000-5a4d-4b0c-8000-000000000001',
      clientSecret: 'sandbox-microsoft-secret',
    },
  ]
  return {
    clock: { kind: 'running', offsetMs: 0 },
    epochs: [epoch],
    switches: new Records(),
    clients: new Records(clients.map((client) => [client.clientId, client])),
    grants: new Records(),
    codes: new Records(),
    accessTokens: new Records(),
    refreshTokens: new Records(),
    requirements: new Records(),
    adminConsents: new Records(),
    signingKeys: new Records(),
    channels: new Records(),
    subscriptions: new Records(),
    calendarLists: new Records(),
    acls: new Records(),
    settings: new Records(),
    groups: new Records(),
    removedCalendars: new Records(),
    mailboxes: new Records(),
    google: new Map(),
    microsoft: new Map(),
  }
}

/** A copy for a snapshot. Events and records are shared, since they are replaced and never edited. */
export function copyState(state: State): State {
  const { google, microsoft } = state
  return {
    clock: state.clock,
    epochs: [...state.epochs],
    switches: new Records(state.switches),
    clients: new Records(state.clients),
    grants: new Records(state.grants),
    codes: new Records(state.codes),
    accessTokens: new Records(state.accessTokens),
    refreshTokens: new Records(state.refreshTokens),
    requirements: new Records(state.requirements),
    adminConsents: new Records(state.adminConsents),
    signingKeys: new Records(state.signingKeys),
    channels: new Records(state.channels),
    subscriptions: new Records(state.subscriptions),
    calendarLists: new Records(state.calendarLists),
    acls: new Records(state.acls),
    settings: new Records(state.settings),
    groups: new Records(state.groups),
    removedCalendars: new Records(state.removedCalendars),
    mailboxes: new Records(state.mailboxes),
    google: mapValues(google, (account) => ({
      ...account,
      calendars: mapValues(account.calendars, (calendar) => ({
        ...calendar,
        log: copyEventLog(calendar.log),
        exceptions: mapValues(calendar.exceptions, (ids) => new Set(ids)),
      })),
    })),
    microsoft: mapValues(microsoft, (account) => ({
      ...account,
      calendars: mapValues(account.calendars, copyCalendar),
      removed: mapValues(account.removed, copyCalendar),
      transactions: new Map(account.transactions),
      homes: new Map(account.homes),
    })),
  }
}

function copyCalendar(calendar: MicrosoftCalendar): MicrosoftCalendar {
  return { ...calendar, log: copyEventLog(calendar.log) }
}

function mapValues<K, V>(map: Map<K, V>, copy: (value: V) => V): Map<K, V> {
  return new Map([...map].map(([key, value]) => [key, copy(value)]))
}

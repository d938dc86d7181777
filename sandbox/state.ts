import { copyEventLog } from './event-log.ts'
import type { Client, Grant, AccessToken, AuthorizationCode } from './oauth/types.ts'
import type { GoogleAccount, Channel } from './google/types.ts'
import type { MicrosoftAccount, Subscription } from './microsoft/types.ts'

/** Everything the played vendors remember, as plain data that can be copied. */
export interface State {
  clockOffsetMs: number
  /**
   * The lives this state has lived. A restore starts a new one, so that a cursor given out after the snapshot is
   * unknown afterwards, and one given out before it goes on working.
   */
  epochs: number[]
  clients: Map<string, Client>
  grants: Map<string, Grant>
  codes: Map<string, AuthorizationCode>
  accessTokens: Map<string, AccessToken>
  google: Map<string, GoogleAccount>
  microsoft: Map<string, MicrosoftAccount>
  channels: Map<string, Channel>
  subscriptions: Map<string, Subscription>
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
    clockOffsetMs: 0,
    epochs: [epoch],
    clients: new Map(clients.map((client) => [client.clientId, client])),
    grants: new Map(),
    codes: new Map(),
    accessTokens: new Map(),
    google: new Map(),
    microsoft: new Map(),
    channels: new Map(),
    subscriptions: new Map(),
  }
}

/** A copy for a snapshot. Events are shared, since they are replaced and never edited; all else is cloned. */
export function copyState(state: State): State {
  const { google, microsoft, ...rest } = state
  return {
    ...structuredClone(rest),
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
      calendars: mapValues(account.calendars, (calendar) => ({
        ...calendar,
        log: copyEventLog(calendar.log),
      })),
      transactions: new Map(account.transactions),
      homes: new Map(account.homes),
    })),
  }
}

function mapValues<K, V>(map: Map<K, V>, copy: (value: V) => V): Map<K, V> {
  return new Map([...map].map(([key, value]) => [key, copy(value)]))
}

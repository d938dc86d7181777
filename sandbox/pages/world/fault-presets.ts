import type { Vendor } from '../../state.ts'

/** Whom something is to befall; all accounts of both vendors when neither is said. */
export interface Whom {
  vendor?: Vendor
  account?: string
}

/** A trouble that people ask for again and again, in their words. */
export interface Preset {
  name: string
  label: string
  /** The vendor it is about; nothing when it is about both. */
  vendor?: Vendor
  /** A fault of the control API without its whom; or an act. */
  does: { fault: Record<string, unknown>; forMs?: number } | { act: 'revoke' }
}

/** Paths are those of the vendors' own APIs. */
const googleList = '^/calendar/v3/calendars/[^/]+/events$'
const graphDelta = '/delta$'

export const presets: Preset[] = [
  {
    name: 'lost-create',
    label: 'The answer to the next new event is lost',
    does: { fault: { kind: 'responseLost', method: 'POST', path: '/events$' } },
  },
  {
    name: 'lost-change',
    label: 'The answer to the next change is lost',
    does: { fault: { kind: 'responseLost', method: 'PATCH', path: '/events/' } },
  },
  {
    name: 'google-503',
    label: 'Google answers 503 three times',
    vendor: 'google',
    does: { fault: { kind: 'error', status: 503, path: '^/calendar/v3', times: 3 } },
  },
  {
    name: 'google-quota',
    label: 'Google’s quota is used up, three times',
    vendor: 'google',
    does: {
      fault: { kind: 'error', status: 403, code: 'rateLimitExceeded', path: '^/calendar/v3', times: 3 },
    },
  },
  {
    name: 'graph-429',
    label: 'Microsoft answers 429 three times: wait 5 s',
    vendor: 'microsoft',
    does: { fault: { kind: 'error', status: 429, retryAfter: 5, path: '^/v1\\.0', times: 3 } },
  },
  {
    name: 'google-410',
    label: 'Google no longer knows the next sync token',
    vendor: 'google',
    does: {
      fault: { kind: 'error', status: 410, code: 'fullSyncRequired', method: 'GET', path: googleList },
    },
  },
  {
    name: 'graph-410',
    label: 'Microsoft no longer knows the next delta link',
    vendor: 'microsoft',
    does: {
      fault: { kind: 'error', status: 410, code: 'SyncStateNotFound', method: 'GET', path: graphDelta },
    },
  },
  {
    name: 'slow',
    label: 'The next call takes half a minute',
    does: { fault: { kind: 'latency', ms: 30_000 } },
  },
  {
    name: 'no-hooks',
    label: 'No web hook arrives for a minute',
    does: { fault: { kind: 'dropNotification', times: 'always' }, forMs: 60_000 },
  },
  {
    name: 'double-hooks',
    label: 'The next three web hooks arrive twice',
    does: { fault: { kind: 'doubleNotification', times: 3 } },
  },
  {
    name: 'forged-hook',
    label: 'Somebody forges a web hook',
    does: { fault: { kind: 'forgeNotification' } },
  },
  { name: 'revoke', label: 'The account takes back all consents', does: { act: 'revoke' } },
]

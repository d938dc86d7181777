import type { Vendor } from '../../domain/event.ts'
import type { Chance } from './chance.ts'

export type Fault = Record<string, unknown>

/** What goes wrong at a vendor during one attempt: every answer that its sheet names, and what befalls its world. */
export function faultAt(chance: Chance, vendor: Vendor): Fault {
  const nth = 1 + chance.below(3)
  const method = chance.pick(['POST', 'PATCH', 'DELETE'])
  const writes = { method, path: '/events' }
  const cursor = vendor === 'google' ? '/events$' : '/delta$'
  const lost =
    vendor === 'google'
      ? chance.pick([{ code: 'fullSyncRequired' }, { code: 'updatedMinTooLongAgo' }])
      : chance.pick([{ code: 'SyncStateNotFound' }, { code: 'ResyncRequired' }, { code: 'syncStateInvalid' }])
  return chance.weigh<Fault>([
    [4, { kind: 'responseLost', ...writes }],
    [1, { kind: 'truncatedBody', cut: 'connection', ...writes }],
    [1, { kind: 'truncatedBody', cut: 'connection', method: 'GET', nth }],
    [1, { kind: 'reset', nth }],
    [1, { kind: 'error', status: chance.pick([500, 502, 503, 504]), nth }],
    [1, { kind: 'error', status: chance.pick([500, 503]), ...writes }],
    [1, { kind: 'error', status: 429, retryAfter: 1, nth }],
    [
      1,
      vendor === 'google'
        ? { kind: 'error', status: 403, code: 'rateLimitExceeded', nth }
        : { kind: 'error', status: 409, ...writes },
    ],
    [1, { kind: 'error', status: 401, nth }],
    [1, { kind: 'error', status: 412, method: chance.pick(['PATCH', 'DELETE']), path: '/events' }],
    [1, { kind: 'error', status: 404, method: chance.pick(['PATCH', 'DELETE']), path: '/events' }],
    [2, { kind: 'error', status: 410, method: 'GET', path: cursor, ...lost }],
    [1, { kind: 'accessTokenExpired', nth }],
    [1, { kind: 'cursorInvalidated', nth }],
    // Microsoft's ids of everything become others, but for the immutable ones; or those too, and the calendar's.
    [vendor === 'microsoft' ? 1 : 0, { kind: 'mailboxMoved', ids: 'default', nth }],
    [vendor === 'microsoft' ? 0.5 : 0, { kind: 'mailboxMoved', ids: 'all', nth }],
    [vendor === 'microsoft' ? 1 : 0, { kind: 'mailboxMoved', ids: 'all', nth: 1 }],
  ])
}

export const isWholeMove = ({ kind, ids }: Fault): boolean => kind === 'mailboxMoved' && ids === 'all'

/** The calendar is not there for as long as this lasts: it was unshared, say, and is shared again. */
export const vanishing = (vendor: Vendor): Fault => ({
  kind: 'error',
  status: 404,
  code: vendor === 'google' ? 'notFound' : 'ErrorItemNotFound',
  path: vendor === 'google' ? '/calendars/|/calendarList/' : '/me/(calendar|events)',
  times: 'always',
})

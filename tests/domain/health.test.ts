import { describe, expect, test } from 'vitest'
import { healthOf, type HealthFacts } from '../../domain/health.ts'
import { lateAfterMs } from '../../domain/polls.ts'

const now = new Date('2026-03-05T12:00:00Z')
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000)
const inHours = (hours: number) => minutesAgo(-60 * hours)
const nothingWaits = { writes: 0, oldestWriteAt: null, marks: 0, oldestChangeAt: null }
const live = { grantedAt: minutesAgo(60), expiresAt: inHours(47), isRenewalAsked: false }
const well: HealthFacts = {
  vendor: 'google',
  authorization: 'connected',
  enabled: true,
  paused: false,
  connectedAt: minutesAgo(600),
  lastSyncAt: minutesAgo(3),
  runningSince: null,
  error: null,
  failures: 0,
  backlog: nothingWaits,
  conflicts: 0,
  held: 0,
  subscription: live,
  canBePushed: true,
  pollEveryMs: 5 * 60_000,
  idleQueues: [],
}
const judge = (facts: Partial<HealthFacts>) => healthOf({ ...well, ...facts }, now)
const error = { code: 'backendError', message: 'Google: a server error', at: minutesAgo(2).toISOString() }
const oldWrite = { ...nothingWaits, writes: 1, oldestWriteAt: minutesAgo(60) }
const oldChange = { ...nothingWaits, marks: 2, oldestChangeAt: minutesAgo(60) }
/** Later than two polls of five minutes, earlier than two of fifteen. */
const quarter = { lastSyncAt: minutesAgo(15) }
const polled = { subscription: null }

type Part = 'authorization' | 'inbound' | 'outbound' | 'subscription' | 'worker'
const cases: [Part, string, Partial<HealthFacts>, string, string][] = [
  ['authorization', 'a consent that holds', {}, 'well', 'accepts the consent'],
  ['authorization', 'no consent yet', { authorization: 'unauthorized' }, 'waiting', 'authorize the provider'],
  [
    'authorization',
    'a consent that ended',
    { authorization: 'reauthorization-required' },
    'broken',
    'authorize the calendar again',
  ],
  ['inbound', 'a look a moment ago', {}, 'well', 'as planned'],
  ['inbound', 'a look that is due, while changes are told', quarter, 'well', 'as planned'],
  ['inbound', 'the same while polls are all there is', { ...quarter, ...polled }, 'broken', '11:45:00'],
  [
    'inbound',
    'a look long ago, and a run under way',
    { ...quarter, ...polled, runningSince: minutesAgo(9) },
    'attention',
    'under way',
  ],
  ['inbound', 'a failure', { error, failures: 2 }, 'attention', '2 times in a row'],
  [
    'inbound',
    'failures for too long',
    { error, failures: 9, ...quarter, ...polled },
    'broken',
    'Google: a server error (backendError,',
  ],
  ['inbound', 'a pause', { paused: true, lastSyncAt: minutesAgo(9_000) }, 'waiting', 'resume it'],
  ['inbound', 'a provider that is disabled', { enabled: false, error }, 'waiting', 'enable it'],
  [
    'inbound',
    'a calendar that was connected just now',
    { lastSyncAt: null, connectedAt: minutesAgo(1) },
    'well',
    'first look',
  ],
  ['inbound', 'no first look for hours', { lastSyncAt: null }, 'broken', 'No look was completed yet'],
  ['outbound', 'nothing to do', {}, 'well', 'Nothing waits'],
  [
    'outbound',
    'work of this minute',
    { backlog: { ...oldChange, oldestChangeAt: minutesAgo(1) } },
    'well',
    'the next run takes them',
  ],
  ['outbound', 'a write of an hour ago', { backlog: oldWrite }, 'attention', 'since 2026-03-05T11:00:00'],
  ['outbound', 'a change of an hour ago', { backlog: oldChange }, 'attention', '0 writes and 2 changes wait'],
  [
    'outbound',
    'old entries of a calendar that was connected just now',
    { backlog: oldChange, connectedAt: minutesAgo(1) },
    'well',
    'the next run takes them',
  ],
  [
    'outbound',
    'old work that a run has in its hands',
    { backlog: oldWrite, runningSince: minutesAgo(1) },
    'well',
    '1 writes',
  ],
  ['outbound', 'a pause', { paused: true, backlog: oldWrite }, 'waiting', '1 writes and 0 changes wait'],
  ['outbound', 'conflicts that pause it', { conflicts: 2 }, 'attention', '2 open'],
  ['outbound', 'deletions that are held', { held: 40 }, 'attention', 'approve or refuse'],
  ['subscription', 'a live one', {}, 'well', 'at once'],
  [
    'subscription',
    'none, and no https',
    { ...polled, canBePushed: false },
    'well',
    'PUBLIC_URL is not https',
  ],
  ['subscription', 'none for hours', polled, 'attention', 'no live subscription'],
  ['subscription', 'none yet', { ...polled, connectedAt: minutesAgo(1) }, 'well', 'being asked for'],
  [
    'subscription',
    'one that has ended',
    { subscription: { ...live, expiresAt: minutesAgo(1) } },
    'attention',
    'no live subscription',
  ],
  [
    'subscription',
    'a renewal that is overdue',
    { subscription: { ...live, grantedAt: inHours(-40), expiresAt: inHours(8) } },
    'attention',
    'due at',
  ],
  ['subscription', 'a pause', { paused: true, ...polled }, 'waiting', 'resume it'],
  ['worker', 'workers that ask', {}, 'well', 'Workers ask'],
  ['worker', 'a queue nobody asks', { idleQueues: ['google'] }, 'broken', 'work of google lately'],
]

test.each(cases)('%s: %s', (part, _when, facts, word, words) => {
  const judged = judge(facts)[part]
  expect([judged.health, judged.message]).toEqual([word, expect.stringContaining(words)])
})

describe('the whole', () => {
  test.each<[string, Partial<HealthFacts>, string]>([
    ['all is well', {}, 'well'],
    ['somebody paused it', { paused: true }, 'waiting'],
    ['a part wants attention', { held: 1, ...polled }, 'attention'],
    ['a part is broken beside one that wants attention', { held: 1, idleQueues: ['google'] }, 'broken'],
  ])('is as grave as its gravest part: %s', (_when, facts, word) => {
    expect(judge(facts).health).toBe(word)
  })

  test.each<[string, Partial<HealthFacts>]>([
    ['unauthorized', { authorization: 'unauthorized' }],
    ['disabled', { enabled: false }],
    ['paused', { paused: true }],
    ['reauthorization-required', { authorization: 'reauthorization-required' }],
    ['error', { error, failures: 1 }],
    ['paused-by-conflict', { conflicts: 1 }],
    ['deletions-held', { held: 1 }],
  ])('is never well while the status is %s', (_status, facts) => {
    expect(judge(facts).health).not.toBe('well')
  })
})

test('a look is late after two polls, slower ones while changes are told', () => {
  expect(judge({}).inbound.lateAt).toEqual(new Date(minutesAgo(3).getTime() + lateAfterMs(300_000, true)))
  expect(lateAfterMs(300_000, false)).toBe(13 * 60_000)
  expect(lateAfterMs(300_000, true)).toBe(35 * 60_000)
})

test('a renewal the vendor asked for is told', () => {
  expect(judge({ subscription: { ...live, isRenewalAsked: true } }).subscription.state).toBe('renewal-due')
})

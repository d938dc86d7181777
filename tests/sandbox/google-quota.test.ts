import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { batchHeaders, batchOf, partsOf } from './batch.ts'
import {
  list,
  object,
  play,
  reasonOf,
  timed,
  type Answer,
  type Call,
  type Json,
  type Played,
} from './played.ts'

const colors = '/calendar/v3/colors'
const events = '/calendar/v3/calendars/primary/events'
let played: Played
let ada: Call

beforeAll(async () => {
  played = await play({ now: Date.parse('2026-03-05T09:00:00Z'), frozen: true })
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  ada = await played.account('google', 'ada@example.com')
})

const limit = (switches: Json) =>
  played.control(
    'POST',
    'switches',
    Object.fromEntries(Object.entries(switches).map(([name, value]) => [`google.${name}`, value])),
  )
const advance = (duration: string) => played.control('POST', 'clock', { advance: duration })
const times = async (count: number, call: () => Promise<Answer>) => {
  const statuses = []
  for (let index = 0; index < count; index += 1) statuses.push((await call()).status)
  return statuses
}

test('a person has six hundred requests a minute through a project, unless told otherwise', async () => {
  const calls = batchOf(Array.from({ length: 601 }, () => ['GET', colors]))
  const parts = partsOf(await ada('POST', '/batch/calendar/v3', calls, batchHeaders))
  expect(parts.filter(({ status }) => status === 200)).toHaveLength(600)
  const refused = parts.find(({ status }) => status === 403)
  expect(list(object(refused?.body['error'])['errors'])).toEqual([
    { domain: 'usageLimits', reason: 'userRateLimitExceeded', message: 'User Rate Limit Exceeded' },
  ])
})

test('the window slides: what was used a minute ago is free again, and nothing before', async () => {
  await limit({ quotaPerUserPerMinute: 10 })
  await times(6, () => ada('GET', colors))
  await advance('PT40S')
  expect(await times(5, () => ada('GET', colors))).toEqual([200, 200, 200, 200, 403])
  await advance('PT19S')
  expect((await ada('GET', colors)).status).toBe(403)
  await advance('PT1S')
  expect(await times(7, () => ada('GET', colors))).toEqual([200, 200, 200, 200, 200, 200, 403])
})

test('a patch uses three and anything else one, and what is refused uses nothing', async () => {
  const { body } = await ada('POST', events, timed('a', 9))
  await advance('PT1M')
  await limit({ quotaPerUserPerMinute: 10 })
  const patch = () => ada('PATCH', `${events}/${String(body['id'])}`, { summary: 'b' })
  expect(await times(4, patch)).toEqual([200, 200, 200, 403])
  expect(await times(2, () => ada('GET', colors))).toEqual([200, 403])
})

test('each person has their own, and a project has one for all', async () => {
  const grace = await played.account('google', 'grace@example.com')
  await limit({ quotaPerUserPerMinute: 10 })
  await times(10, () => ada('GET', colors))
  expect([(await ada('GET', colors)).status, (await grace('GET', colors)).status]).toEqual([403, 200])
  await limit({ quotaPerUserPerMinute: 600, quotaPerProjectPerMinute: 10 })
  const refused = await grace('GET', colors)
  expect([refused.status, reasonOf(refused)]).toEqual([403, 'rateLimitExceeded'])
})

test('whoever a client says it acts for is the person that counts', async () => {
  await limit({ quotaPerUserPerMinute: 10 })
  await times(10, () => ada('GET', `${colors}?quotaUser=one`))
  expect((await ada('GET', `${colors}?quotaUser=one`)).status).toBe(403)
  expect((await ada('GET', colors, undefined, { 'x-goog-quota-user': 'two' })).status).toBe(200)
})

test.each<[number, string, Json]>([
  [
    403,
    'backend',
    {
      errors: [
        { domain: 'usageLimits', reason: 'userRateLimitExceeded', message: 'User Rate Limit Exceeded' },
      ],
      code: 403,
      message: 'User Rate Limit Exceeded',
    },
  ],
  [
    429,
    'backend',
    {
      errors: [{ domain: 'usageLimits', reason: 'rateLimitExceeded', message: 'Rate Limit Exceeded' }],
      code: 429,
      message: 'Rate Limit Exceeded',
    },
  ],
  [
    429,
    'frontEnd',
    {
      errors: [{ domain: 'usageLimits', reason: 'rateLimitExceeded', message: 'Rate Limit Exceeded' }],
      code: 429,
      message: 'Rate Limit Exceeded',
      status: 'RESOURCE_EXHAUSTED',
    },
  ],
])('too many requests are refused with %i by the %s in its exact words', async (status, form, error) => {
  await limit({ quotaPerUserPerMinute: 10, quotaStatus: status, quotaForm: form })
  await times(10, () => ada('GET', colors))
  const refused = await ada('GET', colors)
  expect([refused.status, refused.body]).toEqual([status, { error }])
})

test('writes to one calendar come too fast when so switched, whoever writes', async () => {
  await limit({ writesPerCalendarPerSecond: 5 })
  const grace = await played.account('google', 'grace@example.com')
  const rule = { role: 'writer', scope: { type: 'user', value: 'grace@example.com' } }
  await ada('POST', '/calendar/v3/calendars/primary/acl', rule)
  const insert = (call: Call, calendar: string) => () =>
    call('POST', `/calendar/v3/calendars/${calendar}/events`, timed('a', 9))
  expect(await times(3, insert(ada, 'primary'))).toEqual([200, 200, 200])
  expect(await times(3, insert(grace, 'ada@example.com'))).toEqual([200, 200, 403])
  expect(await times(1, insert(grace, 'primary'))).toEqual([200])
  expect((await ada('GET', events)).status).toBe(200)
  await advance('PT1S')
  expect(await times(1, insert(ada, 'primary'))).toEqual([200])
})

test('nothing is counted when both limits are off, and what is used is forgotten with the world', async () => {
  await limit({ quotaPerUserPerMinute: 10 })
  await times(10, () => ada('GET', colors))
  await limit({ quotaPerUserPerMinute: 0, quotaPerProjectPerMinute: 0 })
  expect(await times(20, () => ada('GET', colors))).not.toContain(403)
  await played.control('POST', 'reset')
  ada = await played.account('google', 'ada@example.com')
  await limit({ quotaPerUserPerMinute: 10 })
  expect(await times(10, () => ada('GET', colors))).not.toContain(403)
})

test('a clock that was set back finds nothing used', async () => {
  await limit({ quotaPerUserPerMinute: 10 })
  await times(10, () => ada('GET', colors))
  await played.control('POST', 'clock', { now: '2026-03-05T08:59:00Z' })
  expect((await ada('GET', colors)).status).toBe(200)
})

test('a daily limit and an abuse limit are faults', async () => {
  for (const reason of ['quotaExceeded', 'dailyLimitExceeded']) {
    await played.control('POST', 'faults', { kind: 'error', path: 'colors', status: 403, reason })
    const refused = await ada('GET', colors)
    expect([refused.status, reasonOf(refused)]).toEqual([403, reason])
  }
})

import {
  array,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  jsonValue,
  oneof,
  record,
  string,
  tuple,
} from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { batchHeaders } from './batch.ts'
import { play, reasonOf, type Call, type Json, type Played } from './played.ts'

let played: Played
let google: Call

beforeAll(async () => {
  played = await play({
    switches: { 'google.quotaPerUserPerMinute': 0, 'google.quotaPerProjectPerMinute': 0 },
  })
  google = await played.account('google', 'ada@example.com', {
    calendars: ['Team', { name: 'Read', accessRole: 'reader' }],
  })
})
afterAll(() => played.close())

const calendarId = constantFrom('primary', 'ada@example.com', 'nobody@example.com', '%23', '..', 'a%2Fb')
const word = oneof(string({ maxLength: 12 }), constantFrom('primary', 'true', '-1', '0', '💥', ''))
const ruleId = oneof(constantFrom('default', 'user:ada@example.com', 'domain:', 'user:'), word)

const path = oneof(
  constantFrom(
    'users/me/calendarList',
    'users/me/calendarList/watch',
    'users/me/settings',
    'users/me/settings/watch',
    'calendars',
    'colors',
    'freeBusy',
    'channels/stop',
  ),
  tuple(calendarId, constantFrom('', '/clear', '/acl', '/acl/watch', '/events/watch')).map(
    ([id, rest]) => `calendars/${id}${rest}`,
  ),
  calendarId.map((id) => `users/me/calendarList/${id}`),
  word.map((setting) => `users/me/settings/${encodeURIComponent(setting)}`),
  tuple(calendarId, ruleId).map(([id, rule]) => `calendars/${id}/acl/${encodeURIComponent(rule)}`),
)

const names = constantFrom(
  'maxResults minAccessRole showDeleted showHidden pageToken syncToken colorRgbFormat sendNotifications'.split(
    ' ',
  ),
)
const query = names.chain((all) =>
  array(tuple(constantFrom(...all), oneof(word, constant(sealed()))), { maxLength: 3 }),
)

/** A token in our own form that nobody was given. */
function sealed(): string {
  const forged = {
    kind: 'calendar#calendarList',
    of: 'ada@example.com',
    epoch: 1,
    filters: null,
    until: -1e308,
  }
  return Buffer.from(JSON.stringify(forged)).toString('base64url')
}

const fields =
  'id summary description location timeZone colorId backgroundColor foregroundColor hidden selected summaryOverride defaultReminders notificationSettings conferenceProperties labelProperties role scope type address token expiration params timeMin timeMax items calendarExpansionMax groupExpansionMax resourceId'.split(
    ' ',
  )
const value = oneof(jsonValue({ maxDepth: 2 }), word, constant('2026-03-05T09:00:00Z'))
const body = oneof(
  array(tuple(constantFrom(...fields), value), { maxLength: 5 }).map(
    (pairs) => Object.fromEntries(pairs) as Json,
  ),
  jsonValue({ maxDepth: 1 }),
)

test('whatever is sent to the routes beside events, the answer is one of Google’s own and never a failure', async () => {
  const call = record({
    method: constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
    path,
    query,
    body,
  })
  await assert(
    asyncProperty(call, async ({ method, path, query, body }) => {
      const search = new URLSearchParams(query)
      const hasBody = method !== 'GET' && method !== 'DELETE'
      const answer = await google(method, `/calendar/v3/${path}?${search}`, hasBody ? body : undefined)
      expect(answer.status).toBeLessThan(500)
      if (answer.status >= 400) expect(reasonOf(answer)).toEqual(expect.any(String))
    }),
    { numRuns: 600 },
  )
})

test('whatever is sent as a batch, the answer is a batch or one of Google’s own refusals', async () => {
  const line = constantFrom(
    '--the-boundary',
    '--the-boundary--',
    'Content-Type: application/http',
    'Content-ID: <a>',
    'GET /calendar/v3/colors HTTP/1.1',
    'POST /calendar/v3/calendars',
    'POST /calendar/v3/%ff/watch',
    'Content-Type: application/json',
    'Content-Length: -1',
    'Transfer-Encoding: chunked',
    '{"summary":',
    '',
  )
  const lines = array(oneof({ weight: 5, arbitrary: line }, word), { maxLength: 14 })
  await assert(
    asyncProperty(lines, async (all) => {
      const answer = await google('POST', '/batch/calendar/v3', all.join('\r\n'), batchHeaders)
      expect([200, 400]).toContain(answer.status)
    }),
    { numRuns: 300 },
  )
})

test.each(['PUT', 'DELETE', 'PATCH'])('%s has no place among the colours', async (method) => {
  const answer = await google(method, '/calendar/v3/colors', method === 'DELETE' ? undefined : {})
  expect([answer.status, reasonOf(answer)]).toEqual([404, 'notFound'])
})

test('without a good token every route answers 401 before it looks at anything else', async () => {
  for (const path of [
    'users/me/calendarList',
    'calendars/primary',
    'calendars/primary/acl',
    'users/me/settings',
    'colors',
  ]) {
    const answer = await google('GET', `/calendar/v3/${path}?maxResults=x`, undefined, {
      authorization: 'Bearer none',
    })
    expect([path, answer.status, reasonOf(answer)]).toEqual([path, 401, 'authError'])
  }
})

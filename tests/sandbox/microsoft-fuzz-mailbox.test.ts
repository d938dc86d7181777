import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  dictionary,
  jsonValue,
  oneof,
  record,
  string,
} from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { object, play, type Answer, type Call, type Played } from './played.ts'

let played: Played
let graph: Call

beforeAll(async () => {
  played = await play()
  graph = await played.account('microsoft', 'grace@example.com')
  await played.control('POST', 'switches', { 'microsoft.answerWithinMs': 200 })
})
afterAll(() => played.close())

/** Never a fault of the sandbox itself, and every refusal in Graph's shape. */
function check(answer: Answer): void {
  const isFault = answer.status >= 500 && answer.status !== 501
  expect(isFault ? answer : undefined).toBeUndefined()
  if (answer.status < 400) return
  const { code, message, innerError } = object(answer.body['error'])
  expect([code, message]).toEqual([expect.any(String), expect.any(String)])
  expect(object(innerError)['request-id']).toBe(answer.headers.get('request-id'))
}

const segment = oneof(
  string(),
  constantFrom('me', 'users', 'calendars', 'calendarGroups', 'calendarView', 'delta', 'delta()', 'events'),
  constantFrom(
    "events('x')",
    'microsoft.graph.delta()',
    'subscriptions',
    'outlook',
    'mailboxSettings',
    '%zz',
    '..',
  ),
)
/** An address that climbs out of Graph's is resolved by the client, before it is sent. */
const path = array(segment, { maxLength: 5 })
  .map((parts) => parts.map(encodeURI).join('/'))
  .filter((text) => new URL(`/v1.0/${text}`, 'http://graph').pathname.startsWith('/v1.0/'))
const known = constantFrom(
  'me/calendars',
  'me/calendarGroups',
  'me/mailboxSettings',
  'me/outlook/masterCategories',
  'me/calendarView/delta',
  'subscriptions',
  'subscriptions/x',
  'subscriptions/x/reauthorize',
  '$batch',
)
const names = constantFrom(
  '$top',
  '$skip',
  '$filter',
  '$select',
  '$orderby',
  '$count',
  '$skiptoken',
  '$deltatoken',
  'startDateTime',
  'endDateTime',
  'validationToken',
  '__proto__',
)
const query = dictionary(names, string(), { maxKeys: 4 }).map((given) =>
  new URLSearchParams(given).toString(),
)
const value = oneof(
  jsonValue(),
  constantFrom('updated', '/me/events', 'http://127.0.0.1:9/', '2026-03-05T09:00:00Z', 'auto', 'UTC', 'GET'),
)
const members = constantFrom(
  'name',
  'color',
  'isDefaultCalendar',
  'timeZone',
  'workingHours',
  'language',
  'displayName',
  'changeType',
  'notificationUrl',
  'lifecycleNotificationUrl',
  'resource',
  'expirationDateTime',
  'clientState',
  'requests',
)
const body = oneof(dictionary(members, value, { maxKeys: 6 }), jsonValue())
const method = constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE')

test('whatever is sent to a mailbox’s addresses is answered in Graph’s shape', async () => {
  await assert(
    asyncProperty(method, oneof(known, path), query, body, async (method, path, query, body) => {
      const sent = method === 'GET' || method === 'DELETE' ? undefined : body
      check(await graph(method, `/v1.0/${path}?${query}`, sent))
    }),
    { numRuns: 250 },
  )
})

const step = record(
  {
    id: value,
    method: oneof(method, value),
    url: oneof(known, path, value),
    headers: oneof(dictionary(string(), string(), { maxKeys: 3 }), value),
    body,
    dependsOn: oneof(array(string(), { maxLength: 2 }), value),
  },
  { requiredKeys: [] },
)

test('whatever a batch holds is answered, as a whole or request by request', async () => {
  await assert(
    asyncProperty(oneof(array(step, { maxLength: 4 }), jsonValue()), async (requests) => {
      check(await graph('POST', '/v1.0/$batch', { requests }))
    }),
    { numRuns: 150 },
  )
})

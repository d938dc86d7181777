import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { codeOf, list, meeting, play, reasonOf, timed, type Call, type Json, type Played } from './played.ts'
import { signingIn } from './signing-in.ts'

const events = '/calendar/v3/calendars/primary/events'
const window = 'startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-04-01T00:00:00Z'
let played: Played
let google: Call
let graph: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  google = await played.account('google', 'ada@example.com', { calendars: ['Team'] })
  graph = await played.account('microsoft', 'ada@example.com', { calendars: ['Team'] })
})

const fault = (wish: Json) => played.control('POST', 'faults', { account: 'ada@example.com', ...wish })
const calendarsOf = async (vendor: string) => {
  const { body } = await played.control('GET', 'accounts')
  return list(list(body['items']).find((one) => one['vendor'] === vendor)?.['calendars'])
}

test('tokens are revoked in the middle of a walk: the nth call finds them void, and a refresh too', async () => {
  const signing = signingIn(played, 'google')
  const tokens = await signing.tokens()
  await fault({ kind: 'tokenRevoked', vendor: 'google', path: '/events', nth: 2 })
  const statuses = []
  for (let call = 0; call < 3; call += 1) statuses.push((await google('GET', events)).status)
  expect(statuses).toEqual([200, 401, 401])
  expect((await signing.refresh(tokens['refresh_token'])).body['error']).toBe('invalid_grant')
  expect((await graph('GET', '/v1.0/me/events')).status).toBe(200)
})

test('access tokens expire at once, and a refresh brings another', async () => {
  const tokens = await signingIn(played, 'microsoft').tokens()
  await fault({ kind: 'accessTokenExpired', vendor: 'microsoft' })
  expect(codeOf(await graph('GET', '/v1.0/me/events'))).toBe('InvalidAuthenticationToken')
  expect((await signingIn(played, 'microsoft').refresh(tokens['refresh_token'])).status).toBe(200)
})

test('a person takes back some of the scopes just before a refresh', async () => {
  const tokens = await signingIn(played, 'microsoft').tokens()
  await fault({
    kind: 'consentReduced',
    vendor: 'microsoft',
    path: '/token',
    scopes: ['openid', 'User.Read'],
  })
  const { body } = await signingIn(played, 'microsoft').refresh(tokens['refresh_token'])
  expect(body['scope']).toBe('openid User.Read')
})

test.each(['google', 'microsoft'])(
  'a calendar of %s is gone, by its name, and the first one never',
  async (vendor) => {
    const [first] = await calendarsOf(vendor)
    await fault({ kind: 'calendarRemoved', vendor, calendar: 'Team' })
    await fault({ kind: 'calendarRemoved', vendor, calendar: String(first?.['id']) })
    await (vendor === 'google' ? google('GET', events) : graph('GET', '/v1.0/me/events'))
    expect((await calendarsOf(vendor)).map(({ primary }) => primary)).toEqual([true])
  },
)

test.each(['google', 'microsoft'])(
  'an account of %s is renamed under its caller, whose token goes on',
  async (vendor) => {
    await fault({ kind: 'accountRenamed', vendor, to: 'ada.lovelace@example.com' })
    const path = vendor === 'google' ? '/calendar/v3/users/me/calendarList' : '/v1.0/me'
    const answer = await (vendor === 'google' ? google('GET', path) : graph('GET', path))
    expect(answer.status).toBe(200)
    expect(JSON.stringify(answer.body)).toContain('ada.lovelace@example.com')
  },
)

test('a mailbox is moved, and the ids a client knows lead nowhere', async () => {
  const { body } = await graph('POST', '/v1.0/me/events', meeting('a', 9))
  await fault({ kind: 'mailboxMoved', vendor: 'microsoft' })
  expect((await graph('GET', `/v1.0/me/events/${String(body['id'])}`)).status).toBe(404)
  const found = list((await graph('GET', '/v1.0/me/events')).body['value'])
  expect(found.map(({ subject }) => subject)).toEqual(['a'])
})

test('sync tokens and delta links die, and a new round finds everything', async () => {
  await google('POST', events, timed('a', 9))
  const token = String((await google('GET', events)).body['nextSyncToken'])
  const first = await graph('GET', `/v1.0/me/calendarView/delta?${window}`)
  const link = String(first.body['@odata.deltaLink'])
  await graph('POST', '/v1.0/me/events', meeting('a', 9))
  for (const vendor of ['google', 'microsoft']) await fault({ kind: 'cursorInvalidated', vendor })
  expect(reasonOf(await google('GET', `${events}?syncToken=${token}`))).toBe('fullSyncRequired')
  expect((await graph('GET', link)).status).toBe(410)
  const kept = await graph('GET', '/v1.0/me/events', undefined, { prefer: 'IdType="ImmutableId"' })
  const [event] = list(kept.body['value'])
  expect((await graph('GET', `/v1.0/me/events/${String(event?.['id'])}`)).status).toBe(200)
  expect(list((await google('GET', events)).body['items'])).toHaveLength(1)
  expect((await graph('GET', `/v1.0/me/calendarView/delta?${window}`)).status).toBe(200)
})

test.each<[Json, string]>([
  [{ kind: 'consentReduced' }, 'scopes must be'],
  [{ kind: 'consentReduced', scopes: [1] }, 'scopes must be a list of texts'],
  [{ kind: 'calendarRemoved' }, 'calendar must be'],
  [{ kind: 'accountRenamed', to: 'nowhere' }, 'to must be an address'],
  [{ kind: 'mailboxMoved', ids: 'some' }, 'ids must be one of default, all'],
  [{ kind: 'tokenRevoked', status: 401 }, 'status means nothing here'],
])('the fault %j is refused by the name of what is wrong', async (wish, words) => {
  const { status, body } = await fault(wish)
  expect([status, body['error']]).toEqual([400, expect.stringContaining(words)])
})

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { created, deltaRound, idOf, march, onThursdays } from './delta-round.ts'
import { codeOf, list, meeting, object, play, timed, type Call, type Json, type Played } from './played.ts'

const email = 'grace@example.com'
const other = 'hopper@example.com'
const immutable = { prefer: 'IdType="ImmutableId"' }
let played: Played
let graph: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  graph = await played.account('microsoft', email)
})

const move = (ids: string) =>
  played.control('POST', `accounts/${email}/move-mailbox`, { vendor: 'microsoft', ids })
const idsOf = async (headers: Record<string, string> = {}) => {
  const { body } = await graph('GET', '/v1.0/me/events', undefined, headers)
  return list(body['value']).map(({ id }) => String(id))
}

test('a moved mailbox has new default ids and its old immutable ones, and what the old ids named is not found', async () => {
  const old = await created(graph, meeting('a', 9, { transactionId: 't1' }))
  const lasting = await idsOf(immutable)
  await move('default')
  const gone = await graph('GET', `/v1.0/me/events/${old}`)
  expect([gone.status, codeOf(gone)]).toEqual([404, 'ErrorItemNotFound'])
  const [moved] = await idsOf()
  expect(moved).not.toBe(old)
  expect((await graph('GET', `/v1.0/me/events/${moved}`)).body).toMatchObject({ subject: 'a' })
  expect(await idsOf(immutable)).toEqual(lasting)
  expect((await graph('GET', `/v1.0/me/events/${lasting[0]}`)).status).toBe(200)
  const again = await graph('POST', '/v1.0/me/events', meeting('a', 9, { transactionId: 't1' }))
  expect(object(again.body['error'])).toMatchObject({
    code: 'ErrorDuplicateTransactionId',
    '@event.existingEventId': moved,
  })
})

test('a move of a mailbox ends its delta tokens, and a full round has the new ids', async () => {
  await created(graph, { ...meeting('Weekly', 9), recurrence: onThursdays })
  const before = await deltaRound(graph, march)
  await move('default')
  const gone = await graph('GET', before.deltaLink)
  expect([gone.status, codeOf(gone)]).toEqual([410, 'SyncStateNotFound'])
  const after = await deltaRound(graph, march)
  expect(after.items).toHaveLength(before.items.length)
  const known = new Set(before.items.map(({ id }) => id))
  expect(after.items.filter(({ id }) => known.has(id))).toEqual([])
  expect(after.items[1]?.['seriesMasterId']).toBe(after.items[0]?.['id'])
})

test('a mailbox moved with all its ids has new immutable ids and calendar ids too', async () => {
  await created(graph, meeting('a', 9))
  const [lasting] = await idsOf(immutable)
  const calendar = idOf(await graph('GET', '/v1.0/me/calendar'))
  const { body } = await move('all')
  expect((await graph('GET', `/v1.0/me/events/${lasting}`)).status).toBe(404)
  expect((await graph('GET', `/v1.0/me/calendars/${calendar}`)).status).toBe(404)
  const id = idOf(await graph('GET', '/v1.0/me/calendar'))
  expect(list(body['calendars'])).toEqual([{ id, name: 'Calendar' }])
  expect(await idsOf()).toHaveLength(1)
})

test('what is made after a move has ids of the moved mailbox, and another move changes them again', async () => {
  await move('default')
  const id = await created(graph, meeting('a', 9))
  expect((await graph('GET', `/v1.0/me/events/${id}`)).status).toBe(200)
  await move('default')
  expect((await graph('GET', `/v1.0/me/events/${id}`)).status).toBe(404)
  expect(await idsOf()).toHaveLength(1)
})

test('a snapshot from before a move brings the old ids back', async () => {
  const id = await created(graph, meeting('a', 9))
  await played.control('POST', 'snapshot')
  await move('all')
  await played.control('POST', 'restore')
  expect((await graph('GET', `/v1.0/me/events/${id}`)).status).toBe(200)
})

test('a renamed Microsoft account is the same person under another address', async () => {
  const id = await created(graph, meeting('a', 9))
  const { body: before } = await graph('GET', '/v1.0/me')
  const { deltaLink } = await deltaRound(graph, march)
  const rename = await played.control('POST', `accounts/${email}/rename`, { vendor: 'microsoft', to: other })
  expect(rename.status).toBe(200)
  const { body: after } = await graph('GET', '/v1.0/me')
  expect(after).toEqual({ ...before, displayName: other, mail: other, userPrincipalName: other })
  expect((await graph('GET', `/v1.0/users/${email}/calendar`)).status).toBe(404)
  expect((await graph('GET', `/v1.0/users/${other}/events/${id}`)).status).toBe(200)
  expect((await deltaRound(graph, deltaLink)).items).toEqual([])
})

test('a renamed Google account is the same person, and its primary calendar has the new address as its id', async () => {
  const google = await played.account('google', email, { calendars: ['Team'] })
  const { body: person } = await google('GET', '/v1/userinfo')
  const events = '/calendar/v3/calendars/primary/events'
  await google('POST', events, { ...timed('a', 9), id: 'kept00' })
  await played.control('POST', `accounts/${email}/rename`, { vendor: 'google', to: other })
  const { body: after } = await google('GET', '/v1/userinfo')
  expect([after['sub'], after['email']]).toEqual([person['sub'], other])
  expect((await google('GET', `/calendar/v3/calendars/${other}/events/kept00`)).status).toBe(200)
  expect((await google('GET', `/calendar/v3/calendars/${email}/events/kept00`)).status).toBe(404)
  const { body } = await google('GET', '/calendar/v3/users/me/calendarList')
  expect(list(body['items']).map(({ id, summary, primary }) => [id, summary, primary ?? false])).toEqual([
    [other, other, true],
    [expect.stringContaining('@group.calendar.google.com'), 'Team', false],
  ])
})

test('an account is not renamed to an address that is taken or none', async () => {
  await played.account('microsoft', other)
  const rename = async (to: unknown) =>
    (await played.control('POST', `accounts/${email}/rename`, { vendor: 'microsoft', to })).status
  expect([await rename(other), await rename('nowhere'), await rename(undefined)]).toEqual([409, 400, 400])
})

test('a calendar is renamed, removed and brought back with its ids, its events and its delta link', async () => {
  const calendar = idOf(await graph('POST', '/v1.0/me/calendars', { name: 'Team' }))
  const path = `/v1.0/me/calendars/${calendar}`
  const id = await created(graph, meeting('a', 9), `${path}/events`)
  const { deltaLink } = await deltaRound(graph, march.replace('/v1.0/me', path))
  const control = `accounts/${email}/calendars/${calendar}`
  const vendor: Json = { vendor: 'microsoft' }
  await played.control('PATCH', control, { ...vendor, name: 'Crew' })
  expect((await graph('GET', path)).body).toMatchObject({ name: 'Crew' })
  await played.control('DELETE', `${control}?vendor=microsoft`)
  expect((await graph('GET', `/v1.0/me/events/${id}`)).status).toBe(404)
  expect((await played.control('POST', `${control}/restore`, vendor)).status).toBe(200)
  expect((await graph('GET', `${path}/events/${id}`)).status).toBe(200)
  expect((await deltaRound(graph, deltaLink)).items).toEqual([])
  expect((await played.control('POST', `${control}/restore`, vendor)).status).toBe(404)
})

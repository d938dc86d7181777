import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { created, deltaRound, march } from './delta-round.ts'
import { codeOf, list, meeting, object, play, type Call, type Json, type Played } from './played.ts'

let played: Played
let graph: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  graph = await played.account('microsoft', 'grace@example.com')
})

const create = (body: Json) => created(graph, body)
const round = (from: string, pageSize = 50) => deltaRound(graph, from, { pageSize })

test('a round pages by next links on the sandbox’s own address and ends with a delta link', async () => {
  for (let index = 0; index < 5; index += 1) await create(meeting(`${index}`, 9))
  const { items, pages, deltaLink } = await round(march, 2)
  expect([items.length, pages.length]).toEqual([5, 3])
  expect(deltaLink.startsWith(`${played.sandbox.url}/v1.0/me/calendarView/delta?$deltatoken=`)).toBe(true)
  expect((await round(deltaLink)).items).toEqual([])
})

test('a later round has what changed, and what was deleted as removed', async () => {
  const kept = await create(meeting('a', 9))
  const gone = await create(meeting('b', 9))
  const { deltaLink } = await round(march)
  await graph('PATCH', `/v1.0/me/events/${kept}`, { subject: 'changed' })
  await graph('DELETE', `/v1.0/me/events/${gone}`)
  expect((await round(deltaLink)).items).toMatchObject([
    { id: kept, subject: 'changed' },
    { id: gone, '@removed': { reason: 'deleted' } },
  ])
})

test('an event that leaves the window is told as removed though it is still there', async () => {
  const id = await create(meeting('a', 9))
  const { deltaLink } = await round(march)
  const time = (hour: string) => ({ dateTime: `2026-07-01T${hour}:00:00`, timeZone: 'UTC' })
  await graph('PATCH', `/v1.0/me/events/${id}`, { start: time('09'), end: time('10') })
  expect((await round(deltaLink)).items).toMatchObject([{ id, '@removed': { reason: 'deleted' } }])
  expect((await graph('GET', `/v1.0/me/events/${id}`)).status).toBe(200)
})

test('an event outside the window is never told of', async () => {
  const time = (hour: string) => ({ dateTime: `2026-07-01T${hour}:00:00`, timeZone: 'UTC' })
  const { deltaLink } = await round(march)
  await create({ subject: 'far', start: time('09'), end: time('10') })
  expect((await round(deltaLink)).items).toEqual([])
  expect((await round(march)).items).toEqual([])
})

test('a series comes as a full master with thin occurrences, and again whole when one of them is deleted', async () => {
  const recurrence = {
    pattern: { type: 'weekly', interval: 1, daysOfWeek: ['thursday'] },
    range: { type: 'noEnd', startDate: '2026-03-05' },
  }
  const id = await create({ ...meeting('Weekly', 9), recurrence })
  const first = await round(march, 2)
  expect(first.items.map(({ type }) => type)).toEqual([
    'seriesMaster',
    ...Array.from({ length: 4 }, () => 'occurrence'),
  ])
  expect(Object.keys(object(first.items[1])).toSorted()).toEqual(
    ['@odata.etag', '@odata.type', 'end', 'id', 'seriesMasterId', 'start', 'type'].toSorted(),
  )
  await graph('DELETE', `/v1.0/me/events/${String(first.items[2]?.['id'])}`)
  const second = await round(first.deltaLink)
  expect(second.items.map(({ type }) => type)).toEqual([
    'seriesMaster',
    'occurrence',
    'occurrence',
    'occurrence',
  ])
  await graph('DELETE', `/v1.0/me/events/${id}`)
  expect((await round(second.deltaLink)).items).toMatchObject([{ id, '@removed': { reason: 'deleted' } }])
})

test.each(['$select=subject', '$filter=x', '$expand=extensions', '$orderby=start', '$search=x'])(
  '%s is refused',
  async (option) => {
    const refused = await graph('GET', `${march}&${option}`)
    expect([refused.status, codeOf(refused)]).toEqual([400, 'ErrorInvalidUrlQuery'])
  },
)

test('a delta link that is garbage or from after a restored snapshot is answered with 410', async () => {
  const before = (await round(march)).deltaLink
  await played.control('POST', 'snapshot')
  const after = (await round(march)).deltaLink
  await played.control('POST', 'restore')
  const gone = await graph('GET', after)
  expect([gone.status, codeOf(gone)]).toEqual([410, 'SyncStateNotFound'])
  expect((await graph('GET', '/v1.0/me/calendarView/delta?$deltatoken=nonsense')).status).toBe(410)
  expect((await graph('GET', before)).status).toBe(200)
})

test('a window is required and spans 1825 days at most', async () => {
  expect((await graph('GET', '/v1.0/me/calendarView/delta')).status).toBe(400)
  const wide = 'startDateTime=2020-01-01T00:00:00Z&endDateTime=2026-01-01T00:00:00Z'
  expect((await graph('GET', `/v1.0/me/calendarView/delta?${wide}`)).status).toBe(400)
})

test('another calendar of the mailbox has a delta of its own', async () => {
  const { body } = await played.control('POST', 'accounts', {
    vendor: 'microsoft',
    email: 'grace@example.com',
    calendars: ['Team'],
  })
  const team = String(list(body['calendars']).find(({ name }) => name === 'Team')?.['id'])
  await graph('POST', `/v1.0/me/calendars/${team}/events`, meeting('in Team', 9))
  expect((await round(march)).items).toEqual([])
  const own = await round(march.replace('/me/', `/me/calendars/${team}/`))
  expect(own.items).toMatchObject([{ subject: 'in Team' }])
})

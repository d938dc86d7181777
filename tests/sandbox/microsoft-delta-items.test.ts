import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { created, deltaRound, march, onThursdays } from './delta-round.ts'
import { codeOf, list, meeting, object, play, type Call, type Json, type Played } from './played.ts'

let played: Played
let graph: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  await played.control('DELETE', 'switches')
  graph = await played.account('microsoft', 'grace@example.com')
})

const set = (switches: Json) => played.control('POST', 'switches', switches)
const on = (date: string, subject = 'moved'): Json => ({
  subject,
  start: { dateTime: `${date}T09:00:00`, timeZone: 'UTC' },
  end: { dateTime: `${date}T10:00:00`, timeZone: 'UTC' },
})
const typesOf = (items: Json[]) => items.map(({ type }) => type)
const removedOf = (items: Json[]) => items.map((item) => item['@removed'])

test.each([
  '/v1.0/me',
  '/v1.0/me/calendar',
  '/v1.0/users/grace@example.com',
  '/v1.0/users/GRACE%40example.com/calendar',
  '/v1.0/me/calendars/{id}',
  '/v1.0/me/calendarGroup/calendars/{id}',
  '/v1.0/users/grace@example.com/calendars/{id}',
])('delta is served under %s, and its links stay there', async (base) => {
  await created(graph, meeting('a', 9))
  const { body } = await graph('GET', '/v1.0/me/calendar')
  const path = `${base.replace('{id}', String(body['id']))}/calendarView/delta`
  const { items, deltaLink } = await deltaRound(graph, march.replace('/v1.0/me/calendarView/delta', path))
  expect(items).toMatchObject([{ subject: 'a' }])
  expect(new URL(deltaLink).pathname).toBe(path)
})

test.each([
  'calendarView/delta()',
  'calendarview/microsoft.graph.delta()',
  'calendarView/microsoft.graph.delta',
])('delta may be written %s, as the generated clients do', async (spelling) => {
  await created(graph, meeting('a', 9))
  const { items } = await deltaRound(graph, march.replace('calendarView/delta', spelling))
  expect(items).toMatchObject([{ subject: 'a' }])
})

test.each(['/me/events/delta', '/me/calendar/events/delta()', '/users/grace@example.com/events/delta'])(
  '%s is no part of v1.0',
  async (path) => {
    const refused = await graph('GET', `/v1.0${path}`)
    const message = "Unsupported request: Change tracking is not supported against 'microsoft.graph.event'."
    expect([refused.status, codeOf(refused), object(refused.body['error'])['message']]).toEqual([
      400,
      'BadRequest',
      message,
    ])
  },
)

test('the query options delta does not serve are refused by name, and $select is let pass as switched', async () => {
  const refused = await graph('GET', `${march}&$select=subject`)
  const message =
    "The following parameters are not supported with change tracking over the 'CalendarView' resource: '$orderby, $filter, $select, $expand, $search'."
  expect([refused.status, codeOf(refused), object(refused.body['error'])['message']]).toEqual([
    400,
    'ErrorInvalidUrlQuery',
    message,
  ])
  const sized = await graph('GET', `${march}&$top=5`)
  expect([sized.status, String(object(sized.body['error'])['message'])]).toEqual([
    400,
    expect.stringContaining('odata.maxpagesize'),
  ])
  await set({ 'microsoft.deltaSelect': 'ignored' })
  expect((await graph('GET', `${march}&$select=subject`)).status).toBe(200)
  expect((await graph('GET', `${march}&$filter=x`)).status).toBe(400)
})

test('Microsoft §12.1: empty pages come between the others, as switched, and nothing is lost for them', async () => {
  for (const hour of [9, 10, 11]) await created(graph, meeting(`${hour}`, hour))
  await set({ 'microsoft.deltaEmptyPages': 'between' })
  const { items, pages } = await deltaRound(graph, march, { pageSize: 1 })
  expect(pages).toEqual([1, 0, 1, 0, 1])
  expect(items.map(({ subject }) => subject)).toEqual(['9', '10', '11'])
})

test('Microsoft §12.1: an entity may come twice in a round, once on each side of a page break, as switched', async () => {
  for (const hour of [9, 10, 11]) await created(graph, meeting(`${hour}`, hour))
  await set({ 'microsoft.deltaRepeats': 'lastOfPage' })
  const { items } = await deltaRound(graph, march, { pageSize: 2 })
  expect(items.map(({ subject }) => subject)).toEqual(['9', '10', '10', '11'])
})

test('Microsoft §12.1: an entity changed between two pages comes again in the same round, as switched, and the last one counts', async () => {
  const id = await created(graph, meeting('old', 9))
  for (const hour of [10, 11]) await created(graph, meeting(`${hour}`, hour))
  await set({ 'microsoft.deltaChangesMeanwhile': 'sameRound' })
  let isChanged = false
  const between = async () => {
    if (!isChanged) await graph('PATCH', `/v1.0/me/events/${id}`, { subject: 'new' })
    isChanged = true
  }
  const { items, deltaLink } = await deltaRound(graph, march, { pageSize: 1, between })
  expect(items.map(({ subject }) => subject)).toEqual(['old', '10', '11', 'new'])
  expect((await deltaRound(graph, deltaLink)).items).toEqual([])
})

test('Microsoft §12.1: an occurrence is thin, and an exception comes in full', async () => {
  await created(graph, { ...meeting('Weekly', 9), recurrence: onThursdays })
  const { items, deltaLink } = await deltaRound(graph, march)
  const second = String(items[2]?.['id'])
  await graph('PATCH', `/v1.0/me/events/${second}`, { subject: 'changed' })
  const again = (await deltaRound(graph, deltaLink)).items
  const exception = again.find(({ id }) => id === second)
  expect(exception).toMatchObject({ type: 'exception', subject: 'changed', seriesMasterId: items[0]?.['id'] })
  expect(exception).toHaveProperty('body')
  for (const item of again.filter(({ type }) => type === 'occurrence')) {
    expect(Object.keys(item).toSorted()).toEqual(
      ['@odata.etag', '@odata.type', 'end', 'id', 'seriesMasterId', 'start', 'type'].toSorted(),
    )
  }
})

test('Microsoft §12.1: any change of a series sends its master and all its occurrences in the window again', async () => {
  const master = await created(graph, { ...meeting('Weekly', 9), recurrence: onThursdays })
  let { items, deltaLink } = await deltaRound(graph, march)
  const occurrence = String(items[3]?.['id'])
  for (const change of [
    () => graph('PATCH', `/v1.0/me/events/${master}`, { subject: 'renamed' }),
    () => graph('PATCH', `/v1.0/me/events/${occurrence}`, { subject: 'one of them' }),
  ]) {
    await change()
    ;({ items, deltaLink } = await deltaRound(graph, deltaLink))
    expect(typesOf(items).filter((type) => type === 'seriesMaster')).toHaveLength(1)
    expect(items).toHaveLength(5)
  }
})

test('Microsoft §12.3: the deletion of one occurrence is no removal: its series comes again with a gap', async () => {
  await created(graph, { ...meeting('Weekly', 9), recurrence: onThursdays })
  const { items, deltaLink } = await deltaRound(graph, march)
  const gone = items[2]?.['id']
  await graph('DELETE', `/v1.0/me/events/${String(gone)}`)
  const again = (await deltaRound(graph, deltaLink)).items
  expect(removedOf(again)).toEqual(again.map(() => undefined))
  expect(again.map(({ id }) => id)).toEqual(items.map(({ id }) => id).filter((id) => id !== gone))
})

test('Microsoft §12.1: a deleted event is removed, and so is one that left the window, whose reason is a switch', async () => {
  const deleted = await created(graph, meeting('a', 9))
  const moved = await created(graph, meeting('b', 10))
  const { deltaLink } = await deltaRound(graph, march)
  await graph('DELETE', `/v1.0/me/events/${deleted}`)
  await graph('PATCH', `/v1.0/me/events/${moved}`, on('2026-07-01'))
  const type = '#microsoft.graph.event'
  expect((await deltaRound(graph, deltaLink)).items).toEqual([
    { '@odata.type': type, id: deleted, '@removed': { reason: 'deleted' } },
    { '@odata.type': type, id: moved, '@removed': { reason: 'deleted' } },
  ])
  await set({ 'microsoft.deltaReasonOfLeaving': 'changed' })
  expect(removedOf((await deltaRound(graph, deltaLink)).items)).toEqual([
    { reason: 'deleted' },
    { reason: 'changed' },
  ])
})

test('a change of an event that was outside the window all the time is told as a removal, or not at all, as switched', async () => {
  const id = await created(graph, on('2026-07-01'))
  const { deltaLink } = await deltaRound(graph, march)
  await graph('PATCH', `/v1.0/me/events/${id}`, { subject: 'changed' })
  expect((await deltaRound(graph, deltaLink)).items).toMatchObject([
    { id, '@removed': { reason: 'deleted' } },
  ])
  await set({ 'microsoft.deltaOutside': 'silent' })
  expect((await deltaRound(graph, deltaLink)).items).toEqual([])
})

test('an event that was in the window when a link was made is told as removed whatever happened to it outside', async () => {
  await set({ 'microsoft.deltaOutside': 'silent' })
  const id = await created(graph, on('2026-03-10'))
  const { deltaLink } = await deltaRound(graph, march)
  await graph('PATCH', `/v1.0/me/events/${id}`, on('2026-07-01'))
  const later = await deltaRound(graph, deltaLink)
  await graph('PATCH', `/v1.0/me/events/${id}`, on('2026-08-01'))
  await graph('DELETE', `/v1.0/me/events/${id}`)
  expect((await deltaRound(graph, deltaLink)).items).toMatchObject([
    { id, '@removed': { reason: 'deleted' } },
  ])
  expect((await deltaRound(graph, later.deltaLink)).items).toEqual([])
})

test('what came and went between two rounds is never told of', async () => {
  const { deltaLink } = await deltaRound(graph, march)
  const id = await created(graph, meeting('a', 9))
  await graph('DELETE', `/v1.0/me/events/${id}`)
  expect((await deltaRound(graph, deltaLink)).items).toEqual([])
})

test('an event that comes into the window is told of in full, like a new one', async () => {
  const id = await created(graph, on('2026-07-01'))
  const { deltaLink } = await deltaRound(graph, march)
  await graph('PATCH', `/v1.0/me/events/${id}`, on('2026-03-20', 'here'))
  expect((await deltaRound(graph, deltaLink)).items).toMatchObject([{ id, subject: 'here' }])
})

test('delta items of a consumer mailbox are skeletons, as switched', async () => {
  const id = await created(graph, meeting('a', 9))
  await set({ 'microsoft.deltaItems': 'skeletons' })
  const [item] = (await deltaRound(graph, march)).items
  expect(Object.keys(item ?? {}).toSorted()).toEqual(
    ['@odata.etag', '@odata.type', 'end', 'id', 'start', 'type'].toSorted(),
  )
  expect(item).toMatchObject({ id, type: 'singleInstance' })
})

test('the master of a series that began before the window comes too, or is left out as switched', async () => {
  const recurrence = { ...onThursdays, range: { type: 'noEnd', startDate: '2026-01-01' } }
  const master = await created(graph, { ...on('2026-01-01', 'Weekly'), recurrence })
  expect(typesOf((await deltaRound(graph, march)).items)[0]).toBe('seriesMaster')
  await set({ 'microsoft.deltaEarlyMasters': 'omitted' })
  const { items } = await deltaRound(graph, march)
  expect(typesOf(items)).toEqual(['occurrence', 'occurrence', 'occurrence', 'occurrence'])
  expect(items[0]).toMatchObject({ seriesMasterId: master })
  expect((await graph('GET', `/v1.0/me/events/${master}`)).status).toBe(200)
})

test('a master may come after its occurrences, as switched', async () => {
  await created(graph, { ...meeting('Weekly', 9), recurrence: onThursdays })
  await set({ 'microsoft.deltaMasters': 'last' })
  expect(typesOf((await deltaRound(graph, march)).items).at(-1)).toBe('seriesMaster')
})

test('a round of nothing costs the same in a calendar of 100 events and in one of 50,000', async () => {
  const fastestOf = async (email: string, count: number) => {
    const call = await played.account('microsoft', email)
    await played.control('POST', `accounts/${email}/events?vendor=microsoft`, {
      count,
      startsAt: '2026-01-01T00:00:00Z',
    })
    const { deltaLink, items } = await deltaRound(call, march, { pageSize: 1000 })
    expect(items.length).toBe(count === 100 ? 0 : 744)
    let fastestMs = Infinity
    for (let run = 0; run < 60; run += 1) {
      const startedAt = performance.now()
      const { body } = await call('GET', deltaLink)
      fastestMs = Math.min(fastestMs, performance.now() - startedAt)
      expect(list(body['value'])).toEqual([])
    }
    return fastestMs
  }
  const small = await fastestOf('small@example.com', 100)
  const large = await fastestOf('large@example.com', 50_000)
  expect(large).toBeLessThan(small * 3)
})

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { created, deltaRound, march, onThursdays } from './delta-round.ts'
import { codeOf, list, meeting, object, play, type Call, type Json, type Played } from './played.ts'

const events = '/v1.0/me/events'
const text = { prefer: 'outlook.body-content-type="text"' }
const immutable = { prefer: 'IdType="ImmutableId"' }
let played: Played
let graph: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  await played.control('POST', 'clock', { now: '2026-03-01T08:00:00Z', frozen: true })
  graph = await played.account('microsoft', 'grace@example.com')
})

const set = (switches: Json) => played.control('POST', 'switches', switches)
const mail = async () => list((await played.control('GET', 'mail')).body['items'])

test('Microsoft §12.1: the window is said once, and the tokens of every later link hold it', async () => {
  for (const title of ['a', 'b', 'c']) await created(graph, meeting(title, 9))
  const first = await graph('GET', march, undefined, { prefer: 'odata.maxpagesize=2' })
  const next = new URL(String(first.body['@odata.nextLink']))
  expect([...next.searchParams.keys()]).toEqual(['$skiptoken'])
  const { items, deltaLink } = await deltaRound(graph, next.href)
  expect(items.map(({ subject }) => subject)).toEqual(['c'])
  expect([...new URL(deltaLink).searchParams.keys()]).toEqual(['$deltatoken'])
  const april = (hour: string) => ({ dateTime: `2026-04-05T${hour}:00:00`, timeZone: 'UTC' })
  await created(graph, meeting('inside', 9))
  await created(graph, { subject: 'outside', start: april('09'), end: april('10') })
  const told = (await deltaRound(graph, deltaLink)).items.filter((item) => !item['@removed'])
  expect(told.map(({ subject }) => subject)).toEqual(['inside'])
})

test('Microsoft §12.1: a page may be empty and another one follow', async () => {
  await set({ 'microsoft.deltaEmptyPages': 'between' })
  for (const title of ['a', 'b', 'c']) await created(graph, meeting(title, 9))
  const { items, pages } = await deltaRound(graph, march, { pageSize: 1 })
  expect(items.map(({ subject }) => subject)).toEqual(['a', 'b', 'c'])
  expect(pages).toContain(0)
})

test('Microsoft §12.1: a delta link can be made to die, and a new round finds everything', async () => {
  await created(graph, meeting('a', 9))
  const { deltaLink } = await deltaRound(graph, march)
  await played.control('POST', 'faults', { kind: 'cursorInvalidated', account: 'grace@example.com' })
  const gone = await graph('GET', deltaLink)
  expect([gone.status, codeOf(gone)]).toEqual([410, 'SyncStateNotFound'])
  expect((await deltaRound(graph, march)).items).toMatchObject([{ subject: 'a' }])
})

test.each([400, 409])(
  'Microsoft §12.2: a second use of a transaction id is answered with %d',
  async (status) => {
    await set({ 'microsoft.duplicateTransactionStatus': status })
    const id = await created(graph, meeting('a', 9, { transactionId: 't-1' }))
    const again = await graph('POST', events, meeting('b', 10, { transactionId: 't-1' }))
    expect([again.status, codeOf(again)]).toEqual([status, 'ErrorDuplicateTransactionId'])
    expect(object(again.body['error'])['@event.existingEventId']).toBe(id)
    expect(list((await graph('GET', events)).body['value'])).toHaveLength(1)
  },
)

test('Microsoft §12.2: ids are the server’s, a reminder comes by itself, and a text is wrapped into HTML', async () => {
  const body = { contentType: 'text', content: 'a < b' }
  const made = await graph('POST', events, meeting('a', 9, { id: 'mine', iCalUId: 'mine', body }))
  expect(made.status).toBe(201)
  expect([made.body['id'], made.body['iCalUId']]).not.toContain('mine')
  expect(made.body).toMatchObject({ isReminderOn: true, reminderMinutesBeforeStart: 15 })
  expect(object(made.body['body'])).toEqual({
    contentType: 'html',
    content: expect.stringMatching(
      /^<html>\s*<head>\s*<meta [\s\S]*<body[\s\S]*>a &lt; b<[\s\S]*<\/body>\s*<\/html>/,
    ),
  })
  const read = await graph('GET', `${events}/${String(made.body['id'])}`, undefined, text)
  expect(read.body['body']).toEqual({ contentType: 'text', content: 'a < b' })
  const patched = await graph('PATCH', `${events}/${String(made.body['id'])}`, { subject: 'b' })
  expect(patched.body['changeKey']).not.toBe(made.body['changeKey'])
})

test('Microsoft §12.3: a write that names an old etag is refused and done with the present one', async () => {
  const { body: made } = await graph('POST', events, meeting('a', 9))
  const path = `${events}/${String(made['id'])}`
  const old = { 'if-match': String(made['@odata.etag']) }
  const { body: changed } = await graph('PATCH', path, { subject: 'b' }, old)
  const refused = await graph('PATCH', path, { subject: 'c' }, old)
  expect([refused.status, codeOf(refused)]).toEqual([412, 'ErrorIrresolvableConflict'])
  expect((await graph('GET', path)).body['subject']).toBe('b')
  const present = { 'if-match': String(changed['@odata.etag']) }
  expect((await graph('PATCH', path, { subject: 'c' }, present)).status).toBe(200)
})

test('Microsoft §12.3: a gap is told by its series alone, as a cancelled occurrence', async () => {
  const series = await created(graph, { ...meeting('Weekly', 9), recurrence: onThursdays })
  const { items } = await deltaRound(graph, march)
  const third = items.find(({ start }) => String(object(start)['dateTime']).startsWith('2026-03-19'))
  await graph('DELETE', `${events}/${String(third?.['id'])}`)
  expect((await graph('GET', `${events}/${String(third?.['id'])}`)).status).toBe(404)
  const asked = await graph('GET', `${events}/${series}?$select=cancelledOccurrences`)
  expect(asked.body['cancelledOccurrences']).toEqual([`OID.${series}.2026-03-19`])
})

test.each(['Europe/Berlin', 'W. Europe Standard Time'])(
  'Microsoft §12.4: times are in the zone %s when it is named, in an event or as a preference',
  async (timeZone) => {
    const at = (hour: string) => ({ dateTime: `2026-03-05T${hour}:00:00`, timeZone })
    const id = await created(graph, { subject: 'a', start: at('09'), end: at('10') })
    const inUtc = (await graph('GET', `${events}/${id}`)).body['start']
    expect(inUtc).toEqual({ dateTime: '2026-03-05T08:00:00.0000000', timeZone: 'UTC' })
    const prefer = `outlook.timezone="${timeZone}"`
    const preferred = await graph('GET', `${events}/${id}`, undefined, { prefer })
    expect(preferred.body['start']).toEqual({ dateTime: '2026-03-05T09:00:00.0000000', timeZone })
    expect(preferred.headers.get('preference-applied')).toContain(prefer)
  },
)

test('Microsoft §12.4: an id is spelt in two ways, and who does not ask for the lasting one gets the other', async () => {
  const id = await created(graph, meeting('a', 9))
  const lasting = (await graph('GET', `${events}/${id}`, undefined, immutable)).body['id']
  expect(lasting).not.toBe(id)
  expect((await graph('GET', `${events}/${String(lasting)}`)).body['id']).toBe(id)
  await played.control('POST', 'accounts/grace@example.com/move-mailbox', { ids: 'default' })
  expect((await graph('GET', `${events}/${id}`)).status).toBe(404)
  expect((await graph('GET', `${events}/${String(lasting)}`)).status).toBe(200)
})

test('Microsoft §12.7: all mail is noted with whom it went to and what about, and reading sends none', async () => {
  const attendees = [{ emailAddress: { address: 'guest@elsewhere.org' } }]
  const id = await created(graph, meeting('Review', 9, { attendees }))
  await created(graph, meeting('Alone', 9))
  await graph('GET', `${events}/${id}`)
  expect(await mail()).toMatchObject([
    {
      vendor: 'microsoft',
      account: 'grace@example.com',
      kind: 'invitation',
      to: ['guest@elsewhere.org'],
      subject: 'Review',
      eventId: id,
    },
  ])
  await graph('PATCH', `${events}/${id}`, { location: { displayName: 'Room 1' } })
  await graph('DELETE', `${events}/${id}`)
  expect((await mail()).map(({ kind }) => kind)).toEqual(['invitation', 'update', 'cancellation'])
})

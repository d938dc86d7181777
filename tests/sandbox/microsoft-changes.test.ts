import { expect, test } from 'vitest'
import { between, daily, events, mailboxHere, pathOf, window } from './graph-mailbox.ts'
import { list, meeting, object, playHere } from './played.ts'

const played = playHere()
const { graph, create, get, patch, refusal, switched, instancesOf } = mailboxHere(played)

test('Microsoft §12.2: a created event answers 201, says where it is, and has what the server made', async () => {
  const answer = await graph('POST', events, meeting('x', 9, { transactionId: 't-1' }))
  const { id, iCalUId, uid, transactionId } = answer.body
  expect(answer.status).toBe(201)
  expect((await graph('GET', String(answer.headers.get('location')))).body['id']).toBe(id)
  expect(iCalUId).toMatch(/^040000008200E00074C5B7101A82E008[0-9A-F]{80}$/)
  expect([uid, transactionId]).toEqual([iCalUId, 't-1'])
  expect(answer.body).toMatchObject({ isReminderOn: true, reminderMinutesBeforeStart: 15 })
})

test('Microsoft §12.2: a change key changes with every change and with nothing else', async () => {
  const event = await create(meeting('x', 9))
  const keys = [event['changeKey']]
  for (const subject of ['a', 'a', 'b']) keys.push((await patch(event, { subject }))['changeKey'])
  expect(new Set(keys).size).toBe(4)
  await graph('GET', events)
  expect((await get(event))['changeKey']).toBe(keys.at(-1))
  expect((await get(event, 'IdType="ImmutableId"'))['@odata.etag']).toBe(`W/"${String(keys.at(-1))}"`)
})

test('Microsoft §12.2: a transaction id is remembered by each mailbox for itself, and a patch cannot set one', async () => {
  const event = await create(meeting('x', 9, { transactionId: 't-1' }))
  expect((await patch(event, { transactionId: 't-2' }))['transactionId']).toBe('t-1')
  await create(meeting('x', 9, { transactionId: 't-2' }))
  const other = await played.account('microsoft', 'ada@example.com')
  expect((await other('POST', events, meeting('x', 9, { transactionId: 't-1' }))).status).toBe(201)
})

test('Microsoft §12.3: an etag is taken with its weakness, without it, among others, or as a star', async () => {
  const event = await create(meeting('x', 9))
  const send = async (etag: string, method = 'PATCH') =>
    (
      await graph(method, pathOf(event), method === 'PATCH' ? { subject: 'y' } : undefined, {
        'if-match': etag,
      })
    ).status
  const current = async () => String((await get(event))['@odata.etag'])
  expect(await send(await current())).toBe(200)
  expect(await send((await current()).slice(2))).toBe(200)
  expect(await send(`W/"other", ${await current()}`)).toBe(200)
  expect(await send('*')).toBe(200)
  expect(await send('W/"other"')).toBe(412)
  expect(await send('W/"other"', 'DELETE')).toBe(412)
  await switched({ 'microsoft.ifMatchOnDelete': 'ignored' })
  expect(await send('W/"other"', 'DELETE')).toBe(204)
})

test('Microsoft §12.3: occurrences name their series, their original start and a UID of their own', async () => {
  const series = await create(meeting('x', 9, { recurrence: daily }))
  const [, second] = await instancesOf(series)
  expect(second).toMatchObject({
    type: 'occurrence',
    seriesMasterId: series['id'],
    occurrenceId: `OID.${String(series['id'])}.2026-03-06`,
    originalStart: '2026-03-06T08:00:00Z',
    uid: series['uid'],
    iCalUId: String(series['iCalUId']).replace('E00800000000', 'E00807EA0306'),
    recurrence: null,
  })
})

test('Microsoft §12.3: a patched occurrence is an exception with its old id, a deleted one a gap that series and view agree on', async () => {
  const series = await create(meeting('x', 9, { recurrence: daily }))
  const [first, second] = await instancesOf(series)
  const patched = await patch(object(first), {
    subject: 'Special',
    ...between('UTC', '2026-03-05T20:00:00', '2026-03-05T21:00:00'),
  })
  expect(patched).toMatchObject({
    id: first?.['id'],
    type: 'exception',
    originalStart: '2026-03-05T08:00:00Z',
  })
  expect((await graph('DELETE', pathOf(object(second)))).status).toBe(204)
  expect((await graph('DELETE', pathOf(object(second)))).status).toBe(404)
  const view = list((await graph('GET', `/v1.0/me/calendarView?${window}`)).body['value'])
  expect(view.map(({ type, subject }) => [type, subject])).toEqual([
    ['exception', 'Special'],
    ['occurrence', 'x'],
  ])
  const asked = await graph('GET', `${pathOf(series)}?$select=cancelledOccurrences`)
  expect(asked.body['cancelledOccurrences']).toEqual([`OID.${String(series['id'])}.2026-03-06`])
})

test('Microsoft §12.3: an exception that would cross its neighbour is refused', async () => {
  const [first] = await instancesOf(await create(meeting('x', 9, { recurrence: daily })))
  const next = between('Europe/Berlin', '2026-03-06T06:00:00', '2026-03-06T07:00:00')
  expect(await refusal('PATCH', pathOf(object(first)), next)).toEqual([
    400,
    'ErrorOccurrenceCrossingBoundary',
  ])
})

test('a GET of an occurrence may lag behind its patch for a while, as switched, while the answer to the patch does not', async () => {
  await switched({ 'microsoft.staleOccurrenceSeconds': 5 })
  const series = await create(meeting('Old', 9, { recurrence: daily }))
  const [first] = await instancesOf(series)
  const occurrence = object(first)
  expect((await patch(occurrence, { subject: 'New' }))['subject']).toBe('New')
  expect(await get(occurrence)).toMatchObject({
    subject: 'Old',
    type: 'occurrence',
    '@odata.etag': occurrence['@odata.etag'],
  })
  expect((await instancesOf(series)).map(({ subject }) => subject)).toContain('New')
  await played.control('POST', 'clock', { advance: 'PT6S' })
  expect(await get(occurrence)).toMatchObject({ subject: 'New', type: 'exception' })
  await patch(occurrence, { subject: 'Newer' })
  expect((await get(occurrence))['subject']).toBe('New')
})

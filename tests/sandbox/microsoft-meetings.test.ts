import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { codeOf, list, meeting, object, play, type Call, type Json, type Played } from './played.ts'

const events = '/v1.0/me/events'
const window = 'startDateTime=2026-03-01T00:00:00Z&endDateTime=2026-04-01T00:00:00Z'
let played: Played
let grace: Call
let ada: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  grace = await played.account('microsoft', 'grace@example.com')
  ada = await played.account('microsoft', 'ada@example.com')
})

const guest = (address: string, more: Json = {}): Json => ({ emailAddress: { address }, ...more })
const everyone = [guest('ada@example.com'), guest('kim@elsewhere.example', { type: 'optional' })]
const at = (hour: number): Json => ({
  dateTime: `2026-03-05T${String(hour).padStart(2, '0')}:00:00`,
  timeZone: 'Europe/Berlin',
})

async function invited(more: Json = {}): Promise<{ id: string; copy: Json }> {
  const { status, body } = await grace('POST', events, meeting('Review', 9, { attendees: everyone, ...more }))
  expect(status).toBe(201)
  const [copy] = await eventsOf(ada)
  return { id: String(body['id']), copy: object(copy) }
}
const eventsOf = async (call: Call) => list((await call('GET', events)).body['value'])
const only = async (call: Call) => object((await eventsOf(call))[0])
const get = async (call: Call, id: unknown, query = '') =>
  (await call('GET', `${events}/${String(id)}${query}`)).body

/** The mail noted since this was last asked: each kind with those it went to. */
let read = 0
async function mail(): Promise<unknown[]> {
  const items = list((await played.control('GET', 'mail')).body['items'])
  const fresh = items.slice(read).map(({ kind, to }) => [kind, to])
  read = items.length
  return fresh
}
beforeEach(() => {
  read = 0
})
const [adas, kims] = ['ada@example.com', 'kim@elsewhere.example']

test('an invited person of the same world finds a copy with an id of its own and the meeting’s UID', async () => {
  const { id, copy } = await invited()
  const own = await get(grace, id)
  expect(copy).toMatchObject({
    subject: 'Review',
    isOrganizer: false,
    organizer: { emailAddress: { address: 'grace@example.com' } },
    responseStatus: { response: 'notResponded' },
    showAs: 'tentative',
    iCalUId: own['iCalUId'],
    uid: own['uid'],
    start: own['start'],
  })
  expect(copy['id']).not.toBe(id)
  expect((await ada('GET', `${events}/${id}`)).status).toBe(404)
})

test('the supplied organizer is ignored, and everybody has not answered yet', async () => {
  const organizer = { emailAddress: { name: 'Boss', address: 'boss@example.com' } }
  const { id } = await invited({ organizer })
  const own = await get(grace, id)
  expect(own).toMatchObject({
    isOrganizer: true,
    organizer: { emailAddress: { address: 'grace@example.com' } },
    responseStatus: { response: 'organizer', time: '0001-01-01T00:00:00Z' },
  })
  expect(own['attendees']).toEqual([
    {
      type: 'required',
      status: { response: 'none', time: '0001-01-01T00:00:00Z' },
      emailAddress: { name: adas, address: adas },
    },
    expect.objectContaining({ type: 'optional' }),
  ])
})

test('Microsoft §12.7: guests are mailed on every creation, change and deletion, even when no answer is asked for', async () => {
  const { id } = await invited({ responseRequested: false })
  expect(await mail()).toEqual([['invitation', [adas, kims]]])
  await grace('PATCH', `${events}/${id}`, { subject: 'Later' })
  expect(await mail()).toEqual([['update', [adas, kims]]])
  await grace('DELETE', `${events}/${id}`)
  expect(await mail()).toEqual([['cancellation', [adas, kims]]])
})

test('Microsoft §12.7: an event without attendees, and a guest’s own changes, send nobody mail', async () => {
  const { body } = await grace('POST', events, meeting('Alone', 9))
  await grace('PATCH', `${events}/${String(body['id'])}`, { subject: 'Still alone' })
  await grace('DELETE', `${events}/${String(body['id'])}`)
  expect(await mail()).toEqual([])
  const { copy } = await invited()
  await mail()
  await ada('PATCH', `${events}/${String(copy['id'])}`, { categories: ['Red'] })
  await ada('DELETE', `${events}/${String(copy['id'])}`)
  expect(await mail()).toEqual([])
})

test('when only attendees change, only who came and who went is mailed', async () => {
  const { id } = await invited()
  await mail()
  const attendees = [guest(adas), guest('new@elsewhere.example')]
  await grace('PATCH', `${events}/${id}`, { attendees })
  expect(await mail()).toEqual([
    ['invitation', ['new@elsewhere.example']],
    ['cancellation', [kims]],
  ])
  await grace('PATCH', `${events}/${id}`, { attendees, subject: 'Other' })
  expect(await mail()).toEqual([['update', [adas, 'new@elsewhere.example']]])
})

test('an organizer’s change reaches the copies, whose own properties stay', async () => {
  const { id, copy } = await invited()
  await ada('PATCH', `${events}/${String(copy['id'])}`, {
    categories: ['Red'],
    reminderMinutesBeforeStart: 5,
  })
  await grace('PATCH', `${events}/${id}`, { subject: 'Renamed', location: { displayName: 'Room 2' } })
  expect(await only(ada)).toMatchObject({
    id: copy['id'],
    subject: 'Renamed',
    location: { displayName: 'Room 2' },
    categories: ['Red'],
    reminderMinutesBeforeStart: 5,
  })
})

test('a guest’s change of what the organizer decides stays in the copy until the next update, or is refused as switched', async () => {
  const { id, copy } = await invited()
  const path = `${events}/${String(copy['id'])}`
  await ada('PATCH', path, { subject: 'Mine' })
  expect([(await only(ada))['subject'], (await get(grace, id))['subject']]).toEqual(['Mine', 'Review'])
  await grace('PATCH', `${events}/${id}`, { importance: 'high' })
  expect((await only(ada))['subject']).toBe('Review')
  await played.control('POST', 'switches', { 'microsoft.copyEdits': 'refused' })
  const refused = await ada('PATCH', path, { subject: 'Mine' })
  expect([refused.status, codeOf(refused)]).toEqual([403, 'ErrorAccessDenied'])
  expect((await ada('PATCH', path, { showAs: 'oof', isReminderOn: false })).status).toBe(200)
})

test('a deleted meeting stays in the guests’ calendars as called off until they remove it', async () => {
  const { id, copy } = await invited()
  await grace('DELETE', `${events}/${id}`)
  expect(await only(ada)).toMatchObject({
    id: copy['id'],
    isCancelled: true,
    subject: 'Canceled: Review',
    showAs: 'free',
  })
  expect((await ada('DELETE', `${events}/${String(copy['id'])}`)).status).toBe(204)
  expect(await eventsOf(ada)).toEqual([])
})

test('only the organizer can cancel, and who left the meeting sees it called off', async () => {
  const { id, copy } = await invited()
  const refused = await ada('POST', `${events}/${String(copy['id'])}/cancel`, { comment: 'no' })
  expect([refused.status, codeOf(refused)]).toEqual([400, 'ErrorInvalidRequest'])
  await grace('PATCH', `${events}/${id}`, { attendees: [guest(kims)] })
  expect((await only(ada))['isCancelled']).toBe(true)
  await mail()
  expect((await grace('POST', `${events}/${id}/cancel`, { comment: 'Sorry' })).status).toBe(202)
  expect(await mail()).toEqual([['cancellation', [kims]]])
  expect((await grace('GET', `${events}/${id}`)).status).toBe(404)
})

test.each([
  ['accept', 'accepted', 'busy'],
  ['tentativelyAccept', 'tentativelyAccepted', 'tentative'],
])(
  'who answers with %s is shown so on both sides, and the organizer is mailed',
  async (action, response, showAs) => {
    const { id, copy } = await invited()
    await mail()
    const before = await get(grace, id)
    const answer = await ada('POST', `${events}/${String(copy['id'])}/${action}`, {
      comment: 'Fine',
      sendResponse: true,
    })
    expect(answer.status).toBe(202)
    expect(await only(ada)).toMatchObject({ responseStatus: { response }, showAs })
    const after = await get(grace, id)
    expect(list(after['attendees'])[0]).toMatchObject({ status: { response } })
    expect(after['@odata.etag']).not.toBe(before['@odata.etag'])
    expect(await mail()).toEqual([['response', ['grace@example.com']]])
  },
)

test('a declined meeting leaves the calendar of who declined, or stays there as switched', async () => {
  const { id, copy } = await invited()
  await ada('POST', `${events}/${String(copy['id'])}/decline`, {})
  expect(await eventsOf(ada)).toEqual([])
  expect(list((await get(grace, id))['attendees'])[0]).toMatchObject({ status: { response: 'declined' } })
  await played.control('POST', 'switches', { 'microsoft.declinedCopies': 'kept' })
  await grace('PATCH', `${events}/${id}`, { subject: 'Again' })
  await ada('POST', `${events}/${String((await only(ada))['id'])}/decline`)
  expect(await only(ada)).toMatchObject({ responseStatus: { response: 'declined' }, showAs: 'free' })
})

test('an answer that is not sent stays with the guest', async () => {
  const { id, copy } = await invited()
  await mail()
  await ada('POST', `${events}/${String(copy['id'])}/accept`, { sendResponse: false })
  expect((await only(ada))['responseStatus']).toMatchObject({ response: 'accepted' })
  expect(list((await get(grace, id))['attendees'])[0]).toMatchObject({ status: { response: 'none' } })
  expect(await mail()).toEqual([])
})

test('another time may be proposed with an answer that is sent, if the organizer lets it', async () => {
  const { id, copy } = await invited()
  const proposedNewTime = { start: at(14), end: at(15) }
  const path = `${events}/${String(copy['id'])}/tentativelyAccept`
  expect((await ada('POST', path, { proposedNewTime, sendResponse: false })).status).toBe(400)
  expect((await ada('POST', path, { proposedNewTime, sendResponse: true })).status).toBe(202)
  expect(list((await get(grace, id))['attendees'])[0]).toMatchObject({ proposedNewTime })
  await grace('PATCH', `${events}/${id}`, { allowNewTimeProposals: false })
  const refused = await ada('POST', path, { proposedNewTime })
  expect([refused.status, codeOf(refused)]).toEqual([400, 'ErrorInvalidRequest'])
})

test.each<[string, string, Json, Json]>([
  ['by the organizer', 'accept', {}, {}],
  ['that nobody asked for', 'accept', { responseRequested: false }, { sendResponse: true }],
  ['with another time on accepting', 'accept', {}, { proposedNewTime: { start: at(14), end: at(15) } }],
  ['in other words', 'decline', {}, { remark: 'no' }],
  ['of another form', 'decline', {}, { sendResponse: 'perhaps' }],
])('an answer %s is refused with 400', async (name, action, more, body) => {
  const { id, copy } = await invited(more)
  const [call, asked] = name === 'by the organizer' ? [grace, id] : [ada, String(copy['id'])]
  expect((await call('POST', `${events}/${asked}/${action}`, body)).status).toBe(400)
})

test('a meeting that moves asks everybody again', async () => {
  const { id, copy } = await invited()
  await ada('POST', `${events}/${String(copy['id'])}/accept`)
  await grace('PATCH', `${events}/${id}`, { subject: 'Same time' })
  expect((await only(ada))['responseStatus']).toMatchObject({ response: 'accepted' })
  await grace('PATCH', `${events}/${id}`, { start: at(11), end: at(12) })
  expect(await only(ada)).toMatchObject({ responseStatus: { response: 'notResponded' }, showAs: 'tentative' })
  expect(list((await get(grace, id))['attendees'])[0]).toMatchObject({ status: { response: 'none' } })
})

const weekly = {
  pattern: { type: 'weekly', interval: 1, daysOfWeek: ['thursday'] },
  range: { type: 'numbered', startDate: '2026-03-05', numberOfOccurrences: 3 },
}
const instancesOf = async (call: Call, id: unknown) =>
  list((await call('GET', `${events}/${String(id)}/instances?${window}`)).body['value']).toSorted(
    (one, other) => (String(one['originalStart']) < String(other['originalStart']) ? -1 : 1),
  )

test('a change and a deletion of one occurrence reach the guests’ series', async () => {
  const { id, copy } = await invited({ recurrence: weekly })
  const [, second, third] = await instancesOf(grace, id)
  await mail()
  await grace('PATCH', `${events}/${String(second?.['id'])}`, { subject: 'Special' })
  await grace('DELETE', `${events}/${String(third?.['id'])}`)
  expect(await mail()).toEqual([
    ['update', [adas, kims]],
    ['cancellation', [adas, kims]],
  ])
  expect(await instancesOf(ada, copy['id'])).toMatchObject([
    { type: 'occurrence', subject: 'Review' },
    { type: 'exception', subject: 'Special', isCancelled: false },
    { type: 'exception', subject: 'Canceled: Review', isCancelled: true },
  ])
})

test('a single occurrence can be answered for itself, and that survives an update of the series', async () => {
  const { id, copy } = await invited({ recurrence: weekly })
  const [, second] = await instancesOf(ada, copy['id'])
  await ada('POST', `${events}/${String(second?.['id'])}/accept`)
  const answers = async (call: Call, of: unknown) =>
    (await instancesOf(call, of)).map((one) => object(list(one['attendees'])[0]?.['status'])['response'])
  expect(await answers(grace, id)).toEqual(['none', 'accepted', 'none'])
  await grace('PATCH', `${events}/${id}`, { location: { displayName: 'Room 2' } })
  expect(
    (await instancesOf(ada, copy['id'])).map((one) => object(one['responseStatus'])['response']),
  ).toEqual(['notResponded', 'accepted', 'notResponded'])
})

test('an occurrence that moves asks everybody again, for itself alone', async () => {
  const { id, copy } = await invited({ recurrence: weekly })
  await ada('POST', `${events}/${String(copy['id'])}/accept`)
  const [, second] = await instancesOf(grace, id)
  const on = (hour: string) => ({ dateTime: `2026-03-12T${hour}:00:00`, timeZone: 'Europe/Berlin' })
  await grace('PATCH', `${events}/${String(second?.['id'])}`, { start: on('15'), end: on('16') })
  const responses = (await instancesOf(ada, copy['id'])).map(
    (one) => object(one['responseStatus'])['response'],
  )
  expect(responses).toEqual(['accepted', 'notResponded', 'accepted'])
  expect((await only(ada))['responseStatus']).toMatchObject({ response: 'accepted' })
})

test('guests who are hidden from each other see themselves alone', async () => {
  const { copy } = await invited({ hideAttendees: true })
  expect(list(copy['attendees']).map((one) => object(one['emailAddress'])['address'])).toEqual([adas])
})

test('Exchange may add a row for each attendee under the address it knows, as switched, and mails nobody there', async () => {
  await played.control('POST', 'switches', { 'microsoft.canonicalAttendees': true })
  const { id } = await invited()
  const attendees = async () => list((await get(grace, id))['attendees'])
  expect(await attendees()).toHaveLength(4)
  expect(await mail()).toEqual([['invitation', [adas, kims]]])
  await grace('PATCH', `${events}/${id}`, { attendees: await attendees() })
  expect(await attendees()).toHaveLength(4)
})

test('more than 500 attendees, and one without an address, are refused', async () => {
  const many = Array.from({ length: 501 }, (_, index) => guest(`guest${index}@example.com`))
  expect((await grace('POST', events, meeting('x', 9, { attendees: many }))).status).toBe(400)
  expect((await grace('POST', events, meeting('x', 9, { attendees: many.slice(1) }))).status).toBe(201)
  const nameless = [{ emailAddress: { name: 'Kim' } }]
  expect((await grace('POST', events, meeting('x', 9, { attendees: nameless }))).status).toBe(400)
})

test('what Graph can do with an event and the sandbox does not play is answered with 501', async () => {
  const { id } = await invited()
  for (const action of [
    'forward',
    'snoozeReminder',
    'dismissReminder',
    'attachments',
    'attachments/createUploadSession',
  ])
    expect((await grace('POST', `${events}/${id}/${action}`, {})).status).toBe(501)
  const attachments = [{ '@odata.type': '#microsoft.graph.fileAttachment', name: 'a.txt' }]
  expect((await grace('POST', events, meeting('x', 9, { attachments }))).status).toBe(501)
  expect((await grace('GET', `${events}/${id}/attachments`)).body['value']).toEqual([])
})

test('an event that is deleted for good is gone like any other', async () => {
  const { id } = await invited()
  expect((await grace('POST', `${events}/${id}/permanentDelete`)).status).toBe(204)
  expect((await grace('GET', `${events}/${id}`)).status).toBe(404)
  expect((await only(ada))['isCancelled']).toBe(true)
})

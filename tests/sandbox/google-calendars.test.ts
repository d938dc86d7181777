import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { list, play, reasonOf, timed, type Call, type Played } from './played.ts'

const path = '/calendar/v3/calendars'
const lists = '/calendar/v3/users/me/calendarList'
let played: Played
let google: Call
let grace: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  google = await played.account('google', 'ada@example.com')
  grace = await played.account('google', 'grace@example.com')
})

async function make(summary: string, more = {}): Promise<string> {
  return String((await google('POST', path, { summary, ...more })).body['id'])
}

async function share(id: string, role: string): Promise<void> {
  await google('POST', `${path}/${id}/acl`, { role, scope: { type: 'user', value: 'grace@example.com' } })
  await grace('POST', lists, { id })
}

test('a new calendar is its maker’s own, in the list at once, and takes events', async () => {
  const made = await google('POST', path, {
    summary: 'Team',
    description: 'What we plan',
    location: 'Berlin',
  })
  expect(made.body).toMatchObject({
    kind: 'calendar#calendar',
    summary: 'Team',
    description: 'What we plan',
    location: 'Berlin',
    timeZone: 'UTC',
    dataOwner: 'ada@example.com',
    id: expect.stringMatching(/@group\.calendar\.google\.com$/),
  })
  const id = String(made.body['id'])
  expect((await google('GET', `${lists}/${id}`)).body).toMatchObject({
    accessRole: 'owner',
    location: 'Berlin',
  })
  expect((await google('POST', `${path}/${id}/events`, timed('a', 9))).status).toBe(200)
  expect((await google('GET', `${path}/${id}/events`)).body).toMatchObject({
    summary: 'Team',
    accessRole: 'owner',
  })
})

test('a new calendar without a zone is in UTC, or in its maker’s own as switched', async () => {
  await played.control('POST', 'switches', { 'google.newCalendarTimeZone': 'owner' })
  const id = await make('Team')
  expect((await google('GET', `${path}/${id}`)).body['timeZone']).toBe('Europe/Berlin')
})

test.each([
  [{}, 'required'],
  [{ summary: '' }, 'required'],
  [{ summary: 7 }, 'invalid'],
  [{ summary: 'a', timeZone: 'Moon/Crater' }, 'invalid'],
  [{ summary: 'a', description: [] }, 'invalid'],
])('%j makes no calendar', async (body, reason) => {
  const refused = await google('POST', path, body)
  expect([refused.status, reasonOf(refused)]).toEqual([400, reason])
})

test('a patch changes what it names; a whole write clears what it does not', async () => {
  const id = await make('Team', { description: 'What we plan', location: 'Berlin', timeZone: 'Asia/Tokyo' })
  const patched = await google('PATCH', `${path}/${id}`, { summary: 'Crew', location: null })
  expect(patched.body).toMatchObject({ summary: 'Crew', description: 'What we plan', timeZone: 'Asia/Tokyo' })
  expect(patched.body).not.toHaveProperty('location')
  const put = await google('PUT', `${path}/${id}`, { summary: 'Crew' })
  expect(put.body).not.toHaveProperty('description')
  expect(put.body).toMatchObject({ timeZone: 'Asia/Tokyo' })
})

test('a calendar’s etag changes when it changes and never otherwise', async () => {
  const id = await make('Team')
  const before = (await google('GET', `${path}/${id}`)).body['etag']
  await google('PATCH', `${path}/${id}`, { summary: 'Team' })
  await google('POST', `${path}/${id}/events`, timed('a', 9))
  const same = await google('GET', `${path}/${id}`, undefined, { 'if-none-match': String(before) })
  expect(same.status).toBe(304)
  const renamed = await google('PATCH', `${path}/${id}`, { summary: 'Crew' }, { 'if-match': String(before) })
  expect(renamed.body['etag']).not.toBe(before)
  const stale = await google('PATCH', `${path}/${id}`, { summary: 'x' }, { 'if-match': String(before) })
  expect([stale.status, reasonOf(stale)]).toEqual([412, 'conditionNotMet'])
})

test('a calendar renamed by its owner is renamed in every list, beside what others call it', async () => {
  const id = await make('Team')
  await share(id, 'reader')
  await grace('PATCH', `${lists}/${id}`, { summaryOverride: 'Ada’s' })
  await google('PATCH', `${path}/${id}`, { summary: 'Crew' })
  expect((await grace('GET', `${lists}/${id}`)).body).toMatchObject({
    summary: 'Crew',
    summaryOverride: 'Ada’s',
  })
})

test('events of a calendar that moved to another zone are told in the new one', async () => {
  const events = `${path}/primary/events`
  await google('POST', events, { ...timed('a', 9), id: 'event0' })
  const first = await google('GET', events)
  await google('PATCH', `${path}/primary`, { timeZone: 'America/New_York' })
  const start = { dateTime: '2026-03-05T03:00:00-05:00' }
  expect(list((await google('GET', events)).body['items'])).toMatchObject([{ start }])
  expect((await google('GET', `${events}/event0`)).body).toMatchObject({ start })
  const changes = await google('GET', `${events}?syncToken=${String(first.body['nextSyncToken'])}`)
  expect(changes.body).toMatchObject({ items: [], timeZone: 'America/New_York' })
})

test('a deleted calendar is gone for everybody: events answer 404 and lists show it as deleted', async () => {
  const id = await make('Team')
  await share(id, 'writer')
  await google('POST', `${path}/${id}/events`, { ...timed('a', 9), id: 'event0' })
  const token = String((await grace('GET', lists)).body['nextSyncToken'])
  expect((await google('DELETE', `${path}/${id}`)).status).toBe(204)
  for (const call of [google, grace]) {
    for (const at of [
      `${path}/${id}`,
      `${path}/${id}/events`,
      `${path}/${id}/events/event0`,
      `${path}/${id}/acl`,
    ])
      expect([at, (await call('GET', at)).status]).toEqual([at, 404])
    expect((await call('POST', `${path}/${id}/events`, timed('b', 9))).status).toBe(404)
    expect(list((await call('GET', `${lists}?showDeleted=true`)).body['items'])).toMatchObject([
      { primary: true },
      { id, deleted: true },
    ])
  }
  expect(list((await grace('GET', `${lists}?syncToken=${token}`)).body['items'])).toMatchObject([
    { id, deleted: true },
  ])
  expect((await google('DELETE', `${path}/${id}`)).status).toBe(404)
})

test('only its data owner deletes a calendar, and nobody a primary one', async () => {
  const id = await make('Team')
  await share(id, 'owner')
  const other = await grace('DELETE', `${path}/${id}`)
  expect([other.status, reasonOf(other)]).toEqual([403, 'forbidden'])
  const primary = await google('DELETE', `${path}/primary`)
  expect([primary.status, reasonOf(primary)]).toEqual([403, 'cannotDeletePrimaryCalendar'])
})

test('only owners change what a calendar says of itself', async () => {
  const id = await make('Team')
  await share(id, 'writer')
  const refused = await grace('PATCH', `${path}/${id}`, { summary: 'Mine' })
  expect([refused.status, reasonOf(refused)]).toEqual([403, 'forbidden'])
  expect((await grace('GET', `${path}/${id}`)).body).toMatchObject({ summary: 'Team' })
})

test('a cleared primary calendar is empty, and its sync tokens tell of each deletion', async () => {
  const events = `${path}/primary/events`
  for (const id of ['event0', 'event1']) await google('POST', events, { ...timed(id, 9), id })
  const token = String((await google('GET', events)).body['nextSyncToken'])
  expect((await google('POST', `${path}/primary/clear`)).status).toBe(204)
  expect((await google('GET', events)).body['items']).toEqual([])
  expect(list((await google('GET', `${events}?syncToken=${token}`)).body['items'])).toMatchObject([
    { id: 'event0', status: 'cancelled' },
    { id: 'event1', status: 'cancelled' },
  ])
  expect((await google('POST', `${path}/${await make('Team')}/clear`)).status).toBe(400)
})

test('labels of events are kept with the calendar and get ids', async () => {
  const label = { name: 'Urgent', backgroundColor: '#039be5' }
  const { body } = await google('PATCH', `${path}/primary`, { labelProperties: { eventLabels: [label] } })
  expect(body).toMatchObject({ labelProperties: { eventLabels: [{ ...label, id: expect.any(String) }] } })
})

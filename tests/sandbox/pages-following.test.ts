import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { personAt, vendors, type Person } from './people.ts'
import { list, play, type Json, type Played } from './played.ts'

const events = '/calendar/v3/calendars/primary/events'
const following = 'accounts/ada@example.com/following?vendor=google'
let played: Played
let ada: Person

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  ada = await personAt(played, 'google', 'ada@example.com')
})

const weekly = { title: 'Choir', repeat: 'weekly', days: ['TH'], ends: 'after', count: '5' }
const items = async (): Promise<Json[]> => {
  const google = await played.account('google', 'ada@example.com')
  return list((await google('GET', events)).body['items'])
}
const mail = async () =>
  list((await played.control('GET', 'mail')).body['items']).map(({ kind, to, subject }) => [
    kind,
    to,
    subject,
  ])

test('this and following on the page begins a series with an _R id and keeps the names of its instances', async () => {
  await ada.add(weekly)
  const id = String((await ada.find('Choir'))['id'])
  await ada.edit(await ada.occurrence('2026-03-19'), { scope: 'following', title: 'Orchestra' })
  expect(await items()).toMatchObject([
    { id, summary: 'Choir', recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=TH;UNTIL=20260318T225959Z'] },
    {
      id: `${id}_R20260319T080000`,
      iCalUID: `${id}_R20260319T080000@google.com`,
      summary: 'Orchestra',
      recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=3'],
    },
  ])
  expect(await ada.occurrence('2026-03-26')).toBe(`${id}_20260326T080000Z`)
})

test.each(vendors)(
  'a series of %s that is split on the page and moved to another day counts what is left of it there',
  async (vendor) => {
    const grace = await personAt(played, vendor, 'grace@example.com')
    await grace.add(weekly)
    const friday = { startDate: '2026-03-20', endDate: '2026-03-20' }
    await grace.edit(await grace.occurrence('2026-03-19'), { scope: 'following', ...friday })
    expect(await grace.days('2026-03-01', '2026-05-01')).toEqual([
      'Choir 2026-03-05T08:00',
      'Choir 2026-03-12T08:00',
      'Choir 2026-03-20T08:00',
      'Choir 2026-03-27T08:00',
      'Choir 2026-04-03T07:00',
    ])
  },
)

test.each(vendors)('a series of %s moved from its first occurrence on is the same series', async (vendor) => {
  const grace = await personAt(played, vendor, 'grace@example.com')
  await grace.add(weekly)
  const { id } = await grace.find('Choir')
  const friday = { startDate: '2026-03-06', endDate: '2026-03-06' }
  await grace.edit(await grace.occurrence('2026-03-05'), { scope: 'following', ...friday })
  expect(await grace.days('2026-03-01', '2026-03-16')).toEqual([
    'Choir 2026-03-06T08:00',
    'Choir 2026-03-13T08:00',
  ])
  expect((await grace.find('Choir'))['id']).toBe(id)
})

test('exceptions after a split on the page go over to the later part', async () => {
  await ada.add(weekly)
  const id = String((await ada.find('Choir'))['id'])
  await ada.edit(await ada.occurrence('2026-03-26'), { title: 'Concert' })
  await ada.edit(await ada.occurrence('2026-03-19'), { scope: 'following', location: 'Church' })
  expect(await ada.find('Concert')).toMatchObject({
    id: `${id}_20260326T080000Z`,
    recurringEventId: `${id}_R20260319T080000`,
  })
})

test('guests are told of both parts when the person wishes it', async () => {
  await ada.add({ ...weekly, guests: 'bob@elsewhere.org' })
  const change = { scope: 'following', title: 'Orchestra' }
  await ada.edit(await ada.occurrence('2026-04-02'), change)
  expect(await mail()).toEqual([])
  await ada.edit(await ada.occurrence('2026-03-19'), { ...change, title: 'Quartet', mail: 'yes' })
  expect(await mail()).toEqual([
    ['update', ['bob@elsewhere.org'], 'Choir'],
    ['invitation', ['bob@elsewhere.org'], 'Quartet'],
  ])
})

test('a deletion of this and following shortens the series, and from its first instance on deletes it', async () => {
  await ada.add(weekly)
  const id = String((await ada.find('Choir'))['id'])
  const remove = { act: 'delete', scope: 'following' }
  await ada.edit(await ada.occurrence('2026-03-19'), remove)
  expect(await items()).toMatchObject([
    { id, recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=TH;UNTIL=20260318T225959Z'] },
  ])
  await ada.edit(await ada.occurrence('2026-03-05'), remove)
  expect(await items()).toEqual([])
})

test('a change that is refused leaves the series and its exceptions whole', async () => {
  await ada.add(weekly)
  await ada.edit(await ada.occurrence('2026-03-19'), { title: 'Concert' })
  const before = await items()
  const instance = await ada.occurrence('2026-03-19')
  const refused = await played.control('POST', following, {
    id: instance,
    changes: { end: { date: 'never' } },
  })
  expect(refused.status).toBe(400)
  expect(await items()).toEqual(before)
})

test('a person who may only read a calendar splits nothing in it', async () => {
  await ada.add(weekly)
  const id = await ada.occurrence('2026-03-19')
  const google = await played.account('google', 'ada@example.com')
  await google('POST', '/calendar/v3/calendars/primary/acl', {
    role: 'reader',
    scope: { type: 'user', value: 'bob@example.com' },
  })
  await played.account('google', 'bob@example.com')
  const refused = await played.control('POST', 'accounts/bob@example.com/following?vendor=google', {
    calendar: 'ada@example.com',
    id,
  })
  expect(refused.status).toBe(403)
  expect(await ada.days('2026-03-26', '2026-03-27')).toEqual(['Choir 2026-03-26T08:00'])
})

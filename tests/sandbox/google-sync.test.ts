import { afterAll, beforeAll, expect, test } from 'vitest'
import { list, play, reasonOf, timed, type Answer, type Call, type Played } from './played.ts'

const events = '/calendar/v3/calendars/primary/events'
let played: Played
let emails = 0

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())

async function accountWith(count: number): Promise<Call> {
  emails += 1
  const google = await played.account('google', `person${emails}@example.com`)
  for (let index = 0; index < count; index += 1)
    await google('POST', events, { ...timed(`${index}`, 9), id: `even${index}` })
  return google
}

function idsOf(answer: Answer): unknown[] {
  return list(answer.body['items']).map((event) => event['id'])
}

test('pages carry a page token until the last one, which carries the sync token', async () => {
  const google = await accountWith(5)
  const first = await google('GET', `${events}?maxResults=3`)
  expect(idsOf(first)).toEqual(['even0', 'even1', 'even2'])
  expect(first.body).not.toHaveProperty('nextSyncToken')
  const last = await google('GET', `${events}?maxResults=3&pageToken=${String(first.body['nextPageToken'])}`)
  expect(idsOf(last)).toEqual(['even3', 'even4'])
  expect(last.body).not.toHaveProperty('nextPageToken')
  expect(last.body['nextSyncToken']).toEqual(expect.any(String))
})

test('a sync token gives what changed since, one entry for each event, deletions included', async () => {
  const google = await accountWith(4)
  const { body } = await google('GET', events)
  await google('PATCH', `${events}/even1`, { summary: 'x' })
  await google('PATCH', `${events}/even1`, { summary: 'y' })
  await google('DELETE', `${events}/even2`)
  const changes = await google('GET', `${events}?syncToken=${String(body['nextSyncToken'])}`)
  expect(list(changes.body['items'])).toMatchObject([
    { id: 'even1', summary: 'y' },
    { id: 'even2', status: 'cancelled' },
  ])
  expect(list(changes.body['items'])[1]).not.toHaveProperty('summary')
  const none = await google('GET', `${events}?syncToken=${String(changes.body['nextSyncToken'])}`)
  expect(idsOf(none)).toEqual([])
})

test('an event changed between two pages is not lost: the next round has it', async () => {
  const google = await accountWith(4)
  const first = await google('GET', `${events}?maxResults=2`)
  await google('PATCH', `${events}/even0`, { summary: 'changed' })
  await google('PATCH', `${events}/even3`, { summary: 'changed' })
  await google('POST', events, { ...timed('new', 9), id: 'even9' })
  const last = await google('GET', `${events}?maxResults=10&pageToken=${String(first.body['nextPageToken'])}`)
  expect(idsOf(last)).toContain('even3')
  const next = await google('GET', `${events}?syncToken=${String(last.body['nextSyncToken'])}`)
  expect(idsOf(next)).toEqual(['even0', 'even3', 'even9'])
})

test.each([
  'timeMin=2026-01-01T00:00:00Z',
  'timeMax=2026-01-01T00:00:00Z',
  'q=x',
  'orderBy=updated',
  'iCalUID=x',
  'showDeleted=false',
  'updatedMin=2026-01-01T00:00:00Z',
  'privateExtendedProperty=a%3Db',
  'sharedExtendedProperty=a%3Db',
  'singleEvents=true',
])('%s beside a sync token is refused with 400', async (parameter) => {
  const google = await accountWith(0)
  const { body } = await google('GET', events)
  const refused = await google('GET', `${events}?syncToken=${String(body['nextSyncToken'])}&${parameter}`)
  expect(refused.status).toBe(400)
})

test('a sync token that is garbage, old, or of another calendar is answered with 410', async () => {
  const google = await accountWith(1)
  const other = await accountWith(1)
  const token = String((await google('GET', events)).body['nextSyncToken'])
  const refusals = [
    await google('GET', `${events}?syncToken=nonsense`),
    await other('GET', `${events}?syncToken=${token}`),
  ]
  await played.control('POST', 'clock', { advance: 'P30D' })
  const later = await played.account('google', `person${emails - 1}@example.com`)
  refusals.push(await later('GET', `${events}?syncToken=${token}`))
  expect(refusals.map((refusal) => [refusal.status, reasonOf(refusal)])).toEqual(
    refusals.map(() => [410, 'fullSyncRequired']),
  )
})

test('deleted events are listed only when they are asked for', async () => {
  const google = await accountWith(2)
  await google('DELETE', `${events}/even0`)
  expect(idsOf(await google('GET', events))).toEqual(['even1'])
  expect(idsOf(await google('GET', `${events}?showDeleted=true`))).toEqual(['even0', 'even1'])
})

test('a window keeps what ends after its start and begins before its end', async () => {
  const google = await accountWith(0)
  for (const hour of [8, 9, 10, 11]) await google('POST', events, { ...timed('x', hour), id: `hour${hour}` })
  const window = 'timeMin=2026-03-05T09:00:00%2B01:00&timeMax=2026-03-05T11:00:00%2B01:00'
  expect(idsOf(await google('GET', `${events}?${window}`))).toEqual(['hour9', 'hour10'])
})

test('events are found by a private property and by UID', async () => {
  const google = await accountWith(2)
  await google('POST', events, {
    ...timed('x', 9),
    id: 'marked',
    extendedProperties: { private: { mark: 'a=b' } },
  })
  expect(
    idsOf(await google('GET', `${events}?privateExtendedProperty=${encodeURIComponent('mark=a=b')}`)),
  ).toEqual(['marked'])
  expect(idsOf(await google('GET', `${events}?iCalUID=even1@google.com`))).toEqual(['even1'])
})

test('a cancelled occurrence is listed with its series, and a deleted series is one tombstone', async () => {
  const google = await accountWith(0)
  const at = (hour: string) => ({ dateTime: `2026-03-05T${hour}:00:00`, timeZone: 'Europe/Berlin' })
  await google('POST', events, {
    id: 'serie',
    start: at('09'),
    end: at('10'),
    recurrence: ['RRULE:FREQ=DAILY;COUNT=3'],
  })
  await google('DELETE', `${events}/serie_20260306T080000Z`)
  const full = await google('GET', events)
  expect(list(full.body['items'])).toMatchObject([
    { id: 'serie' },
    {
      status: 'cancelled',
      recurringEventId: 'serie',
      originalStartTime: { dateTime: '2026-03-06T09:00:00+01:00' },
    },
  ])
  await google('DELETE', `${events}/serie`)
  const changes = await google('GET', `${events}?syncToken=${String(full.body['nextSyncToken'])}`)
  expect(list(changes.body['items'])).toMatchObject([{ id: 'serie', status: 'cancelled' }])
  expect(idsOf(await google('GET', events))).toEqual([])
})

test('fifty thousand events come page by page, and an empty look at them costs what one at none costs', async () => {
  const empty = await accountWith(0)
  const google = await accountWith(0)
  const seeded = await played.control('POST', `accounts/person${emails}@example.com/events`, {
    vendor: 'google',
    count: 50_000,
    startsAt: '2026-01-01T00:00:00Z',
  })
  expect(seeded.body).toEqual({ created: 50_000 })
  let count = 0
  let page = await google('GET', `${events}?maxResults=2500`)
  for (; typeof page.body['nextSyncToken'] !== 'string';) {
    count += list(page.body['items']).length
    page = await google('GET', `${events}?maxResults=2500&pageToken=${String(page.body['nextPageToken'])}`)
  }
  expect(count + list(page.body['items']).length).toBe(50_000)

  const none = await google('GET', `${events}?syncToken=${page.body['nextSyncToken']}`)
  const nothing = await empty('GET', events)
  const looks = [
    [google, none.body['nextSyncToken']],
    [empty, nothing.body['nextSyncToken']],
  ] as const
  const fastestMs = [Infinity, Infinity]
  for (let look = 0; look < 60; look += 1) {
    for (const [index, [call, token]] of looks.entries()) {
      const started = performance.now()
      await call('GET', `${events}?syncToken=${String(token)}`)
      fastestMs[index] = Math.min(fastestMs[index] ?? Infinity, performance.now() - started)
    }
  }
  expect((fastestMs[0] ?? 0) / (fastestMs[1] ?? 1)).toBeLessThan(2)
})

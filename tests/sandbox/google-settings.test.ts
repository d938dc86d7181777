import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { list, object, play, reasonOf, type Answer, type Call, type Played } from './played.ts'

const path = '/calendar/v3/users/me/settings'
const email = 'ada@example.com'
let played: Played
let google: Call

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('POST', 'reset')
  google = await played.account('google', email)
})

const change = (settings: object) => played.control('POST', `accounts/${email}/settings`, settings)
const idsOf = ({ body }: Answer) => list(body['items']).map(({ id }) => id)

test('a setting has a value of its own kind, and an unknown one is 404', async () => {
  const { body } = await google('GET', `${path}/timezone`)
  expect(body).toMatchObject({ kind: 'calendar#setting', id: 'timezone', value: 'Europe/Berlin' })
  const unknown = await google('GET', `${path}/mood`)
  expect([unknown.status, reasonOf(unknown)]).toEqual([404, 'notFound'])
})

test('the list of settings has all of them, or only those a person has changed, as switched', async () => {
  expect(idsOf(await google('GET', path))).toHaveLength(12)
  await change({ weekStart: '1' })
  await played.control('POST', 'switches', { 'google.settingsListed': 'changed' })
  expect(idsOf(await google('GET', path))).toEqual(['timezone', 'weekStart'])
})

test('settings page, and a sync token gives those that changed since', async () => {
  const first = await google('GET', `${path}?maxResults=8`)
  const last = await google('GET', `${path}?maxResults=8&pageToken=${String(first.body['nextPageToken'])}`)
  expect([...idsOf(first), ...idsOf(last)]).toHaveLength(12)
  await change({ timezone: 'Asia/Tokyo', weekStart: '1' })
  const changes = await google('GET', `${path}?syncToken=${String(last.body['nextSyncToken'])}`)
  expect(list(changes.body['items'])).toMatchObject([
    { id: 'timezone', value: 'Asia/Tokyo' },
    { id: 'weekStart', value: '1' },
  ])
})

test('a setting’s etag changes when the setting does and never otherwise', async () => {
  const etag = String((await google('GET', `${path}/locale`)).body['etag'])
  await change({ weekStart: '1', locale: 'en' })
  expect((await google('GET', `${path}/locale`, undefined, { 'if-none-match': etag })).status).toBe(304)
  await change({ locale: 'de' })
  expect((await google('GET', `${path}/locale`, undefined, { 'if-none-match': etag })).status).toBe(200)
})

test('an unknown setting or zone changes nothing and says what there is', async () => {
  for (const wish of [
    { weekStart: '1', mood: 'good' },
    { weekStart: '1', timezone: 'Moon/Crater' },
  ]) {
    expect((await change(wish)).status).toBe(400)
  }
  expect((await google('GET', `${path}/weekStart`)).body['value']).toBe('0')
})

test('there are 24 colours for calendars and 11 for events', async () => {
  const { body } = await google('GET', '/calendar/v3/colors')
  expect(Object.keys(object(body['calendar']))).toHaveLength(24)
  expect(Object.keys(object(body['event']))).toHaveLength(11)
  expect(object(body['event'])['11']).toEqual({ background: '#dc2127', foreground: '#1d1d1d' })
})

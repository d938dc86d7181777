import { gaxios, OAuth2Client } from 'google-auth-library'
import { calendar, type calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { listen } from './hook.ts'
import { list, object, play, until, type Played } from './played.ts'

// Google's own client for Node, as it is published, told nothing but another root address.
let played: Played
let api: calendar_v3.Calendar
let emails = 0
let email: string

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  await played.control('DELETE', 'faults')
  email = `person${(emails += 1)}@example.com`
  await played.control('POST', 'accounts', { vendor: 'google', email, calendars: ['Work'] })
  const { body } = await played.control('POST', `accounts/${email}/token?vendor=google`)
  const auth = new OAuth2Client()
  auth.setCredentials({ access_token: String(body['access_token']) })
  api = calendar({ version: 'v3', auth, rootUrl: `${played.sandbox.google}/` })
})

const calendarId = 'primary'
const day = (date: number) => ({
  start: { date: `2026-03-${String(date).padStart(2, '0')}` },
  end: { date: `2026-03-${String(date + 1).padStart(2, '0')}` },
})
const insert = async (summary: string, more: calendar_v3.Schema$Event = {}) =>
  (await api.events.insert({ calendarId, requestBody: { summary, ...day(5), ...more } })).data

/** What a call was refused with: the status and the first reason. */
async function refusal(call: Promise<unknown>): Promise<unknown> {
  try {
    await call
    return 'not refused'
  } catch (error) {
    if (!(error instanceof gaxios.GaxiosError)) throw error
    const { domain, reason } = list(object(object(error.response?.data)['error'])['errors'])[0] ?? {}
    return [error.status, domain, reason]
  }
}

/** Every item of all pages, and the token to go on from. */
async function round(parameters: calendar_v3.Params$Resource$Events$List) {
  const items: calendar_v3.Schema$Event[] = []
  let pageToken: string | undefined
  for (;;) {
    const { data } = await api.events.list({
      calendarId,
      ...parameters,
      ...(pageToken === undefined ? {} : { pageToken }),
    })
    items.push(...(data.items ?? []))
    if (!data.nextPageToken) return { items, syncToken: data.nextSyncToken ?? '' }
    expect(data.nextSyncToken).toBeUndefined()
    pageToken = data.nextPageToken
  }
}

test('Google’s client pages through a full list, and a sync token brings what changed since and no more', async () => {
  const made = []
  for (const name of ['a', 'b', 'c', 'd', 'e']) made.push(await insert(name))
  const full = await round({ maxResults: 2 })
  expect(full.items.map(({ summary }) => summary)).toEqual(['a', 'b', 'c', 'd', 'e'])

  await api.events.patch({ calendarId, eventId: made[0]?.id ?? '', requestBody: { summary: 'A' } })
  await api.events.delete({ calendarId, eventId: made[1]?.id ?? '' })
  await insert('f')
  const changes = await round({ maxResults: 1, syncToken: full.syncToken })
  expect(changes.items.map(({ summary, status }) => String(summary ?? status)).toSorted()).toEqual([
    'A',
    'cancelled',
    'f',
  ])
  expect((await round({ syncToken: changes.syncToken })).items).toEqual([])
})

test('Google’s client meets 410 with an old token, and a full list starts it over', async () => {
  const { syncToken } = await round({})
  await played.control('POST', 'clock', { advance: 'P40D' })
  const { body } = await played.control('POST', `accounts/${email}/token?vendor=google`)
  const auth = new OAuth2Client()
  auth.setCredentials({ access_token: String(body['access_token']) })
  api = calendar({ version: 'v3', auth, rootUrl: `${played.sandbox.google}/` })

  expect(await refusal(round({ syncToken }))).toEqual([410, 'calendar', 'fullSyncRequired'])
  await insert('again')
  expect((await round({})).items.map(({ summary }) => summary)).toEqual(['again'])
})

test('Google’s client sees a stale etag refused, and an unchanged event not sent again', async () => {
  const made = await insert('a')
  const eventId = made.id ?? ''
  const changed = await api.events.patch(
    { calendarId, eventId, requestBody: { summary: 'b' } },
    { headers: { 'If-Match': made.etag ?? '' } },
  )
  const stale = api.events.update(
    { calendarId, eventId, requestBody: { summary: 'c', ...day(6) } },
    { headers: { 'If-Match': made.etag ?? '' }, retry: false },
  )
  expect(await refusal(stale)).toEqual([412, 'global', 'conditionNotMet'])
  const again = await api.events.get(
    { calendarId, eventId },
    { headers: { 'If-None-Match': changed.data.etag ?? '' }, validateStatus: () => true },
  )
  expect(again.status).toBe(304)
})

test('Google’s client makes an event once by an id of its own, and learns that the id was used', async () => {
  await insert('a', { id: 'mine0' })
  expect(await refusal(insert('b', { id: 'mine0' }))).toEqual([409, 'global', 'duplicate'])
  await api.events.delete({ calendarId, eventId: 'mine0' })
  const again = api.events.delete({ calendarId, eventId: 'mine0' }, { retry: false })
  expect(await refusal(again)).toEqual([410, 'global', 'deleted'])
})

test('Google’s client reads the instances of a series, changed and cancelled ones among them', async () => {
  const at = (hour: string) => ({ dateTime: `2026-03-05T${hour}:00:00`, timeZone: 'Europe/Berlin' })
  const { data: series } = await api.events.insert({
    calendarId,
    requestBody: {
      summary: 'Stand-up',
      start: at('09'),
      end: at('10'),
      recurrence: ['RRULE:FREQ=DAILY;COUNT=5'],
    },
  })
  const eventId = series.id ?? ''
  const { data } = await api.events.instances({ calendarId, eventId })
  expect(data.items?.map(({ recurringEventId }) => recurringEventId)).toEqual(Array(5).fill(eventId))
  const [first, second] = data.items ?? []
  await api.events.patch({ calendarId, eventId: first?.id ?? '', requestBody: { summary: 'Kick-off' } })
  await api.events.delete({ calendarId, eventId: second?.id ?? '' })

  const later = await api.events.instances({ calendarId, eventId })
  expect(later.data.items?.map(({ summary }) => summary)).toEqual([
    'Kick-off',
    'Stand-up',
    'Stand-up',
    'Stand-up',
  ])
  const all = await api.events.instances({ calendarId, eventId, showDeleted: true })
  expect(all.data.items?.filter(({ status }) => status === 'cancelled').map(({ id }) => id)).toEqual([
    second?.id,
  ])
  const expanded = await round({ singleEvents: true, orderBy: 'startTime', maxResults: 3 })
  expect(expanded.items.map(({ summary }) => summary)).toEqual([
    'Kick-off',
    'Stand-up',
    'Stand-up',
    'Stand-up',
  ])
})

test('Google’s client opens a channel, is told of a change, and closes it', async () => {
  const hook = await listen()
  const { data: channel } = await api.events.watch({
    calendarId,
    requestBody: {
      id: `channel-${email.split('@')[0]}`,
      type: 'web_hook',
      address: `${hook.url}/hook`,
      token: 's',
    },
  })
  expect(channel).toMatchObject({ kind: 'api#channel', resourceId: expect.any(String) })
  await until(() => hook.received.length === 1)
  await insert('a')
  await until(() => hook.received.length === 2)
  expect(hook.received.map(({ headers }) => headers['x-goog-resource-state'])).toEqual(['sync', 'exists'])
  const { id = '', resourceId = '' } = channel
  const stopped = await api.channels.stop({ requestBody: { id, resourceId } })
  expect(stopped.status).toBe(204)
  const again = api.channels.stop({ requestBody: { id, resourceId } })
  expect(await refusal(again)).toEqual([404, 'global', 'notFound'])
  await hook.close()
})

test('Google’s client repeats a read by itself when the server fails, and a write not', async () => {
  await played.control('POST', 'faults', {
    kind: 'error',
    vendor: 'google',
    account: email,
    status: 503,
    times: 2,
  })
  await api.events.list({ calendarId })
  await played.control('POST', 'faults', {
    kind: 'error',
    vendor: 'google',
    account: email,
    status: 503,
    times: 1,
  })
  expect(await refusal(insert('a'))).toEqual([503, 'global', 'serviceUnavailable'])
  const { body } = await played.control('GET', `requests?vendor=google&account=${email}`)
  expect(list(body['items']).map(({ method, status }) => `${String(method)} ${String(status)}`)).toEqual([
    'GET 503',
    'GET 503',
    'GET 200',
    'POST 503',
  ])
})

test('Google’s client reads the calendars, the zone and the times of an account', async () => {
  const { data } = await api.calendarList.list()
  expect(
    data.items?.map(({ summary, accessRole, primary }) => [summary, accessRole, primary ?? false]),
  ).toEqual([
    [email, 'owner', true],
    ['Work', 'owner', false],
  ])
  const work = await api.calendars.get({ calendarId: data.items?.[1]?.id ?? '' })
  expect(work.data).toMatchObject({ summary: 'Work', timeZone: expect.any(String) })
  const zone = await api.settings.get({ setting: 'timezone' })
  expect(zone.data.value).toBe(work.data.timeZone)
})

test('Google’s client is told in the vendor’s own words what it may not do', async () => {
  const unknown = api.events.get({ calendarId, eventId: 'nothing' })
  expect(await refusal(unknown)).toEqual([404, 'global', 'notFound'])
  const turned = api.events.list({
    calendarId,
    timeMin: '2026-03-05T00:00:00Z',
    timeMax: '2026-03-04T00:00:00Z',
  })
  expect(await refusal(turned)).toEqual([400, 'calendar', 'timeRangeEmpty'])
  const unordered = api.events.list({ calendarId, orderBy: 'startTime' })
  expect(await refusal(unordered)).toEqual([400, 'global', 'badRequest'])
  const anonymous = calendar({ version: 'v3', rootUrl: `${played.sandbox.google}/` })
  const answer = await anonymous.events.list({ calendarId }, { validateStatus: () => true })
  expect([answer.status, object(object(answer.data)['error'])['status']]).toEqual([401, 'UNAUTHENTICATED'])
})

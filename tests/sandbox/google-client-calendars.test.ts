import { gaxios, OAuth2Client } from 'google-auth-library'
import { calendar, type calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { listen } from './hook.ts'
import { play, until, type Played } from './played.ts'

// What Google's own client does around calendars, beside their events.
let played: Played
let api: calendar_v3.Calendar
let emails = 0
let email: string

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())
beforeEach(async () => {
  email = `person${(emails += 1)}@example.com`
  api = await clientOf(email)
})

async function clientOf(address: string): Promise<calendar_v3.Calendar> {
  await played.control('POST', 'accounts', { vendor: 'google', email: address })
  const { body } = await played.control('POST', `accounts/${address}/token?vendor=google`)
  const auth = new OAuth2Client()
  auth.setCredentials({ access_token: String(body['access_token']) })
  return calendar({ version: 'v3', auth, rootUrl: `${played.sandbox.google}/` })
}

async function statusOf(call: Promise<{ status: number }>): Promise<number | undefined> {
  try {
    return (await call).status
  } catch (error) {
    if (error instanceof gaxios.GaxiosError) return error.status
    throw error
  }
}

const team = async () => (await api.calendars.insert({ requestBody: { summary: 'Team' } })).data.id ?? ''

test('Google’s client makes a calendar, renames it, and deletes it', async () => {
  const calendarId = await team()
  await api.calendars.patch({ calendarId, requestBody: { description: 'Ours' } })
  await api.calendars.update({ calendarId, requestBody: { summary: 'Crew', timeZone: 'Asia/Tokyo' } })
  const { data } = await api.calendars.get({ calendarId })
  expect(data).toMatchObject({ summary: 'Crew', timeZone: 'Asia/Tokyo' })
  expect(await statusOf(api.calendars.delete({ calendarId }))).toBe(204)
  expect(await statusOf(api.calendars.get({ calendarId }))).toBe(404)
})

test('Google’s client follows the calendar list by a sync token', async () => {
  const { data: first } = await api.calendarList.list()
  const calendarId = await team()
  await api.calendarList.patch({ calendarId, requestBody: { summaryOverride: 'Mine', colorId: '3' } })
  const { data: changed } = await api.calendarList.list({ syncToken: first.nextSyncToken ?? '' })
  expect(changed.items).toMatchObject([
    { id: calendarId, summary: 'Team', summaryOverride: 'Mine', colorId: '3' },
  ])
  await api.calendars.delete({ calendarId })
  const { data: gone } = await api.calendarList.list({ syncToken: changed.nextSyncToken ?? '' })
  expect(gone.items).toMatchObject([{ id: calendarId, deleted: true }])
})

test('Google’s client hides a calendar, and finds it when it asks for hidden ones', async () => {
  const calendarId = await team()
  await api.calendarList.patch({ calendarId, requestBody: { hidden: true } })
  const ids = async (showHidden: boolean) =>
    (await api.calendarList.list({ showHidden })).data.items?.map(({ id }) => id)
  expect(await ids(false)).toEqual([email])
  expect(await ids(true)).toEqual([email, calendarId])
})

test('Google’s client shares a calendar with another person, who may then read it and no more', async () => {
  const calendarId = await team()
  await api.events.insert({
    calendarId,
    requestBody: { summary: 'Retro', start: { date: '2026-03-05' }, end: { date: '2026-03-06' } },
  })
  const friend = `friend-${email}`
  const other = await clientOf(friend)
  expect(await statusOf(other.events.list({ calendarId }))).toBe(404)
  const { data: rule } = await api.acl.insert({
    calendarId,
    requestBody: { role: 'reader', scope: { type: 'user', value: friend } },
  })
  expect((await other.events.list({ calendarId })).data).toMatchObject({
    accessRole: 'reader',
    items: [{ summary: 'Retro' }],
  })
  expect(await statusOf(other.events.insert({ calendarId, requestBody: {} }))).toBe(403)
  expect((await api.acl.list({ calendarId })).data.items).toHaveLength(2)
  await api.acl.delete({ calendarId, ruleId: rule.id ?? '' })
  expect(await statusOf(other.events.list({ calendarId }))).toBe(404)
})

test('Google’s client asks when people are busy', async () => {
  const at = (hour: string) => ({ dateTime: `2026-03-05T${hour}:00:00Z` })
  for (const transparency of ['opaque', 'transparent'])
    await api.events.insert({
      calendarId: 'primary',
      requestBody: { start: at('09'), end: at('10'), transparency },
    })
  const { data } = await api.freebusy.query({
    requestBody: {
      timeMin: '2026-03-05T00:00:00Z',
      timeMax: '2026-03-06T00:00:00Z',
      items: [{ id: email }, { id: 'nobody@example.com' }],
    },
  })
  expect(data.calendars?.[email]?.busy).toEqual([
    { start: '2026-03-05T09:00:00Z', end: '2026-03-05T10:00:00Z' },
  ])
  expect(data.calendars?.['nobody@example.com']?.errors).toMatchObject([{ reason: 'notFound' }])
})

test('Google’s client reads settings and colours', async () => {
  const { data: settings } = await api.settings.list()
  expect(settings.items?.find(({ id }) => id === 'timezone')?.value).toBe(
    (await api.settings.get({ setting: 'timezone' })).data.value,
  )
  const { data: colors } = await api.colors.get()
  expect(Object.keys(colors.event ?? {})).toHaveLength(11)
  expect(Object.keys(colors.calendar ?? {})).toHaveLength(24)
})

test('Google’s client is told of changes to the calendar list', async () => {
  const hook = await listen()
  const { data: channel } = await api.calendarList.watch({
    requestBody: { id: `list-${emails}`, type: 'web_hook', address: `${hook.url}/hook` },
  })
  await until(() => hook.received.length === 1)
  await team()
  await until(() => hook.received.length === 2)
  expect(hook.received[1]?.headers['x-goog-resource-id']).toBe(channel.resourceId)
  await hook.close()
})

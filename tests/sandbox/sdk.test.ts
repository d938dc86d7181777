import { Client } from '@microsoft/microsoft-graph-client'
import { OAuth2Client } from 'google-auth-library'
import { calendar } from 'googleapis/build/src/apis/calendar/index.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { list, meeting, play, type Played } from './played.ts'

let played: Played

beforeAll(async () => {
  played = await play()
})
afterAll(() => played.close())

async function tokenFor(vendor: string, email: string): Promise<string> {
  await played.control('POST', 'accounts', { vendor, email })
  return String(
    (await played.control('POST', `accounts/${email}/token?vendor=${vendor}`)).body['access_token'],
  )
}

test('Google’s own client lists, writes and follows a sync token', async () => {
  const auth = new OAuth2Client()
  auth.setCredentials({ access_token: await tokenFor('google', 'ada@example.com') })
  const api = calendar({ version: 'v3', auth, rootUrl: `${played.sandbox.google}/` })

  const calendars = await api.calendarList.list()
  expect(calendars.data.items?.map(({ id }) => id)).toEqual(['ada@example.com'])

  const times = { start: { date: '2026-03-05' }, end: { date: '2026-03-06' } }
  const made = await api.events.insert({
    calendarId: 'ada@example.com',
    requestBody: { id: 'sdk01', summary: 'A', ...times },
  })
  const { data } = await api.events.list({ calendarId: 'primary' })
  const headers = { 'If-Match': made.data.etag ?? '' }
  await api.events.patch(
    { calendarId: 'primary', eventId: 'sdk01', requestBody: { summary: 'B' } },
    { headers },
  )
  const changes = await api.events.list({ calendarId: 'primary', syncToken: data.nextSyncToken ?? '' })
  expect(changes.data.items?.map(({ summary }) => summary)).toEqual(['B'])

  await api.events.delete({ calendarId: 'primary', eventId: 'sdk01' })
  const again = api.events.delete({ calendarId: 'primary', eventId: 'sdk01' }, { retry: false })
  await expect(again).rejects.toMatchObject({ code: 410 })
})

test('Google’s own client refreshes a token at the sandbox', async () => {
  const auth = new OAuth2Client({
    clientId: 'sandbox-google.apps.googleusercontent.com',
    clientSecret: 'sandbox-google-secret',
    redirectUri: 'http://127.0.0.1:9/callback',
    endpoints: {
      oauth2TokenUrl: `${played.sandbox.google}/token`,
      oauth2AuthBaseUrl: `${played.sandbox.google}/o/oauth2/v2/auth`,
    },
  })
  await played.control('POST', 'accounts', { vendor: 'google', email: 'ada@example.com' })
  const url = new URL(
    auth.generateAuthUrl({ access_type: 'offline', scope: ['https://www.googleapis.com/auth/calendar'] }),
  )
  const form = new URLSearchParams([
    ...url.searchParams,
    ['account', 'ada@example.com'],
    ['decision', 'allow'],
  ])
  const answer = await fetch(`${url.origin}${url.pathname}`, {
    method: 'POST',
    redirect: 'manual',
    body: form,
  })
  const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code')
  const { tokens } = await auth.getToken(code ?? '')
  auth.setCredentials({ refresh_token: tokens.refresh_token ?? '' })
  expect((await auth.getAccessToken()).token).toEqual(expect.any(String))
})

test('Microsoft’s own client creates an event and follows delta links', async () => {
  const token = await tokenFor('microsoft', 'grace@example.com')
  const client = Client.initWithMiddleware({
    baseUrl: played.sandbox.microsoft,
    middleware: {
      async execute(context) {
        const headers = new Headers(context.options?.headers)
        headers.set('authorization', `Bearer ${token}`)
        context.response = await fetch(context.request, { ...context.options, headers })
      },
    },
  })
  const event: unknown = await client.api('/me/events').post(meeting('A', 9))
  expect(event).toMatchObject({ subject: 'A', type: 'singleInstance' })
  const window = { startDateTime: '2026-03-01T00:00:00Z', endDateTime: '2026-04-01T00:00:00Z' }
  const page: Record<string, unknown> = await client.api('/me/calendarView/delta').query(window).get()
  expect(list(page['value'])).toMatchObject([{ subject: 'A' }])
  // The client takes whole links only when they are https, so the sandbox's are shortened to their path.
  const link = new URL(String(page['@odata.deltaLink']))
  const next: unknown = await client.api(`${link.pathname.replace('/v1.0', '')}${link.search}`).get()
  expect(next).toMatchObject({ value: [] })
})

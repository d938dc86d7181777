import { afterAll, beforeAll, expect, test } from 'vitest'
import { giveConsent } from '../../scripts/consent.ts'
import { tomorrow } from '../support/scene.ts'
import { startStack, until, type Stack } from '../support/stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack({ workers: 2 })
})
afterAll(() => stack.close())

test('six calendars of one mailbox are kept by two workers at once, and Graph refuses none of their calls', async () => {
  const { api, control } = stack
  const memberId = await stack.makeMember()
  const first = await stack.connect('microsoft', memberId)
  const { email, person } = first
  const calendarIds: string[] = []
  for (let index = 0; index < 5; index++) {
    const { id: calendarId } = await person.send<{ id: string }>('POST', '/v1.0/me/calendars', {
      name: `Calendar ${index}`,
    })
    calendarIds.push(calendarId)
    const wish = { name: `Calendar ${index}`, vendor: 'microsoft', memberId, calendarId }
    const { id } = await api.post<{ id: string }>('/providers', wish)
    const { authorizeUrl } = await api.post<{ authorizeUrl: string }>(`/providers/${id}/authorize`)
    expect((await giveConsent(authorizeUrl, email)).connected).toBe(true)
  }
  await control.fault({ kind: 'latency', ms: 60, path: '/v1.0/me', times: 100_000 })
  await control.forgetRequests()
  const time = { start: tomorrow(9), end: tomorrow(10), timeZone: 'UTC' }
  for (const title of ['Repair', 'Visit', 'Lunch']) {
    await api.post('/entries', { title, ...time, assignees: [memberId] })
  }
  const titlesIn = async (calendarId: string) => {
    const page = await person.send<{ value: { subject: string }[] }>(
      'GET',
      `/v1.0/me/calendars/${calendarId}/events?$top=50`,
    )
    return page.value.map(({ subject }) => subject).toSorted()
  }
  for (const calendarId of calendarIds) {
    await until(
      'written',
      () => titlesIn(calendarId),
      (titles) => titles.length === 3,
      60_000,
    )
  }
  expect(await control.requests('?status=429')).toEqual([])
  const providers = await api.get<{ items: { id: string; status: string }[] }>('/providers')
  expect(providers.items.filter(({ status }) => status === 'error')).toEqual([])
}, 180_000)

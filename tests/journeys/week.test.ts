import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MaintenanceLine } from '../../activities/index.ts'
import type { Vendor } from '../../domain/event.ts'
import { startClockedStack, type ClockedStack } from '../support/clocked-stack.ts'
import type { Connected } from '../support/opened-tenant.ts'
import { makeEvent, newDiary, passDays, untilScheduled, type Diary } from '../support/passing-days.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** While push is healthy a provider polls three times slower: every six hours. */
const pollEveryMs = 2 * hourMs

const vendors: Vendor[] = ['google', 'microsoft']
/** Both vendors grant a week, of which seven tenths are nearly five days. */
const actions = [0, 1, 2, 3, 4, 5, 6].map((day) => (day === 4 ? 'renewed' : 'skipped'))

describe('a week passes', () => {
  let stack: ClockedStack
  let calendars: Connected[]
  const diary: Diary = newDiary()
  /** The lines of each day's maintenance. */
  const days: { atMs: number; lines: MaintenanceLine[] }[] = []
  const titles: string[] = []

  beforeAll(async () => {
    // Graph's wish for a newer token each hour renews a subscription long before its own time comes: that is not to be seen here.
    const switches = { 'microsoft.subscriptionAuthorization': 'lasting' }
    stack = await startClockedStack({ pollEveryMs, switches })
    const memberId = await stack.makeMember()
    calendars = [await stack.connect('google', memberId), await stack.connect('microsoft', memberId)]
    const startMs = stack.now().getTime()
    const pass = (day: number, hour: number) =>
      passDays(stack, calendars, startMs + day * dayMs + hour * hourMs, diary)
    const shown = () => untilScheduled(stack, memberId, titles)

    for (let day = 0; day < 7; day++) {
      await pass(day, 9)
      if (day === 1) await create('google', 'Told by Google')
      if (day === 2) await create('microsoft', 'Told by Microsoft')
      if (day === 6) await create('google', 'Told by the second channel')
      if (day === 6) await create('microsoft', 'Told by the renewed subscription')
      await shown()
      if (day === 3) {
        await stack.control.fault({ vendor: 'google', kind: 'dropNotification', times: 'always' })
        await create('google', 'Found by a poll')
        await pass(day, 16)
        await shown()
        await stack.control.clearFaults()
      }
      await pass(day, 24)
      days.push({ atMs: stack.now().getTime(), lines: await stack.maintain() })
    }
  }, 180_000)
  afterAll(() => stack?.close())

  const calendarOf = (wanted: Vendor) =>
    calendars.find(({ vendor }) => vendor === wanted) ?? expect.fail('It is not connected.')
  async function create(vendor: Vendor, title: string): Promise<void> {
    await makeEvent(stack, calendarOf(vendor), title)
    titles.push(title)
  }

  test('every day the log tells of each calendar, and on the fifth that it was renewed', () => {
    for (const { lines } of days) expect(lines.map(({ vendor }) => vendor).toSorted()).toEqual(vendors)
    for (const vendor of vendors) {
      const own = days.map(({ lines }) => lines.find((line) => line.vendor === vendor) ?? expect.fail())
      expect(own.map(({ action }) => action)).toEqual(actions)
      expect(own.every(({ error, workflow }) => error === null && workflow === 'runs')).toBe(true)
      // What one day says lives is what the next one finds.
      expect(own.slice(1).map(({ oldExpiry }) => oldExpiry)).toEqual(
        own.slice(0, -1).map(({ newExpiry }) => newExpiry),
      )
      for (const [day, { newExpiry }] of own.entries())
        expect(Date.parse(newExpiry ?? '')).toBeGreaterThan(days[day]?.atMs ?? Number.NaN)
    }
  })

  test.each(vendors)('a subscription at %s is renewed at its own time, long before it ends', (vendor) => {
    const { id } = calendarOf(vendor)
    const [first, second, ...more] = diary.grants.get(id) ?? []
    if (!first || !second) return expect.fail('It was not renewed.')
    expect(more).toEqual([])
    const livedMs = first.expiresAt.getTime() - first.grantedAt.getTime()
    expect(livedMs).toBeGreaterThan(6.9 * dayMs)
    const leadMs = first.expiresAt.getTime() - second.grantedAt.getTime()
    expect(leadMs / livedMs).toBeGreaterThan(0.29)
    expect(leadMs / livedMs).toBeLessThanOrEqual(0.3)
    expect(
      diary.woken.filter(({ providerId, kind }) => providerId === id && kind === 'renewal'),
    ).toHaveLength(1)
  })

  test('a new channel of Google is live before the old one is stopped, and Graph renews in place', async () => {
    const asked = (await stack.control.requests()).filter(({ method }) => method !== 'GET')
    const about = (vendor: Vendor, words: RegExp) =>
      asked
        .filter((request) => request.vendor === vendor && words.test(request.path))
        .map(
          ({ method, path, status }) =>
            `${method} ${path.split('/').slice(vendor === 'google' ? -1 : 2)[0]} ${status}`,
        )
    expect(about('google', /watch|stop/)).toEqual(['POST watch 200', 'POST watch 200', 'POST stop 204'])
    expect(about('microsoft', /subscriptions/)).toEqual(['POST subscriptions 201', 'PATCH subscriptions 200'])
  })

  test('what changes at a vendor arrives, told or not, before a renewal and after it', async () => {
    const dropped = (await stack.control.notifications()).filter((notification) => notification.dropped)
    expect(dropped.length).toBeGreaterThan(0)
    for (const calendar of calendars) expect(await calendar.titles()).toEqual(titles.toSorted())
  })

  test('a provider wakes when it meant to', () => {
    expect(diary.woken.length).toBeGreaterThan(40)
    for (const { dueMs, lookedMs } of diary.woken) {
      expect(lookedMs).toBeGreaterThanOrEqual(dueMs)
      expect(lookedMs - dueMs).toBeLessThan(minuteMs)
    }
  })
})

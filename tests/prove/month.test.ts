import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MaintenanceLine } from '../../activities/index.ts'
import type { Vendor } from '../../domain/event.ts'
import type { calendarProvider } from '../../workflows/calendar-provider.ts'
import { calendarProviderId } from '../../workflows/ids.ts'
import { startOptions } from '../../workflows/provider-start.ts'
import { startClockedStack, type ClockedStack } from '../support/clocked-stack.ts'
import type { Connected } from '../support/opened-tenant.ts'
import { makeEvent, newDiary, passDays, untilScheduled } from '../support/passing-days.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** While push is healthy a provider polls three times slower: every six hours. */
const pollEveryMs = 2 * hourMs
const intervalMs = 3 * pollEveryMs
/** A month has some 125 looks. */
const rollAfterLooks = 20
/** A look that finds nothing, with the leap of time to it, leaves some fourteen events. */
const eventsMax = 400
const sum = (values: number[]) => values.reduce((one, other) => one + other, 0)

describe.each<Vendor>(['google', 'microsoft'])('a month of a calendar of %s', (vendor) => {
  let stack: ClockedStack
  let calendar: Connected
  let memberId: string
  const diary = newDiary()
  const lines: MaintenanceLine[] = []

  beforeAll(async () => {
    // Graph's wish for a newer token each hour is no matter of the calendar's own time.
    const switches = { 'microsoft.subscriptionAuthorization': 'lasting' }
    stack = await startClockedStack({ pollEveryMs, switches })
    memberId = await stack.makeMember()
    calendar = await stack.connect(vendor, memberId)
    await stack.atRest(calendar.id)
    const { workflow } = stack.temporal
    await workflow
      .getHandle(calendarProviderId(calendar.id))
      .terminate('to be started with shorter histories')
    const input = {
      tenantId: stack.tenantId,
      providerId: calendar.id,
      vendor,
      name: 'rolled',
      rollAfterLooks,
    }
    await workflow.start<typeof calendarProvider>('calendarProvider', {
      ...startOptions({ ...input, id: calendar.id }),
      args: [input],
    })
    const startMs = stack.now().getTime()
    for (let day = 1; day <= 30; day++) {
      await passDays(stack, [calendar], startMs + day * dayMs, diary)
      lines.push(...(await stack.maintain()))
    }
  }, 600_000)
  afterAll(() => stack?.close())

  test('each look comes in its time, and what makes one late does not add up', () => {
    const { woken } = diary
    const waits = woken.slice(1).map(({ kind, dueMs }, last) => {
      const waitMs = dueMs - (woken[last]?.lookedMs ?? Number.NaN)
      return { kind, waitMs }
    })
    for (const { waitMs } of waits) expect(waitMs).toBeLessThan(1.1 * intervalMs + minuteMs)
    const polls = waits.filter(({ kind }) => kind === 'poll').map(({ waitMs }) => waitMs)
    for (const waitMs of polls) expect(waitMs).toBeGreaterThan(0.9 * intervalMs - minuteMs)
    expect(polls.length).toBeGreaterThan(100)
    const meanShare = sum(polls) / polls.length / intervalMs
    expect(Math.abs(meanShare - 1)).toBeLessThan(0.03)

    const delays = woken.map(({ dueMs, lookedMs }) => lookedMs - dueMs)
    for (const delayMs of delays) expect(delayMs).toBeLessThan(minuteMs)
    expect(sum(delays)).toBeLessThan(15 * minuteMs)
    process.stdout.write(
      `${vendor}: ${woken.length} looks, one in ${(meanShare * 6).toFixed(2)} h; the latest ${Math.max(...delays)} ms late, all together ${sum(delays)} ms\n`,
    )
  })

  test('its subscription is renewed after seven tenths of each lifetime, and every line of the log says so', () => {
    const grants = diary.grants.get(calendar.id) ?? []
    expect(grants).toHaveLength(7)
    for (const [number, { grantedAt, expiresAt }] of grants.slice(0, -1).entries()) {
      const dueMs = grantedAt.getTime() + 0.7 * (expiresAt.getTime() - grantedAt.getTime())
      const lateMs = (grants[number + 1]?.grantedAt.getTime() ?? Number.NaN) - dueMs
      expect(lateMs).toBeGreaterThanOrEqual(0)
      expect(lateMs).toBeLessThan(minuteMs)
    }
    const told = (wanted: MaintenanceLine['action']) => lines.filter(({ action }) => action === wanted)
    expect([told('renewed').length, told('skipped').length]).toEqual([6, 24])
    expect(lines.every(({ error }) => error === null)).toBe(true)
  })

  test('its history is rolled again and again, and stays short', async () => {
    const workflowId = calendarProviderId(calendar.id)
    const lengths = []
    for await (const run of stack.temporal.workflow.list({ query: `WorkflowId = "${workflowId}"` })) {
      if (run.status.name === 'CONTINUED_AS_NEW') lengths.push(run.historyLength)
    }
    expect(lengths.length).toBeGreaterThanOrEqual(Math.floor(diary.woken.length / rollAfterLooks) - 1)
    const { historyLength } = await stack.temporal.workflow.getHandle(workflowId).describe()
    expect(Math.max(...lengths, historyLength)).toBeLessThan(eventsMax)
    process.stdout.write(
      `${vendor}: ${lengths.length + 1} runs of at most ${Math.max(...lengths, historyLength)} events\n`,
    )
  })

  test('it still hears of a change at once', async () => {
    await makeEvent(stack, calendar, 'After a month')
    await untilScheduled(stack, memberId, ['After a month'])
  })
})

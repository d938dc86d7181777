import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newMember, runningApi, type Caller, type RunningApi } from './running-api.ts'

let api: RunningApi
let tenant: Caller
let dana: string

beforeAll(async () => {
  api = await runningApi()
})
afterAll(() => api.close())

const month = '/entries?from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z'

/** A series of Mondays in March 2026, in Berlin, across the change of clocks on the 29th. */
async function mondays(more: Record<string, unknown> = {}) {
  tenant = await api.newTenant()
  dana = await newMember(tenant)
  const made = await tenant.call('POST', '/entries', {
    title: 'Standup',
    start: '2026-03-02T09:00:00',
    end: '2026-03-02T09:30:00',
    timeZone: 'Europe/Berlin',
    recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO'],
    assignees: [dana],
    ...more,
  })
  expect(made.status).toBe(201)
  return made.body
}

const listed = async (path = month) => {
  const { body } = await tenant.call('GET', path)
  return (body.items as Record<string, unknown>[]).map(({ title, start }) => [title, start])
}
const startsOf = async () => (await listed()).map(([, start]) => start)
const ifMatch = (entry: { version?: unknown }) => ({ 'if-match': `"v${String(entry.version)}"` })

describe('a series', () => {
  test('comes out with its rule, and in a window occurrence by occurrence, in its own zone', async () => {
    const series = await mondays()
    expect(series).toMatchObject({
      recurrence: [expect.stringMatching(/^RRULE:FREQ=WEEKLY/)],
      seriesId: null,
    })
    expect(await startsOf()).toEqual([
      '2026-03-02T09:00:00+01:00',
      '2026-03-09T09:00:00+01:00',
      '2026-03-16T09:00:00+01:00',
      '2026-03-23T09:00:00+01:00',
      '2026-03-30T09:00:00+02:00',
    ])
    const { body } = await tenant.call('GET', month)
    expect(body.items[1]).toMatchObject({
      id: series.id,
      seriesId: series.id,
      originalStart: '2026-03-09T08:00:00Z',
      recurrence: null,
    })
  })

  test('leaves out what EXDATE names, and says so again', async () => {
    const exdate = 'EXDATE;TZID=Europe/Berlin:20260309T090000'
    const series = await mondays({ recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO', exdate] })
    expect(series.recurrence).toContain(exdate)
    expect(await startsOf()).not.toContain('2026-03-09T09:00:00+01:00')
    const whole = await tenant.call(
      'PATCH',
      `/entries/${series.id}`,
      { recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO'] },
      ifMatch(series),
    )
    expect(whole.body.recurrence).toHaveLength(1)
    expect(await startsOf()).toContain('2026-03-09T09:00:00+01:00')
  })

  test('is listed page by page without a gap or a double', async () => {
    await mondays({ recurrence: ['RRULE:FREQ=DAILY'] })
    const seen: unknown[] = []
    let path: string | null = `${month}&limit=7`
    while (path) {
      const { body } = await tenant.call('GET', path)
      seen.push(...(body.items as { start: unknown }[]).map(({ start }) => start))
      path = body.nextCursor ? `${month}&limit=7&cursor=${String(body.nextCursor)}` : null
    }
    expect(seen).toHaveLength(30)
    expect(new Set(seen).size).toBe(30)
  })
})

describe('a change of a series', () => {
  test('of this occurrence leaves the others as they are', async () => {
    const series = await mondays()
    const at = `/entries/${series.id}?scope=this&originalStart=2026-03-09T08:00:00Z`
    const changed = await tenant.call('PATCH', at, { title: 'Retro' }, ifMatch(series))
    expect(changed.body).toMatchObject({
      title: 'Retro',
      seriesId: series.id,
      originalStart: '2026-03-09T08:00:00Z',
    })
    expect((await listed()).map(([title]) => title)).toEqual([
      'Standup',
      'Retro',
      'Standup',
      'Standup',
      'Standup',
    ])
    await tenant.call(
      'DELETE',
      `/entries/${series.id}?scope=this&originalStart=2026-03-16T08:00:00Z`,
      undefined,
    )
    expect(await listed()).toHaveLength(4)
  })

  test('of this and the following ones ends it and starts one that knows where it comes from', async () => {
    const series = await mondays()
    const later = `/entries/${series.id}?scope=this&originalStart=2026-03-23T08:00:00Z`
    await tenant.call('PATCH', later, { title: 'Retro' }, ifMatch(series))
    const from = `/entries/${series.id}?scope=following&originalStart=2026-03-16T08:00:00Z`
    const split = await tenant.call('PATCH', from, { title: 'Daily' }, ifMatch(series))
    expect(split.body).toMatchObject({
      title: 'Daily',
      splitFrom: series.id,
      start: '2026-03-16T09:00:00+01:00',
    })
    expect((await listed()).map(([title]) => title)).toEqual([
      'Standup',
      'Standup',
      'Daily',
      'Retro',
      'Daily',
    ])
  })

  test('that deletes the following ones ends it before them', async () => {
    const series = await mondays()
    await tenant.call(
      'DELETE',
      `/entries/${series.id}?scope=following&originalStart=2026-03-16T08:00:00Z`,
      undefined,
    )
    expect(await startsOf()).toEqual(['2026-03-02T09:00:00+01:00', '2026-03-09T09:00:00+01:00'])
  })

  test('to another hour takes a changed occurrence along', async () => {
    const series = await mondays()
    const one = `/entries/${series.id}?scope=this&originalStart=2026-03-09T08:00:00Z`
    await tenant.call('PATCH', one, { title: 'Retro' }, ifMatch(series))
    const moved = { start: '2026-03-02T14:00:00', end: '2026-03-02T14:30:00' }
    await tenant.call('PATCH', `/entries/${series.id}`, moved, ifMatch(series))
    const { body } = await tenant.call('GET', month)
    const items = body.items as Record<string, unknown>[]
    expect(items).toHaveLength(5)
    expect(items.find(({ title }) => title === 'Retro')).toMatchObject({
      originalStart: '2026-03-09T13:00:00Z',
    })
  })

  test.each([
    [
      'a slot it does not have',
      'scope=this&originalStart=2026-03-10T08:00:00Z',
      { title: 'X' },
      422,
      'originalStart',
    ],
    ['no slot', 'scope=this', { title: 'X' }, 400, 'originalStart'],
    [
      'a rule for one occurrence',
      'scope=this&originalStart=2026-03-09T08:00:00Z',
      { recurrence: ['RRULE:FREQ=DAILY'] },
      422,
      'recurrence',
    ],
  ])('that names %s is refused by name', async (_case, query, body, status, field) => {
    const series = await mondays()
    const answer = await tenant.call('PATCH', `/entries/${series.id}?${query}`, body, ifMatch(series))
    expect(answer.status).toBe(status)
    expect(JSON.stringify(answer.body)).toContain(field)
  })
})

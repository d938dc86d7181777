import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newMember, newProvider, runningApi, type Caller, type RunningApi } from './running-api.ts'

let api: RunningApi
let tenant: Caller

beforeAll(async () => {
  api = await runningApi()
  tenant = await api.newTenant()
})
afterAll(() => api.close())

const signalsOf = async (providerId: string): Promise<string[]> => {
  const history = await api.temporal.workflow.getHandle(`provider/${providerId}`).fetchHistory()
  return (history.events ?? []).flatMap(
    (event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? [],
  )
}

describe('a provider', () => {
  test('is unauthorized when it is made, and its workflow runs', async () => {
    const memberId = await newMember(tenant)
    const wish = { name: 'Work', vendor: 'microsoft', memberId }
    const { status, body } = await tenant.call('POST', '/providers', wish)
    expect(status).toBe(201)
    expect(body).toMatchObject({
      ...wish,
      calendarId: 'calendar',
      direction: 'both',
      enabled: true,
      status: 'unauthorized',
      lastSyncAt: null,
      error: null,
      run: null,
      subscription: null,
      counts: { mapped: 0, conflicts: 0, unsupported: 0, creating: 0, quarantined: 0, waiting: 0 },
    })
    const described = await api.temporal.workflow.getHandle(`provider/${body.id}`).describe()
    expect(described.type).toBe('calendarProvider')
    expect(described.memo).toEqual({ name: 'Work', vendor: 'microsoft' })
  })

  test('tells its workflow whatever is changed', async () => {
    const { id } = await newProvider(tenant)
    const paused = await tenant.call('POST', `/providers/${id}/pause`)
    expect(paused.body.paused).toBe(true)
    expect((await tenant.call('POST', `/providers/${id}/resume`)).body.paused).toBe(false)
    const changed = await tenant.call('PATCH', `/providers/${id}`, {
      policies: { conflicts: 'prefer-external' },
    })
    expect(changed.body.policies).toMatchObject({ conflicts: 'prefer-external', windowPastDays: 90 })
    expect(await signalsOf(id)).toEqual(['changed', 'changed', 'changed'])
  })

  test('has limits for its safety brake, which are settable', async () => {
    const { id } = await newProvider(tenant, { brakeLimits: { events: 5 } })
    expect((await tenant.call('GET', `/providers/${id}`)).body).toMatchObject({
      brakeLimits: { events: 5, percent: 25 },
      brakes: [],
    })
    const changed = await tenant.call('PATCH', `/providers/${id}`, { brakeLimits: { percent: 50 } })
    expect(changed.body.brakeLimits).toEqual({ events: 5, percent: 50 })
    expect((await tenant.call('PATCH', `/providers/${id}`, { brakeLimits: { percent: 101 } })).status).toBe(
      400,
    )
  })

  test('has a policy of what enters, which is settable and names its marker', async () => {
    const { id } = await newProvider(tenant)
    expect((await tenant.call('GET', `/providers/${id}`)).body.policies).toMatchObject({
      enters: 'all',
      marker: null,
      eventTypes: ['default', 'outOfOffice', 'focusTime', 'fromGmail'],
      privateEvents: 'busy',
    })
    const change = (policies: object) => tenant.call('PATCH', `/providers/${id}`, { policies })
    const wish = { enters: 'marked', marker: '#work', eventTypes: ['default'] }
    expect((await change(wish)).body.policies).toMatchObject(wish)
    const refused = await change({ marker: null })
    expect(refused.status).toBe(422)
    expect(refused.body.errors).toEqual([
      { field: 'policies.marker', rule: expect.stringContaining('must be a word such as "#work"') },
    ])
    expect((await change({ enters: 'all', marker: null })).status).toBe(200)
    const blank = await change({ marker: 'two words' })
    expect(blank.status).toBe(400)
    expect(JSON.stringify(blank.body)).toContain('one word')
  })

  test('marks what its owner holds when the direction widens', async () => {
    const { id, memberId } = await newProvider(tenant, { direction: 'inbound' })
    const day = new Date().toISOString().slice(0, 10)
    const time = { start: `${day}T09:00:00`, end: `${day}T10:00:00`, timeZone: 'UTC' }
    await tenant.call('POST', '/entries', { title: 'Visit', ...time, assignees: [memberId] })
    expect((await tenant.call('GET', `/providers/${id}`)).body.counts.waiting).toBe(0)
    await tenant.call('PATCH', `/providers/${id}`, { direction: 'both' })
    expect((await tenant.call('GET', `/providers/${id}`)).body.counts.waiting).toBe(1)
  })

  test('keeps its calendar once it is authorized', async () => {
    const { id } = await newProvider(tenant)
    expect((await tenant.call('PATCH', `/providers/${id}`, { calendarId: 'team@example.com' })).status).toBe(
      200,
    )
    await api.database.owner`update providers set "authorization" = 'connected' where id = ${id}`
    const refused = await tenant.call('PATCH', `/providers/${id}`, { calendarId: 'other@example.com' })
    expect(refused.status).toBe(409)
  })

  test.each([
    ['unauthorized', {}, 'authorize it first'],
    ['paused', { authorization: 'connected', paused: true }, 'resume it first'],
    ['disabled', { authorization: 'connected', enabled: false }, 'enable it first'],
    [
      'reauthorization-required',
      { authorization: 'reauthorization-required' },
      'authorize the provider again',
    ],
  ])('that is %s is not synced, and the refusal says what to do', async (word, state, advice) => {
    const { id } = await newProvider(tenant)
    for (const [column, value] of Object.entries(state)) {
      await api.database.owner`update providers set ${api.database.owner(column)} = ${value} where id = ${id}`
    }
    expect((await tenant.call('GET', `/providers/${id}`)).body.status).toBe(word)
    const refused = await tenant.call('POST', `/providers/${id}/sync`)
    expect(refused.status).toBe(409)
    expect(refused.body.detail).toContain(advice)
  })

  test('whose workflow does not answer is a 503 that says when to come again', async () => {
    const { id } = await newProvider(tenant)
    await api.database.owner`update providers set "authorization" = 'connected' where id = ${id}`
    const late = await tenant.call('POST', `/providers/${id}/sync`)
    expect(late.status).toBe(503)
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(0)
  })

  test('is listed page by page', async () => {
    const other = await api.newTenant()
    const memberId = await newMember(other)
    for (const name of ['one', 'two', 'three']) await newProvider(other, { memberId, name })
    const first = await other.call('GET', '/providers?limit=2')
    const second = await other.call('GET', `/providers?limit=2&cursor=${first.body.nextCursor}`)
    const names = [...first.body.items, ...second.body.items].map((row: { name: string }) => row.name)
    expect(names).toEqual(['one', 'two', 'three'])
    expect(second.body.nextCursor).toBeNull()
  })

  test.each([
    ['a member that is not there', { memberId: randomUUID() }, 403],
    ['a vendor we do not speak', { vendor: 'apple' }, 400],
    ['a calendar id that is a path', { calendarId: '../me' }, 400],
    ['settings only we may make', { accountId: 'x' }, 400],
    ['a window without end', { policies: { windowFutureDays: 100_000 } }, 400],
    ['marked events without a marker', { policies: { enters: 'marked' } }, 422],
    ['an empty marker', { policies: { enters: 'marked', marker: '' } }, 400],
    ['a marker of blanks', { policies: { marker: ' ' } }, 400],
    ['no kind of events', { policies: { eventTypes: [] } }, 400],
    ['a kind of events that Google does not have', { policies: { eventTypes: ['party'] } }, 400],
  ])('is not made for %s', async (_case, wishes, status) => {
    const memberId = await newMember(tenant)
    const wish = { name: 'Work', vendor: 'google', memberId, ...wishes }
    expect((await tenant.call('POST', '/providers', wish)).status).toBe(status)
  })
})

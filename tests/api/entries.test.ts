import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newMember, newProvider, runningApi, type Caller, type RunningApi } from './running-api.ts'

let api: RunningApi
let tenant: Caller
let dana: string

beforeAll(async () => {
  api = await runningApi()
  tenant = await api.newTenant()
  dana = await newMember(tenant)
})
afterAll(() => api.close())

const visit = (more: Record<string, unknown> = {}) => ({
  title: 'Visit',
  start: '2026-03-05T09:00:00',
  end: '2026-03-05T10:00:00',
  timeZone: 'Europe/Berlin',
  assignees: [dana],
  ...more,
})

describe('an entry goes in and comes out', () => {
  test('a timed entry is told with the offset of its zone at that moment', async () => {
    const made = await tenant.call('POST', '/entries', visit())
    expect(made.status).toBe(201)
    expect(made.headers['etag']).toBe('"v1"')
    expect(made.body).toMatchObject({
      start: '2026-03-05T09:00:00+01:00',
      end: '2026-03-05T10:00:00+01:00',
      timeZone: 'Europe/Berlin',
      allDay: false,
      recurrence: null,
      version: 1,
      assignees: [dana],
      mappings: [],
    })
    const found = await tenant.call('GET', `/entries/${made.body.id}`)
    expect(found.body).toEqual(made.body)
  })

  test('an instant with an offset is the same time as the wall time in its zone', async () => {
    const instants = { start: '2026-07-01T07:00:00Z', end: '2026-07-01T04:00:00-04:00' }
    const made = await tenant.call('POST', '/entries', visit(instants))
    expect(made.body).toMatchObject({
      start: '2026-07-01T09:00:00+02:00',
      end: '2026-07-01T10:00:00+02:00',
    })
  })

  test('an all-day entry is dates, whatever the zone of the server', async () => {
    const day = { allDay: true, start: '2026-03-05', end: '2026-03-06', timeZone: null }
    const made = await tenant.call('POST', '/entries', visit(day))
    expect(made.body).toMatchObject(day)
  })

  test('what it was written as is what is changed: a patch of the title leaves the time alone', async () => {
    const made = await tenant.call('POST', '/entries', visit())
    const changed = await tenant.call(
      'PATCH',
      `/entries/${made.body.id}`,
      { title: 'Other' },
      { 'if-match': '"v1"' },
    )
    expect(changed.body).toMatchObject({ title: 'Other', start: made.body.start, version: 2 })
  })

  test('the list is the window, by start, page by page', async () => {
    const other = await api.newTenant()
    for (const day of ['01', '02', '03', '03', '04']) {
      const dates = {
        allDay: true,
        start: `2027-01-${day}`,
        end: `2027-01-${day}T`.slice(0, 10),
        timeZone: null,
      }
      dates.end = `2027-01-${String(Number(day) + 1).padStart(2, '0')}`
      await other.call('POST', '/entries', visit({ ...dates, assignees: [] }))
    }
    const starts: string[] = []
    let cursor = ''
    do {
      const window = 'from=2027-01-02T00:00:00Z&to=2027-01-04T00:00:00Z&limit=2'
      const page = await other.call('GET', `/entries?${window}${cursor}`)
      starts.push(...page.body.items.map((entry: { start: string }) => entry.start))
      cursor = page.body.nextCursor ? `&cursor=${page.body.nextCursor}` : ''
    } while (cursor)
    expect(starts).toEqual(['2027-01-02', '2027-01-03', '2027-01-03'])
  })
})

describe('a change names the version it was made on', () => {
  test('an entry cannot be changed without If-Match', async () => {
    const { body } = await tenant.call('POST', '/entries', visit())
    expect((await tenant.call('PATCH', `/entries/${body.id}`, { title: 'x' })).status).toBe(428)
    expect((await tenant.call('PUT', `/entries/${body.id}`, visit())).status).toBe(428)
  })

  test('a change on an older version is refused and changes nothing', async () => {
    const { body } = await tenant.call('POST', '/entries', visit())
    await tenant.call('PATCH', `/entries/${body.id}`, { title: 'first' }, { 'if-match': '"v1"' })
    const late = await tenant.call('PATCH', `/entries/${body.id}`, { title: 'late' }, { 'if-match': '"v1"' })
    expect(late.status).toBe(412)
    expect((await tenant.call('GET', `/entries/${body.id}`)).body.title).toBe('first')
  })

  test('a change that changes nothing makes no version', async () => {
    const { body } = await tenant.call('POST', '/entries', visit())
    const same = await tenant.call('PUT', `/entries/${body.id}`, visit(), { 'if-match': '"v1"' })
    expect(same.body.version).toBe(1)
  })

  test('a deletion is a tombstone that history keeps and restore undoes', async () => {
    const { body } = await tenant.call('POST', '/entries', visit())
    expect((await tenant.call('DELETE', `/entries/${body.id}`)).status).toBe(204)
    const gone = await tenant.call('GET', `/entries/${body.id}`)
    expect(gone.body.deletedAt).not.toBeNull()
    const edit = await tenant.call('PATCH', `/entries/${body.id}`, { title: 'x' }, { 'if-match': '"v2"' })
    expect(edit.status).toBe(409)
    const back = await tenant.call('POST', `/entries/${body.id}/restore`)
    expect(back.body).toMatchObject({ deletedAt: null, version: 3, title: 'Visit' })
    const history = await tenant.call('GET', `/entries/${body.id}/history`)
    expect(
      history.body.items.map((row: { version: number; deleted: boolean }) => [row.version, row.deleted]),
    ).toEqual([
      [1, false],
      [2, true],
      [3, false],
    ])
    expect(history.body.items[0].cause.kind).toBe('api-key')
  })

  test('an externalRef belongs to one entry, and the refusal names it', async () => {
    const externalRef = `visit-${randomUUID()}`
    const first = await tenant.call('POST', '/entries', visit({ externalRef }))
    const second = await tenant.call('POST', '/entries', visit({ externalRef }))
    expect(second.status).toBe(409)
    expect(second.body.entryId).toBe(first.body.id)
  })
})

describe('a write reaches the calendars it concerns', () => {
  const pendingOf = async (providerId: string, entryId: string) =>
    (
      await api.database
        .owner`select 1 from pending where provider_id = ${providerId} and subject_id = ${entryId}`
    ).length

  test('the providers of old and of new assignees are marked, hinted and signalled', async () => {
    const from = await newProvider(tenant)
    const to = await newProvider(tenant)
    const { body } = await tenant.call('POST', '/entries', visit({ assignees: [from.memberId] }))
    expect(await pendingOf(from.id, body.id)).toBe(1)
    await api.database.owner`delete from pending`
    await tenant.call('PATCH', `/entries/${body.id}`, { assignees: [to.memberId] }, { 'if-match': '"v1"' })
    expect(await pendingOf(from.id, body.id)).toBe(1)
    expect(await pendingOf(to.id, body.id)).toBe(1)
    const history = await api.temporal.workflow.getHandle(`provider/${to.id}`).fetchHistory()
    const signals = history.events?.flatMap((event) => event.workflowExecutionSignaledEventAttributes ?? [])
    expect(signals?.map((signal) => signal.signalName)).toContain('nudged')
  })

  test('every write leaves its event in the outbox, with ids and a version only', async () => {
    const { body } = await tenant.call('POST', '/entries', visit())
    await tenant.call('DELETE', `/entries/${body.id}`)
    const rows = await api.database
      .owner`select type, data from outbox where subject_id = ${body.id} order by type`
    expect(rows.map((row) => [row['type'], row['data']])).toEqual([
      ['SCHEDULE_ENTRY_CREATED', { version: 1 }],
      ['SCHEDULE_ENTRY_DELETED', { version: 2 }],
    ])
  })
})

describe('what cannot be an entry is refused by field and rule', () => {
  test.each([
    ['an end before the start', { end: '2026-03-05T08:00:00' }, 400, 'end'],
    ['an unknown zone', { timeZone: 'Europe/Atlantis' }, 400, 'timeZone'],
    ['an offset for a zone', { timeZone: '+01:00' }, 400, 'timeZone'],
    ['a timed entry without a zone', { timeZone: null }, 400, 'timeZone'],
    ['an all-day entry with times', { allDay: true, timeZone: null }, 400, 'start'],
    ['a date that no calendar has', { start: '2026-02-30T09:00:00' }, 400, 'start'],
    ['a year no calendar takes', { start: '0001-01-01T09:00:00' }, 400, 'start'],
    ['a title that is too long', { title: 'x'.repeat(1001) }, 400, 'title'],
    ['a body that is too long', { body: 'x'.repeat(8001) }, 400, 'body'],
    ['a location that is too long', { location: 'x'.repeat(1001) }, 400, 'location'],
    ['a title with a control character', { title: 'a\u0000b' }, 400, 'title'],
    ['a title with broken Unicode', { title: 'a\ud800b' }, 400, 'title'],
    ['a title of two lines', { title: 'a\nb' }, 400, 'title'],
    ['an assignee nobody knows', { assignees: [randomUUID()] }, 400, 'assignees.0'],
    ['no assignees at all', { assignees: undefined }, 400, 'assignees'],
    ['a field nobody knows', { colour: 'red' }, 400, 'colour'],
    ['a rule that is no list', { recurrence: 'RRULE:FREQ=DAILY' }, 400, 'recurrence'],
    ['a rule of minutes', { recurrence: ['RRULE:FREQ=MINUTELY'] }, 422, 'recurrence'],
    ['two rules', { recurrence: ['RRULE:FREQ=DAILY', 'RRULE:FREQ=WEEKLY'] }, 422, 'recurrence'],
    ['a first day off its rule', { recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO'] }, 422, 'recurrence'],
  ])('%s', async (_case, more, status, field) => {
    const refused = await tenant.call('POST', '/entries', visit(more))
    expect(refused.status).toBe(status)
    expect(refused.headers['content-type']).toContain('application/problem+json')
    expect(refused.body.errors.map((error: { field: string }) => error.field)).toContain(field)
  })

  test('the same assignee in another spelling is one assignee', async () => {
    const made = await tenant.call('POST', '/entries', visit({ assignees: [dana, dana.toUpperCase()] }))
    expect(made.body.assignees).toEqual([dana])
  })

  test('a title of a thousand characters and text of any script are taken', async () => {
    const title = '会議 👩‍💻 '.padEnd(1000, 'x')
    const made = await tenant.call('POST', '/entries', visit({ title, body: 'one\ntwo\tthree' }))
    expect(made.body).toMatchObject({ title, body: 'one\ntwo\tthree' })
  })
})

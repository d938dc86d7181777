import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newMember, runningApi, type Answer, type Caller, type RunningApi } from './running-api.ts'

let api: RunningApi
let tenant: Caller
let dana: string
let lee: string

beforeAll(async () => {
  api = await runningApi()
  tenant = await api.newTenant()
  dana = await newMember(tenant)
  lee = await newMember(tenant, 'Lee Demo')
})
afterAll(() => api.close())

const make = async (more: Record<string, unknown> = {}) =>
  (
    await tenant.call('POST', '/entries', {
      title: 'Visit',
      start: '2026-03-05T09:00:00',
      end: '2026-03-05T10:00:00',
      timeZone: 'Europe/Berlin',
      assignees: [dana],
      ...more,
    })
  ).body
const any = { 'if-match': '*' }
const change = (id: string, changes: Record<string, unknown>, query = '') =>
  tenant.call('PATCH', `/entries/${id}${query}`, changes, any)
const undo = (id: string, version: number, headers = {}) =>
  tenant.call('POST', `/entries/${id}/undo`, { version }, headers)
const history = async (id: string, query = '') => {
  const { status, body } = await tenant.call('GET', `/entries/${id}/history${query}`)
  expect(status).toBe(200)
  return body
}
const said = ({ status, body }: Answer) => [status, body.type?.split(':').at(-1)]

describe('the history of an entry', () => {
  test('names what each version changed, and the key that did by its name', async () => {
    const { id } = await make()
    await change(id, { title: 'Repair' })
    await change(id, { start: '2026-03-05T11:00:00', end: '2026-03-05T12:00:00', timeZone: 'Europe/Berlin' })
    await change(id, { status: 'completed', assignees: [dana, lee] })
    await tenant.call('DELETE', `/entries/${id}`)
    const { items } = await history(id)
    expect(items.map(({ changed }: { changed: string[] }) => changed)).toEqual([
      [],
      ['title'],
      ['time'],
      ['status', 'assignees'],
      ['deleted'],
    ])
    expect(items[3]).toMatchObject({
      version: 4,
      status: 'completed',
      assignees: [dana, lee].toSorted(),
      cause: { kind: 'api-key', name: expect.any(String) },
    })
  })

  test('is read page by page, and each page knows what its first version changed', async () => {
    const { id } = await make()
    for (const title of ['Two', 'Three', 'Four']) await change(id, { title })
    const first = await history(id, '?limit=2')
    const second = await history(id, `?limit=2&cursor=${first.nextCursor}`)
    expect([...first.items, ...second.items].map(({ title, changed }) => [title, changed])).toEqual([
      ['Visit', []],
      ['Two', ['title']],
      ['Three', ['title']],
      ['Four', ['title']],
    ])
    expect(second.nextCursor).toBeNull()
    const foreign = await tenant.call('GET', `/entries/${id}/history?cursor=bm8`)
    expect(foreign.status).toBe(400)
  })

  test('of another tenant’s entry is forbidden, and so is its undo', async () => {
    const { id } = await make()
    const other = await api.newTenant()
    expect((await other.call('GET', `/entries/${id}/history`)).status).toBe(403)
    expect((await other.call('POST', `/entries/${id}/undo`, { version: 1 })).status).toBe(403)
  })
})

describe('an undo', () => {
  test('takes back the fields of one change, keeps what came after it, and is itself told and undone', async () => {
    const { id } = await make()
    await change(id, { title: 'Repair', location: 'Room 1' })
    await change(id, { body: 'Bring a ladder.' })
    const undone = await undo(id, 2)
    expect(undone.body).toMatchObject({ title: 'Visit', location: '', body: 'Bring a ladder.', version: 4 })
    expect(undone.headers['etag']).toBe('"v4"')
    const { items } = await history(id)
    expect(items.at(-1)).toMatchObject({
      cause: { kind: 'api-key', undoes: 2 },
      changed: ['title', 'location'],
    })
    expect((await undo(id, 4)).body).toMatchObject({ title: 'Repair', location: 'Room 1', version: 5 })
  })

  test('brings back status and assignees', async () => {
    const { id } = await make()
    await change(id, { status: 'completed', assignees: [lee] })
    expect((await undo(id, 2)).body).toMatchObject({ status: 'scheduled', assignees: [dana] })
  })

  test('of a deletion restores, and of a restoration deletes', async () => {
    const { id } = await make()
    await tenant.call('DELETE', `/entries/${id}`)
    expect((await undo(id, 2)).body.deletedAt).toBeNull()
    expect((await undo(id, 3)).body.deletedAt).not.toBeNull()
  })

  test('of a change that was changed again since is refused, and names the field', async () => {
    const { id } = await make()
    await change(id, { title: 'Repair' })
    await change(id, { title: 'Inspection' })
    const refused = await undo(id, 2)
    expect(said(refused)).toEqual([409, 'changed-since'])
    expect(refused.body.fields).toEqual(['title'])
  })

  test.each<[string, (id: string) => Promise<unknown>, number, [number, string]]>([
    ['making the entry', async () => {}, 1, [409, 'nothing-before']],
    [
      'what was taken back already',
      async (id) => [await change(id, { title: 'Repair' }), await undo(id, 2)],
      2,
      [409, 'nothing-to-undo'],
    ],
    [
      'an edit of what is deleted',
      async (id) => [await change(id, { title: 'Repair' }), await tenant.call('DELETE', `/entries/${id}`)],
      2,
      [409, 'entry-deleted'],
    ],
    ['a version it never had', async () => {}, 7, [422, 'unprocessable']],
  ])('of %s is refused, and says why', async (_case, before, version, answer) => {
    const { id } = await make()
    await before(id)
    const { version: standing } = (await tenant.call('GET', `/entries/${id}`)).body
    expect(said(await undo(id, version))).toEqual(answer)
    expect((await tenant.call('GET', `/entries/${id}`)).body.version).toBe(standing)
  })

  test('on a version that somebody else moved on is refused as any edit is', async () => {
    const { id } = await make()
    await change(id, { title: 'Repair' })
    await change(id, { body: 'Bring a ladder.' })
    expect(said(await undo(id, 2, { 'if-match': '"v2"' }))).toEqual([412, 'entry-moved-on'])
    expect((await undo(id, 2, { 'if-match': '"v3"' })).status).toBe(200)
  })
})

describe('of a series', () => {
  const mondays = () =>
    make({
      title: 'Standup',
      start: '2026-03-02T09:00:00',
      end: '2026-03-02T09:30:00',
      recurrence: ['RRULE:FREQ=WEEKLY;COUNT=5;BYDAY=MO'],
    })
  const at = (day: string, scope = 'this') => `?scope=${scope}&originalStart=2026-03-${day}T08:00:00Z`
  /** Title and start of every occurrence in March of this series and what continues it. */
  const shown = async () => {
    const month = `/entries?from=2026-03-01T00:00:00Z&to=2026-04-30T00:00:00Z&assignee=${who}`
    const { items } = (await tenant.call('GET', month)).body
    return items.map(({ title, start }: { title: string; start: string }) => `${start.slice(5, 16)} ${title}`)
  }
  let who: string
  const own = async () => {
    who = await newMember(tenant)
    const series = await mondays()
    await change(series.id, { assignees: [who] })
    return { ...series, before: await shown() }
  }

  test('an undone move brings every occurrence back where it was, the changed and the left out too', async () => {
    const { id } = await own()
    await change(id, { title: 'Retro' }, at('09'))
    await tenant.call('DELETE', `/entries/${id}${at('16')}`)
    const before = await shown()
    const moved = await change(id, { start: '2026-03-02T14:00:00', end: '2026-03-02T14:30:00' })
    expect(await shown()).not.toEqual(before)
    await undo(id, moved.body.version)
    expect(await shown()).toEqual(before)
    const { items } = await history(id)
    expect(items.at(-1).changed).toEqual(['time', 'recurrence', 'occurrences'])
  })

  test('an undone rule brings back the changed occurrence that ended with its slot', async () => {
    const { id } = await own()
    await change(id, { title: 'Retro' }, at('23'))
    const before = await shown()
    const shorter = await change(id, { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=2;BYDAY=MO'] })
    expect(await shown()).toHaveLength(2)
    await undo(id, shorter.body.version)
    expect(await shown()).toEqual(before)
  })

  test('undone exclusions are back, and those of before stay', async () => {
    const { id } = await own()
    await tenant.call('DELETE', `/entries/${id}${at('09')}`)
    const before = await shown()
    const excluded = await change(id, {
      recurrence: [
        'RRULE:FREQ=WEEKLY;COUNT=5;BYDAY=MO',
        'EXDATE;TZID=Europe/Berlin:20260309T090000,20260323T090000',
      ],
    })
    expect(await shown()).toHaveLength(3)
    await undo(id, excluded.body.version)
    expect(await shown()).toEqual(before)
  })

  test('an undone split is one series again, with its changed occurrences', async () => {
    const { id } = await own()
    await change(id, { title: 'Retro' }, at('23'))
    const before = await shown()
    const split = await change(id, { title: 'Daily' }, at('16', 'following'))
    expect(await shown()).toEqual(expect.arrayContaining(['03-16T09:00 Daily']))
    expect(said(await undo(split.body.id, 1))).toEqual([409, 'nothing-before'])
    const { version } = (await tenant.call('GET', `/entries/${id}`)).body
    await undo(id, version)
    expect(await shown()).toEqual(before)
    expect((await tenant.call('GET', `/entries/${split.body.id}`)).body.deletedAt).not.toBeNull()
  })

  test('a split whose rest was changed since is not undone', async () => {
    const { id } = await own()
    const split = await change(id, { title: 'Daily' }, at('16', 'following'))
    await change(split.body.id, { title: 'Weekly' })
    const before = await shown()
    const { version } = (await tenant.call('GET', `/entries/${id}`)).body
    const refused = await undo(id, version)
    expect(said(refused)).toEqual([409, 'continuation-changed'])
    expect(refused.body.entryId).toBe(split.body.id)
    expect(await shown()).toEqual(before)
  })

  test('an undone end of the following ones brings them back', async () => {
    const { id, before } = await own()
    await tenant.call('DELETE', `/entries/${id}${at('16', 'following')}`)
    expect(await shown()).toHaveLength(2)
    const { version } = (await tenant.call('GET', `/entries/${id}`)).body
    await undo(id, version)
    expect(await shown()).toEqual(before)
  })

  test('one changed or left out occurrence is as its series shows it again', async () => {
    const { id, before } = await own()
    const changed = await change(id, { title: 'Retro' }, at('09'))
    await tenant.call('DELETE', `/entries/${id}${at('16')}`)
    const left = (await tenant.call('GET', '/entries?includeDeleted=true&limit=500')).body.items.find(
      (entry: { seriesId: string; originalStart: string }) =>
        entry.seriesId === id && entry.originalStart === '2026-03-16T08:00:00Z',
    )
    expect((await undo(changed.body.id, 1)).status).toBe(200)
    expect((await undo(left.id, 1)).status).toBe(200)
    expect(await shown()).toEqual(before)
    expect(said(await undo(changed.body.id, 1))).toEqual([409, 'nothing-to-undo'])
  })

  test('a slot that was left out and comes back shows what its series says by now', async () => {
    const { id } = await own()
    await tenant.call('DELETE', `/entries/${id}${at('16')}`)
    await change(id, { title: 'Daily' })
    const left = (await tenant.call('GET', '/entries?includeDeleted=true&limit=500')).body.items.find(
      (entry: { seriesId: string }) => entry.seriesId === id,
    )
    await tenant.call('POST', `/entries/${left.id}/restore`)
    expect(await shown()).toContain('03-16T09:00 Daily')
  })

  test('an occurrence is restored neither without its series nor without its slot', async () => {
    const { id } = await own()
    const changed = await change(id, { title: 'Retro' }, at('23'))
    await change(id, { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=2;BYDAY=MO'] })
    expect(said(await tenant.call('POST', `/entries/${changed.body.id}/restore`))).toEqual([409, 'slot-gone'])
    const other = await own()
    const kept = await change(other.id, { title: 'Retro' }, at('09'))
    await tenant.call('DELETE', `/entries/${kept.body.id}`)
    await tenant.call('DELETE', `/entries/${other.id}`)
    const refused = await tenant.call('POST', `/entries/${kept.body.id}/restore`)
    expect(said(refused)).toEqual([409, 'series-deleted'])
    expect(refused.body.entryId).toBe(other.id)
  })

  test('an occurrence that moved with its series is moved back with it alone', async () => {
    const { id } = await own()
    const changed = await change(id, { title: 'Retro' }, at('09'))
    await change(id, { start: '2026-03-02T14:00:00', end: '2026-03-02T14:30:00' })
    const refused = await undo(changed.body.id, 2)
    expect(said(refused)).toEqual([409, 'moved-with-series'])
    expect(refused.body.entryId).toBe(id)
  })
})

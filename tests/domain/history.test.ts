import { describe, expect, test } from 'vitest'
import type { EventContent } from '../../domain/event.ts'
import { changedBetween, undoing, withFields, type EntryState } from '../../domain/history.ts'
import { timedFromWall } from '../../domain/time.ts'

const at = (hour: string, zone = 'Europe/Berlin') =>
  timedFromWall(`2026-03-02T${hour}:00:00`, `2026-03-02T${hour}:30:00`, zone)
const content: EventContent = {
  title: 'Visit',
  body: '',
  location: '',
  time: at('09'),
  showAs: 'busy',
  visibility: 'default',
  recurrence: null,
}
const state = (changes: Partial<EventContent> = {}, more: Partial<EntryState> = {}): EntryState => ({
  content: { ...content, ...changes },
  deleted: false,
  status: 'scheduled',
  assignees: ['a'],
  originalStart: null,
  ...more,
})
const weekly = { rule: 'FREQ=WEEKLY;COUNT=5', exdates: [], rdates: [] }

describe('what a version changed', () => {
  test.each<[string, EntryState, string[]]>([
    ['nothing', state(), []],
    ['its title', state({ title: 'Repair' }), ['title']],
    ['the zone it is told in, at the same moment', state({ time: at('08', 'Europe/London') }), ['time']],
    ['that it repeats', state({ recurrence: weekly }), ['time', 'recurrence']],
    ['that it is there', state({}, { deleted: true }), ['deleted']],
    [
      'where it stands and who has it',
      state({}, { status: 'completed', assignees: ['b', 'a'] }),
      ['status', 'assignees'],
    ],
    ['nothing that was not kept then', state({}, { status: null, assignees: null }), []],
    ['the slot it stands for', state({}, { originalStart: '2026-03-02' }), ['originalStart']],
  ])('is %s', (_case, after, changed) => {
    expect(changedBetween(state(), after)).toEqual(changed)
  })

  test('does not depend on the order of the assignees', () => {
    const both = (assignees: string[]) => state({}, { assignees })
    expect(changedBetween(both(['a', 'b']), both(['b', 'a']))).toEqual([])
  })
})

describe('taking a change back', () => {
  const before = state()
  const after = state({ title: 'Repair', location: 'Room 1' })
  test.each<[string, EntryState, ReturnType<typeof undoing>]>([
    ['touches what it changed', after, { kind: 'undo', fields: ['title', 'location'] }],
    [
      'leaves what came later in other fields',
      state({ title: 'Repair', location: 'Room 1', body: 'Ladder' }),
      { kind: 'undo', fields: ['title', 'location'] },
    ],
    [
      'is refused where a field was changed again',
      state({ title: 'Inspection', location: 'Room 1' }),
      { kind: 'changed-since', fields: ['title'] },
    ],
    [
      'takes back what somebody took back in part',
      state({ title: 'Visit', location: 'Room 1' }),
      { kind: 'undo', fields: ['title', 'location'] },
    ],
    ['is nothing once it is taken back', before, { kind: 'nothing' }],
  ])('%s', (_case, current, undo) => {
    expect(undoing(before, after, current)).toEqual(undo)
  })

  test('of a series takes its rule and its first day as one', () => {
    const series = state({ recurrence: weekly })
    const moved = state({ recurrence: weekly, time: at('14') })
    const ruled = state({ recurrence: { ...weekly, rule: 'FREQ=DAILY;COUNT=3' }, time: at('14') })
    expect(undoing(series, moved, moved)).toEqual({ kind: 'undo', fields: ['time', 'recurrence'] })
    expect(undoing(series, moved, ruled).kind).toBe('changed-since')
  })

  test('gives each field its words of before, and no other', () => {
    const now = { ...after.content, body: 'Ladder' }
    expect(withFields(now, before.content, ['title', 'status'])).toEqual({ ...now, title: 'Visit' })
  })
})

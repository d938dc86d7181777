import { deepEqual } from 'node:assert/strict'
import { changedFields, type EventContent } from '../../domain/event.ts'
import type { ConflictPolicy, Direction } from '../../domain/policy.ts'
import { reconcileOccurrence } from '../../domain/reconcile-occurrence.ts'
import { reconcile, type Decision, type Side } from '../../domain/reconcile.ts'
import { timedFromInstants } from '../../domain/time.ts'
import { carried } from './reconcile-model.ts'

const event: EventContent = {
  title: 'Visit',
  body: '',
  location: '',
  time: timedFromInstants('2026-03-05T09:00:00Z', '2026-03-05T09:30:00Z', 'Europe/Berlin'),
  showAs: 'busy',
  visibility: 'default',
  recurrence: null,
}

/** Where one side can be, by the word that tables use. */
export const states = {
  absent: { kind: 'absent' },
  deleted: { kind: 'deleted' },
  agreed: { kind: 'present', content: event },
  edited: { kind: 'present', content: { ...event, title: 'Retro' } },
  /** The same field, to something else than `edited`. */
  differently: { kind: 'present', content: { ...event, title: 'Demo' } },
  /** Another field than `edited`. */
  elsewhere: { kind: 'present', content: { ...event, location: 'Hall' } },
} satisfies Record<string, Side>
export type StateWord = keyof typeof states

/** One situation in words: what a row of the table is about. */
export interface Situation {
  /** `left-out`: one slot of a series that both sides agreed to have nothing in. */
  base: 'none' | 'agreed' | 'left-out'
  schedule: StateWord
  calendar: StateWord
  direction: Direction
  writable: 'yes' | 'no'
  policy: ConflictPolicy
}

const words = {
  base: ['none', 'agreed', 'left-out'],
  schedule: ['absent', 'deleted', 'agreed', 'edited'],
  calendar: ['absent', 'deleted', 'agreed', 'edited', 'differently', 'elsewhere'],
  direction: ['both', 'inbound', 'outbound'],
  writable: ['yes', 'no'],
  policy: ['manual', 'merge-fields', 'prefer-schedule', 'prefer-external'],
} as const satisfies { [Column in keyof Situation]: readonly Situation[Column][] }
const columns = ['base', 'schedule', 'calendar', 'direction', 'writable', 'policy'] as const

/** Every situation there is. */
export const allSituations: Situation[] = words.base.flatMap((base) =>
  words.schedule.flatMap((schedule) =>
    words.calendar.flatMap((calendar) =>
      words.direction.flatMap((direction) =>
        words.writable.flatMap((writable) =>
          words.policy.map((policy) => ({ base, schedule, calendar, direction, writable, policy })),
        ),
      ),
    ),
  ),
)

export interface Row {
  fact: string
  covers: (situation: Situation) => boolean
  decision: string
}

/** Words that stand for several states of a side. */
const families: Record<string, readonly string[]> = {
  gone: ['absent', 'deleted'],
  moved: ['edited', 'differently', 'elsewhere'],
  present: ['agreed', 'edited', 'differently', 'elsewhere'],
}

/**
 * Reads a table of one line a rule: what it says, then a cell for each column of a situation, then the decision. A cell
 * holds one word or more, or `*` for whatever it may be.
 */
export function rowsOf(table: string): Row[] {
  return table.trim().split('\n').slice(1).map(rowOf)
}

function rowOf(line: string): Row {
  const [fact = '', ...rest] = line.split('|').map((cell) => cell.trim())
  const decision = rest.pop() ?? ''
  if (rest.length !== columns.length) throw new Error(`A row has ${rest.length} cells: ${line}`)
  const allowed = columns.map((column, index) => allowedBy(column, rest[index] ?? ''))
  return {
    fact,
    decision,
    covers: (situation) => columns.every((column, index) => allowed[index]?.includes(situation[column])),
  }
}

function allowedBy(column: keyof Situation, cell: string): readonly string[] {
  const known: readonly string[] = words[column]
  if (cell === '*') return known
  const said = cell
    .split(' ')
    .flatMap((word) => families[word]?.filter((one) => known.includes(one)) ?? [word])
  const unknown = said.filter((word) => !known.includes(word))
  if (unknown.length > 0) throw new Error(`The table's column "${column}" says "${unknown.join(' ')}".`)
  return said
}

/** The decision as tables tell it: what is done, and whose edit is carried over. */
export function told(situation: Situation): string {
  const { apply, send } = carried(decided(situation))
  const theirs = editIn(situation.calendar, apply) ? ['theirs'] : []
  const ours = editIn(situation.schedule, send) ? ['ours'] : []
  return [decided(situation).kind, ...theirs, ...ours].join(' ')
}

function decided({ base, schedule, calendar, direction, writable, policy }: Situation): Decision {
  const [local, remote] = [states[schedule], states[calendar]]
  const agreed = { entry: event, external: event }
  const asked = { direction, conflicts: policy, writable: writable === 'yes' }
  if (base === 'left-out')
    return reconcileOccurrence({ kind: 'left-out', plain: agreed }, local, remote, asked)
  return reconcile(base === 'none' ? null : agreed, local, remote, asked)
}

/** Whether fields are carried over; they are the very edit of the side they are from. */
function editIn(word: StateWord, fields: Partial<EventContent>): boolean {
  if (Object.keys(fields).length === 0) return false
  const side: Side = states[word]
  if (side.kind !== 'present') throw new Error(`A side that is ${word} has no edit.`)
  deepEqual(fields, changedFields(event, side.content))
  return true
}

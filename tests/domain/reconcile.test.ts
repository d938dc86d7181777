import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changedFields, contentFields, sameContent, type EventContent } from '../../domain/event.ts'
import {
  reconcile,
  type Base,
  type Decision,
  type ReconcilePolicy,
  type Side,
} from '../../domain/reconcile.ts'
import { timedFromInstants } from '../../domain/time.ts'

const at = (hour: 8 | 9) =>
  timedFromInstants(`2026-03-05T0${hour}:00:00Z`, `2026-03-05T0${hour}:30:00Z`, 'Europe/Berlin')
const event = (title = 'Visit', changes: Partial<EventContent> = {}): EventContent => ({
  title,
  body: '',
  location: '',
  time: at(9),
  showAs: 'busy',
  visibility: 'default',
  recurrence: null,
  ...changes,
})
const present = (title?: string, changes?: Partial<EventContent>): Side => ({
  kind: 'present',
  content: event(title, changes),
})
const deleted: Side = { kind: 'deleted' }
const absent: Side = { kind: 'absent' }
const same = present()
const base: Base = { entry: event(), external: event() }

const both: ReconcilePolicy = { direction: 'both', conflicts: 'manual', writable: true }
const inbound: ReconcilePolicy = { ...both, direction: 'inbound' }
const outbound: ReconcilePolicy = { ...both, direction: 'outbound' }
const readOnly: ReconcilePolicy = { ...both, writable: false }
const schedule: ReconcilePolicy = { ...both, conflicts: 'prefer-schedule' }
const external: ReconcilePolicy = { ...both, conflicts: 'prefer-external' }
const fields: ReconcilePolicy = { ...both, conflicts: 'merge-fields' }

describe('what one look does with one pair', () => {
  test.each<[string, Base | null, Side, Side, ReconcilePolicy, Decision['kind']]>([
    ['new there', null, absent, same, both, 'import'],
    ['new here', null, same, absent, both, 'create'],
    ['new there, but nothing may come in', null, absent, same, outbound, 'rest'],
    ['new here, but nothing may go out', null, same, absent, inbound, 'rest'],
    ['gone here before it ever left', null, deleted, absent, both, 'forget'],
    ['nobody moved', base, same, same, both, 'rest'],
    ['they edited', base, same, present('Retro'), both, 'apply'],
    ['we edited', base, present('Retro'), same, both, 'send'],
    ['the same edit on both sides', base, present('Retro'), present('Retro'), both, 'agree'],
    ['both edited differently', base, present('Retro'), present('Demo'), both, 'conflict'],
    [
      'both edited different fields',
      base,
      present('Retro'),
      present('Visit', { location: 'Hall' }),
      both,
      'conflict',
    ],
    [
      'different fields, merged by policy',
      base,
      present('Retro'),
      present('Visit', { location: 'Hall' }),
      fields,
      'merge',
    ],
    [
      'the same field, whatever the merge policy',
      base,
      present('Retro'),
      present('Demo'),
      fields,
      'conflict',
    ],
    ['both edited, the schedule wins', base, present('Retro'), present('Demo'), schedule, 'merge'],
    ['both edited, the calendar wins', base, present('Retro'), present('Demo'), external, 'merge'],
    ['we deleted', base, deleted, same, both, 'withdraw'],
    ['they deleted', base, same, deleted, both, 'delete-entry'],
    ['both deleted', base, deleted, deleted, both, 'forget'],
    ['our edit against their deletion', base, present('Retro'), deleted, both, 'conflict'],
    ['their edit against our deletion', base, deleted, present('Retro'), both, 'conflict'],
    [
      'our edit against their deletion, the schedule wins',
      base,
      present('Retro'),
      deleted,
      schedule,
      'recreate',
    ],
    [
      'our edit against their deletion, the calendar wins',
      base,
      present('Retro'),
      deleted,
      external,
      'delete-entry',
    ],
    [
      'their edit against our deletion, the calendar wins',
      base,
      deleted,
      present('Retro'),
      external,
      'restore-entry',
    ],
    [
      'their edit against our deletion, the schedule wins',
      base,
      deleted,
      present('Retro'),
      schedule,
      'withdraw',
    ],
    ['their edit in a way out only', base, same, present('Retro'), outbound, 'rest'],
    ['their deletion in a way out only: it stays gone', base, same, deleted, outbound, 'rest'],
    [
      'their deletion in a way out only, until the entry changes',
      base,
      present('Retro'),
      deleted,
      outbound,
      'recreate',
    ],
    ['both edited in a way out only', base, present('Retro'), present('Demo'), outbound, 'send'],
    ['our edit in a way in only', base, present('Retro'), same, inbound, 'rest'],
    ['our deletion in a way in only: nothing is deleted there', base, deleted, same, inbound, 'rest'],
    ['both edited in a way in only', base, present('Retro'), present('Demo'), inbound, 'apply'],
    ["our edit of somebody else's meeting", base, present('Retro'), same, readOnly, 'rest'],
    ["our deletion of somebody else's meeting", base, deleted, same, readOnly, 'rest'],
    ["their edit of somebody else's meeting", base, present('Retro'), present('Demo'), readOnly, 'apply'],
  ])('%s', (_case, base, local, remote, policy, decision) => {
    expect(reconcile(base, local, remote, policy).kind).toBe(decision)
  })
})

test('what a vendor rewrote when it was written is nobody’s edit', () => {
  const rewritten: Base = { entry: event('Visit'), external: event('VISIT', { body: 'stamp' }) }
  expect(reconcile(rewritten, same, present('VISIT', { body: 'stamp' }), both).kind).toBe('rest')
})

test('only the fields that changed are sent', () => {
  const decision = reconcile(base, present('Retro'), same, both)
  expect(decision).toEqual({ kind: 'send', fields: { title: 'Retro' } })
})

const contents = fc.record<EventContent>({
  title: fc.constantFrom('a', 'b', 'c'),
  body: fc.constantFrom('', 'x', 'y'),
  location: fc.constantFrom('', 'l'),
  time: fc.constantFrom(at(8), at(9), { kind: 'date', start: '2026-03-05', end: '2026-03-06' } as const),
  showAs: fc.constantFrom('busy', 'free'),
  visibility: fc.constantFrom('default', 'private'),
  recurrence: fc.constant(null),
})
const sides = fc.oneof<fc.Arbitrary<Side>[]>(
  contents.map((content) => ({ kind: 'present', content })),
  fc.constant(deleted),
)
const bases = fc.record<Base>({ entry: contents, external: contents })
const policies = fc.record<ReconcilePolicy>({
  direction: fc.constantFrom('both', 'inbound', 'outbound'),
  conflicts: fc.constantFrom('manual', 'merge-fields', 'prefer-schedule', 'prefer-external'),
  writable: fc.boolean(),
})
const runs = { numRuns: 10_000 }

describe('for every base, both sides and every policy', () => {
  test('nothing is sent or removed where the direction or the event forbids it', () => {
    fc.assert(
      fc.property(bases, sides, sides, policies, (base, local, remote, policy) => {
        const decision = reconcile(base, local, remote, policy).kind
        if (policy.direction === 'inbound' || !policy.writable) {
          expect(['send', 'merge', 'withdraw']).not.toContain(decision)
        }
        if (policy.direction === 'outbound') {
          expect(['apply', 'merge', 'import', 'delete-entry', 'restore-entry']).not.toContain(decision)
        }
      }),
      runs,
    )
  })

  test('never sends an edit nobody made here, never applies one nobody made there', () => {
    fc.assert(
      fc.property(bases, contents, contents, policies, (base, local, remote, policy) => {
        const decision = reconcile(
          base,
          { kind: 'present', content: local },
          { kind: 'present', content: remote },
          policy,
        )
        const sent =
          decision.kind === 'send' ? decision.fields : decision.kind === 'merge' ? decision.send : {}
        const applied =
          decision.kind === 'apply' ? decision.fields : decision.kind === 'merge' ? decision.apply : {}
        const edited = { ...changedFields(base.entry, local) }
        const editedThere = { ...changedFields(base.external, remote) }
        for (const field of contentFields) {
          if (field in sent) expect(field in edited).toBe(true)
          if (field in applied) expect(field in editedThere).toBe(true)
        }
      }),
      runs,
    )
  })

  test('with decisions left to people, an edit on both sides is never decided for them', () => {
    fc.assert(
      fc.property(bases, contents, contents, (base, local, remote) => {
        const decision = reconcile(
          base,
          { kind: 'present', content: local },
          { kind: 'present', content: remote },
          both,
        )
        const localEdited = !sameContent(base.entry, local)
        const remoteEdited = !sameContent(base.external, remote)
        if (localEdited && remoteEdited) expect(['conflict', 'agree']).toContain(decision.kind)
      }),
      runs,
    )
  })

  test('is symmetric: what is sent one way is applied the other', () => {
    const mirror: Partial<Record<Decision['kind'], Decision['kind']>> = {
      send: 'apply',
      apply: 'send',
      withdraw: 'delete-entry',
      'delete-entry': 'withdraw',
    }
    fc.assert(
      fc.property(bases, sides, sides, (base, local, remote) => {
        const one = reconcile(base, local, remote, both).kind
        const other = reconcile({ entry: base.external, external: base.entry }, remote, local, both).kind
        expect(other).toBe(mirror[one] ?? one)
      }),
      runs,
    )
  })

  test('is idempotent: what was carried out leaves nothing to do', () => {
    fc.assert(
      fc.property(bases, contents, contents, (base, local, remote) => {
        const decision = reconcile(
          base,
          { kind: 'present', content: local },
          { kind: 'present', content: remote },
          {
            ...both,
            conflicts: 'prefer-schedule',
          },
        )
        const sent =
          decision.kind === 'send' ? decision.fields : decision.kind === 'merge' ? decision.send : {}
        const applied =
          decision.kind === 'apply' ? decision.fields : decision.kind === 'merge' ? decision.apply : {}
        const after = { entry: { ...local, ...applied }, external: { ...remote, ...sent } }
        const again = reconcile(
          after,
          { kind: 'present', content: after.entry },
          { kind: 'present', content: after.external },
          both,
        )
        expect(again.kind).toBe('rest')
      }),
      runs,
    )
  })
})

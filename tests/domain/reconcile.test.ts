import { describe, expect, test } from 'vitest'
import { reconcile } from '../../domain/reconcile.ts'
import { allSituations, rowsOf, states, told, type Situation } from '../support/reconcile-cases.ts'
import { reconcileLaws } from '../support/reconcile-laws.ts'

const rows = rowsOf(`
what happened                               | base   | schedule | calendar              | direction     | writable | policy              | decision
new there                                   | none   | absent   | present               | both inbound  | *        | *                   | import
new there, nothing may come in              | none   | absent   | present               | outbound      | *        | *                   | rest
new here                                    | none   | present  | gone                  | both outbound | *        | *                   | create
new here, nothing may go out                | none   | present  | gone                  | inbound       | *        | *                   | rest
there on both sides, never paired           | none   | present  | present               | *             | *        | *                   | agree
deleted here before they were paired        | none   | deleted  | present               | both outbound | yes      | *                   | withdraw
the same, but it is not ours to remove      | none   | deleted  | present               | both outbound | no       | *                   | forget
the same, nothing may go out                | none   | deleted  | present               | inbound       | *        | *                   | forget
there on neither side                       | none   | gone     | gone                  | *             | *        | *                   | forget
nobody moved                                | agreed | agreed   | agreed                | *             | *        | *                   | rest
they edited                                 | agreed | agreed   | moved                 | both inbound  | *        | *                   | apply theirs
they edited, nothing may come in            | agreed | agreed   | moved                 | outbound      | *        | *                   | rest
we edited                                   | agreed | edited   | agreed                | both outbound | yes      | *                   | send ours
we edited somebody else's meeting           | agreed | edited   | agreed                | both outbound | no       | *                   | rest
we edited, nothing may go out               | agreed | edited   | agreed                | inbound       | *        | *                   | rest
both made the same edit                     | agreed | edited   | edited                | *             | *        | *                   | agree
both edited, people decide                  | agreed | edited   | differently elsewhere | both          | yes      | manual              | conflict
both edited one field                       | agreed | edited   | differently           | both          | yes      | merge-fields        | conflict
both edited, each its own field             | agreed | edited   | elsewhere             | both          | yes      | merge-fields        | merge theirs ours
both edited one field, ours wins            | agreed | edited   | differently           | both          | yes      | prefer-schedule     | merge ours
both edited one field, theirs wins          | agreed | edited   | differently           | both          | yes      | prefer-external     | merge theirs
each its own field, nobody need lose        | agreed | edited   | elsewhere             | both          | yes      | prefer-schedule     | merge theirs ours
each its own field, nobody need lose either | agreed | edited   | elsewhere             | both          | yes      | prefer-external     | merge theirs ours
both edited, it is not ours to write        | agreed | edited   | differently elsewhere | both          | no       | *                   | apply theirs
both edited, nothing may go out             | agreed | edited   | differently elsewhere | inbound       | *        | *                   | apply theirs
both edited, nothing may come in            | agreed | edited   | differently elsewhere | outbound      | yes      | *                   | send ours
both edited, nothing may flow at all        | agreed | edited   | differently elsewhere | outbound      | no       | *                   | rest
we deleted                                  | agreed | deleted  | agreed                | both outbound | yes      | *                   | withdraw
we deleted, they edited, nothing comes in   | agreed | deleted  | moved                 | outbound      | yes      | *                   | withdraw
we deleted, they edited, people decide      | agreed | deleted  | moved                 | both          | yes      | manual merge-fields | conflict
we deleted, they edited, ours wins          | agreed | deleted  | moved                 | both          | yes      | prefer-schedule     | withdraw
we deleted, they edited, theirs wins        | agreed | deleted  | moved                 | both          | yes      | prefer-external     | restore-entry
we deleted somebody else's meeting          | agreed | deleted  | present               | both outbound | no       | *                   | rest
we deleted, nothing may go out              | agreed | deleted  | present               | inbound       | *        | *                   | rest
there is no entry any more                  | agreed | absent   | present               | *             | *        | *                   | rest
they deleted                                | agreed | agreed   | gone                  | both inbound  | *        | *                   | delete-entry
they deleted, nothing may come in           | agreed | agreed   | gone                  | outbound      | *        | *                   | rest
they deleted, we edited, nothing comes in   | agreed | edited   | gone                  | outbound      | *        | *                   | recreate
they deleted, we edited, nothing goes out   | agreed | edited   | gone                  | inbound       | *        | *                   | delete-entry
they deleted their own, we edited           | agreed | edited   | gone                  | both          | no       | *                   | delete-entry
they deleted, we edited, people decide      | agreed | edited   | gone                  | both          | yes      | manual merge-fields | conflict
they deleted, we edited, ours wins          | agreed | edited   | gone                  | both          | yes      | prefer-schedule     | recreate
they deleted, we edited, theirs wins        | agreed | edited   | gone                  | both          | yes      | prefer-external     | delete-entry
both deleted                                | agreed | gone     | gone                  | *             | *        | *                   | forget
`)

const situations = allSituations.filter(({ base }) => base !== 'left-out')

describe('what one look does with one pair', () => {
  test.each(rows)('$fact → $decision', ({ covers, decision }) => {
    const covered = situations.filter(covers)
    expect(covered.length).toBeGreaterThan(0)
    for (const situation of covered)
      expect({ ...situation, decision: told(situation) }).toEqual({ ...situation, decision })
  })

  test('every situation is in the table once', () => {
    const timesTold = (situation: Situation) => rows.filter((row) => row.covers(situation)).length
    expect(situations).toHaveLength(1_152)
    expect(situations.filter((situation) => timesTold(situation) !== 1)).toEqual([])
  })
})

test('what a vendor rewrote when it was written is nobody’s edit', () => {
  const { content: written } = states.agreed
  const content = { ...written, title: 'VISIT', body: 'stamp' }
  const base = { entry: written, external: content }
  const policy = { direction: 'both', conflicts: 'manual', writable: true } as const
  expect(reconcile(base, states.agreed, { kind: 'present', content }, policy)).toEqual({ kind: 'rest' })
})

describe('for 50,000 bases, pairs of sides and policies each', () => {
  reconcileLaws(50_000)
})

import { describe, expect, test } from 'vitest'
import { allSituations, rowsOf, told, type Situation } from '../support/reconcile-cases.ts'
import { slotLaws } from '../support/slot-laws.ts'

const rows = rowsOf(`
what happened                              | base     | schedule | calendar              | direction     | writable | policy              | decision
nobody brought it back                     | left-out | gone     | gone                  | *             | *        | *                   | rest
brought back here                          | left-out | present  | gone                  | both outbound | yes      | *                   | recreate
the same, but it is not ours to write      | left-out | present  | gone                  | both outbound | no       | *                   | rest
the same, nothing may go out               | left-out | present  | gone                  | inbound       | *        | *                   | rest
brought back there                         | left-out | gone     | present               | both inbound  | *        | *                   | restore-entry
the same, nothing may come in              | left-out | gone     | present               | outbound      | *        | *                   | rest
back on both sides as it was               | left-out | agreed   | agreed                | *             | *        | *                   | agree
back on both sides with the same change    | left-out | edited   | edited                | *             | *        | *                   | agree
back on both sides, changed there          | left-out | agreed   | moved                 | both inbound  | *        | *                   | apply theirs
the same, nothing may come in: let it be   | left-out | agreed   | moved                 | outbound      | *        | *                   | agree
back on both sides, changed here           | left-out | edited   | agreed                | both outbound | yes      | *                   | send ours
the same, not ours to write: let it be     | left-out | edited   | agreed                | both outbound | no       | *                   | agree
the same, nothing may go out: let it be    | left-out | edited   | agreed                | inbound       | *        | *                   | agree
back with two changes, people decide       | left-out | edited   | differently elsewhere | both          | yes      | manual              | conflict
back with two changes of one field         | left-out | edited   | differently           | both          | yes      | merge-fields        | conflict
back with two changes, each its own field  | left-out | edited   | elsewhere             | both          | yes      | merge-fields        | merge theirs ours
back with two changes, ours wins           | left-out | edited   | differently           | both          | yes      | prefer-schedule     | merge ours
back with two changes, theirs wins         | left-out | edited   | differently           | both          | yes      | prefer-external     | merge theirs
nobody need lose                           | left-out | edited   | elsewhere             | both          | yes      | prefer-schedule     | merge theirs ours
nobody need lose either                    | left-out | edited   | elsewhere             | both          | yes      | prefer-external     | merge theirs ours
back with two changes, not ours to write   | left-out | edited   | differently elsewhere | both          | no       | *                   | apply theirs
back with two changes, nothing may go out  | left-out | edited   | differently elsewhere | inbound       | *        | *                   | apply theirs
back with two changes, nothing may come in | left-out | edited   | differently elsewhere | outbound      | yes      | *                   | send ours
the same, nothing may flow at all          | left-out | edited   | differently elsewhere | outbound      | no       | *                   | agree
`)
const situations = allSituations.filter(({ base }) => base === 'left-out')

describe('what one look does with a slot that both sides left out', () => {
  test.each(rows)('$fact → $decision', ({ covers, decision }) => {
    const covered = situations.filter(covers)
    expect(covered.length).toBeGreaterThan(0)
    for (const situation of covered)
      expect({ ...situation, decision: told(situation) }).toEqual({ ...situation, decision })
  })

  test('every situation is in the table once', () => {
    const timesTold = (situation: Situation) => rows.filter((row) => row.covers(situation)).length
    expect(situations).toHaveLength(576)
    expect(situations.filter((situation) => timesTold(situation) !== 1)).toEqual([])
  })
})

describe('for 50,000 slots, pairs of sides and policies each', () => {
  slotLaws(50_000)
})

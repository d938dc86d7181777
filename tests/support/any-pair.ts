import { constant, constantFrom, oneof, record, type Arbitrary } from 'fast-check'
import type { EventContent, EventTime } from '../../domain/event.ts'
import { parseRecurrence } from '../../domain/recurrence/lines.ts'
import type { OccurrenceBase } from '../../domain/reconcile-occurrence.ts'
import type { Base, ReconcilePolicy, Side } from '../../domain/reconcile.ts'
import { asHeld, present, type PairState } from './reconcile-model.ts'
import { firstAt } from './series.ts'

const monday = firstAt('2026-03-02T09:00:00')
const times: EventTime[] = [monday, firstAt('2026-03-03T09:00:00'), firstAt('2026-03-02')]
const rules = ['FREQ=WEEKLY;BYDAY=MO', 'FREQ=DAILY;COUNT=5'].map((rule) =>
  parseRecurrence([`RRULE:${rule}`], monday),
)

/** Few values for each field, so that two sides often come to the same by chance. */
const values: { [Field in keyof EventContent]: Arbitrary<EventContent[Field]> } = {
  title: constantFrom('Visit', 'Retro', 'Demo'),
  body: constantFrom('', 'x', 'y'),
  location: constantFrom('', 'Hall'),
  time: constantFrom(...times),
  showAs: constantFrom('busy', 'free'),
  visibility: constantFrom('default', 'private'),
  recurrence: constantFrom(null, null, ...rules),
}
const contents = record(values)
const edits: Arbitrary<Partial<EventContent>> = oneof(
  constant({}),
  record(values, { requiredKeys: [] }),
  // One field alone, so that edits of different fields are common.
  record({ title: values.title }),
  record({ location: values.location }),
  record({ time: values.time }),
  record({ recurrence: values.recurrence }),
)

/** What a vendor may rewrite: never when an event is. */
const words = record(
  { title: values.title, location: values.location, showAs: values.showAs },
  { requiredKeys: [] },
)

/** An agreed state: the vendor keeps it in its own spelling, and may have rewritten more than that. */
const bases: Arbitrary<Base> = record({ content: contents, rewritten: words }).map(
  ({ content, rewritten }) => ({
    entry: content,
    external: { ...asHeld(content), ...rewritten },
  }),
)

interface Move {
  kind: 'absent' | 'deleted' | 'edited'
  edit: Partial<EventContent>
}
const moves: Arbitrary<Move> = record({
  kind: constantFrom('absent', 'deleted', 'edited', 'edited', 'edited', 'edited'),
  edit: edits,
})

export const anyPolicy: Arbitrary<ReconcilePolicy> = record({
  direction: constantFrom('both', 'both', 'inbound', 'outbound'),
  conflicts: constantFrom('manual', 'merge-fields', 'prefer-schedule', 'prefer-external'),
  writable: constantFrom(true, true, true, false),
})

const moved = (content: EventContent, { kind, edit }: Move): Side =>
  kind === 'edited' ? present({ ...content, ...edit }) : { kind }

/** A pair with a base, whose sides moved on from it: each by itself, or both alike. */
export const anyMetPair: Arbitrary<PairState & { base: Base }> = record({
  base: bases,
  local: moves,
  remote: moves,
  alike: constantFrom(true, false, false, false),
}).map(({ base, local, remote, alike }) => ({
  base,
  local: moved(base.entry, local),
  remote: moved(base.external, alike ? local : remote),
}))

/** A pair in any state, also before its sides met. */
export const anyPair: Arbitrary<PairState> = oneof(
  { weight: 5, arbitrary: anyMetPair },
  { weight: 1, arbitrary: anyMetPair.map((pair) => ({ ...pair, base: null })) },
)

/** One slot of a series, agreed to be there or agreed to be left out. */
export const anySlot: Arbitrary<{ base: OccurrenceBase; local: Side; remote: Side }> = record({
  pair: anyMetPair,
  isLeftOut: constantFrom(true, false),
}).map(({ pair, isLeftOut }) => ({
  ...pair,
  base: isLeftOut ? { kind: 'left-out', plain: pair.base } : { kind: 'present', base: pair.base },
}))

import { Type } from 'typebox'
import { content, Recurrence } from './entry-schemas.ts'
import { CauseShape, Id, Nullable, RunSummary, Timestamp } from './schemas.ts'

/** Who or what made a version, by the names people know. */
export const HistoryCause = Type.Object({
  ...CauseShape.properties,
  /** The key's name, or the calendar's. */
  name: Type.Optional(Nullable(Type.String())),
  /** Whose calendar it came from. */
  memberId: Type.Optional(Nullable(Id)),
  run: Type.Optional(
    Nullable(Type.Object({ number: RunSummary.properties.number, trigger: RunSummary.properties.trigger })),
  ),
})

/** A version of an entry. */
export const EntryVersion = Type.Object({
  version: Type.Integer(),
  deleted: Type.Boolean(),
  at: Timestamp,
  cause: HistoryCause,
  /** The fields that differ from the version before; "occurrences": changed ones moved, ended or were left out with it. */
  changed: Type.Array(Type.String()),
  ...content,
  recurrence: Recurrence,
  /** Null where versions did not keep it yet. */
  status: Nullable(Type.String()),
  assignees: Nullable(Type.Array(Id)),
  /** For an occurrence: the slot it stood for. */
  originalStart: Nullable(Type.String()),
  /** When its words were erased, because a calendar's policy no longer lets them in. */
  wordsErasedAt: Nullable(Timestamp),
})

export const UndoBody = Type.Object(
  {
    version: Type.Integer({
      minimum: 1,
      maximum: 2 ** 31 - 1,
      description: 'The version whose change is taken back, as the history names it.',
    }),
  },
  { additionalProperties: false },
)

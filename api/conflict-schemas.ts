import { Type } from 'typebox'
import { Content } from './entry-schemas.ts'
import { CauseShape, Id, Nullable, Timestamp } from './schemas.ts'

/** A conflict as the API tells it, and a person's decision about it. */
const SideChoice = Type.Enum(['schedule', 'external'])
export const ConflictDecision = Type.Object(
  {
    resolution: Type.Enum(['schedule', 'external', 'merge'], {
      description: 'Whose words hold; with "merge" field by field.',
    }),
    fields: Type.Optional(
      Type.Partial(
        Type.Object({
          title: SideChoice,
          body: SideChoice,
          location: SideChoice,
          time: SideChoice,
          showAs: SideChoice,
          visibility: SideChoice,
          recurrence: SideChoice,
        }),
        { additionalProperties: false, description: 'For a merge: a word for every field that differs.' },
      ),
    ),
    reviewed: Type.Object(
      { entryVersion: Type.Integer({ minimum: 0 }), externalRevision: Type.Integer({ minimum: 0 }) },
      {
        additionalProperties: false,
        description: 'The versions that were looked at, as the conflict names them.',
      },
    ),
  },
  { additionalProperties: false },
)

export const Conflict = Type.Object({
  id: Id,
  mappingId: Id,
  providerId: Id,
  entryId: Id,
  state: Type.Enum(['open', 'resolved']),
  resolution: Nullable(Type.String()),
  base: Nullable(Content),
  /** Null: deleted on that side. */
  schedule: Nullable(Content),
  external: Nullable(Content),
  entryVersion: Type.Integer(),
  externalRevision: Type.Integer(),
  /** The fields the sides differ in: a merge needs a word for each. */
  differing: Type.Array(Type.String()),
  /** Who changed the entry last and when; when the other side was seen as it stands. */
  scheduleBy: Nullable(CauseShape),
  scheduleAt: Nullable(Timestamp),
  externalAt: Nullable(Timestamp),
  resolvedBy: Nullable(CauseShape),
  reason: Nullable(Type.String()),
  detectedAt: Timestamp,
  resolvedAt: Nullable(Timestamp),
})

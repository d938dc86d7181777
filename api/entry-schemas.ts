import { Type, type Static } from 'typebox'
import { Id, line, MappingState, Nullable, optionalLine, Timestamp } from './schemas.ts'

export const ShowAs = Type.Enum(['free', 'tentative', 'busy', 'oof', 'elsewhere'])
export const Visibility = Type.Enum(['default', 'public', 'private', 'confidential'])
/** An event's content as the API tells it: times with the zone's offset, dates for all-day. */
export const content = {
  title: Type.String(),
  body: Type.String(),
  location: Type.String(),
  allDay: Type.Boolean(),
  start: Type.String(),
  end: Type.String(),
  timeZone: Nullable(Type.String()),
  showAs: ShowAs,
  visibility: Visibility,
}
/** How an entry repeats, as the API tells and takes it. */
export const Recurrence = Nullable(
  Type.Array(Type.String({ maxLength: 2000, pattern: '^(RRULE|RDATE|EXDATE)[:;]' }), {
    minItems: 1,
    maxItems: 100,
    description:
      'RRULE, RDATE and EXDATE lines (RFC 5545 §3.8.5), such as "RRULE:FREQ=WEEKLY;BYDAY=MO" and "EXDATE;TZID=Europe/Berlin:20260309T090000". Null for a single entry.',
  }),
)
export const Content = Type.Object({ ...content, recurrence: Recurrence })

export const Entry = Type.Object({
  id: Id,
  externalRef: Nullable(Type.String()),
  ...content,
  recurrence: Recurrence,
  /** For an occurrence of a series: the series, and where the occurrence stands by its rule (a date when all-day). */
  seriesId: Nullable(Id),
  originalStart: Nullable(Type.String()),
  /** The series this one continues, when somebody changed "this and following". */
  splitFrom: Nullable(Id),
  status: Type.String(),
  version: Type.Integer(),
  assignees: Type.Array(Id),
  deletedAt: Nullable(Timestamp),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  mappings: Type.Array(Type.Object({ providerId: Id, state: MappingState, reason: Nullable(Type.String()) })),
})
export type EntryAnswer = Static<typeof Entry>

const entryFields = {
  externalRef: Type.Optional(Nullable(line(200))),
  title: optionalLine(1000),
  body: Type.Optional(Type.String({ maxLength: 8000 })),
  location: Type.Optional(optionalLine(1000)),
  allDay: Type.Optional(Type.Boolean()),
  start: Type.String({ maxLength: 40, description: 'A date when all-day; else a wall time, or RFC 3339.' }),
  end: Type.String({ maxLength: 40, description: 'Exclusive; of the same form as start.' }),
  timeZone: Type.Optional(Nullable(Type.String({ maxLength: 100, description: 'IANA name.' }))),
  showAs: Type.Optional(ShowAs),
  visibility: Type.Optional(Visibility),
  recurrence: Type.Optional(Recurrence),
  status: Type.Optional(line(50)),
  assignees: Type.Array(Id, { maxItems: 100, uniqueItems: true }),
}
export const EntryInput = Type.Object(entryFields, { additionalProperties: false })
export type EntryInputBody = Static<typeof EntryInput>
export const EntryChanges = Type.Partial(EntryInput, { additionalProperties: false, minProperties: 1 })
export type EntryChangesBody = Static<typeof EntryChanges>

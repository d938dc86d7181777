import { eventTypes } from '../domain/entering.ts'
import { Type, type Static, type TSchema } from 'typebox'

/** What goes over the wire, one noun after the other. */
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
export const Id = Type.String({ format: 'uuid' })
export const Timestamp = Type.String({ format: 'date-time' })
/** Who or what made a change. */
export const CauseShape = Type.Object({
  kind: Type.Enum(['api-key', 'session', 'provider']),
  id: Type.Optional(Id),
  providerId: Type.Optional(Id),
  runId: Type.Optional(Id),
  /** When the calendar's vendor had told of a change that the run then looked for. */
  notifiedAt: Type.Optional(Timestamp),
  /** The version whose change was taken back by this. */
  undoes: Type.Optional(Type.Integer()),
})
export const Vendor = Type.Enum(['google', 'microsoft'])
export const Role = Type.Enum(['admin', 'operator', 'member'])

const filledLine = '^[^\\t\\n\\r]*\\S[^\\t\\n\\r]*$'
const anyLine = '^[^\\t\\n\\r]*$'
const calendarName = '^[^\\s/?\\\\.][^\\s/?\\\\]*$'
const webAddress = '^https?://'
const word = '^\\S+$'
/** What a text that does not match is told. */
export const patternRules = new Map([
  [filledLine, 'must be one line of text, not only blanks'],
  [anyLine, 'must be one line of text, without tabs'],
  [calendarName, 'must be a calendar id as the vendor tells it, without blanks and slashes'],
  [webAddress, 'must be an https address'],
  [word, 'must be one word, without blanks'],
])

export const line = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: filledLine })
export const optionalLine = (maxLength: number) => Type.String({ maxLength, pattern: anyLine })

export const IdParams = Type.Object({ id: Id })
export const VendorParams = Type.Object({ vendor: Vendor })
export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
}
export const PageQuery = Type.Object(pageQuery, { additionalProperties: false })
export const listOf = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), nextCursor: Nullable(Type.String()) })

export const VendorFailure = Type.Object({
  code: Type.String(),
  message: Type.String(),
  requestId: Nullable(Type.String()),
  at: Timestamp,
})

export const ProblemDetails = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.Optional(Type.String()),
    errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), rule: Type.String() }))),
  },
  { additionalProperties: true, description: 'Problem details (RFC 9457), as application/problem+json.' },
)

export const Tenant = Type.Object({ id: Id, name: Type.String(), createdAt: Timestamp })
export const NewTenant = Type.Object({ name: line(200) }, { additionalProperties: false })

export const Member = Type.Object({
  id: Id,
  email: Type.String(),
  name: Type.String(),
  active: Type.Boolean(),
  createdAt: Timestamp,
})
export const NewMember = Type.Object(
  { email: Type.String({ format: 'email', maxLength: 320 }), name: line(200) },
  { additionalProperties: false },
)

export const ApiKey = Type.Object({
  id: Id,
  name: Type.String(),
  prefix: Type.String(),
  role: Role,
  createdAt: Timestamp,
  expiresAt: Nullable(Timestamp),
  revokedAt: Nullable(Timestamp),
})
/** The one answer that shows a key's text. */
export const IssuedApiKey = Type.Object({ apiKey: Type.String(), key: ApiKey })
export const NewApiKey = Type.Object(
  { name: Type.Optional(line(200)), role: Type.Optional(Role) },
  { additionalProperties: false },
)

const endpoint = Type.String({ maxLength: 500, pattern: webAddress })
export const VendorEndpoints = Type.Object(
  { api: endpoint, authorize: endpoint, token: endpoint },
  { additionalProperties: false },
)
export const Integration = Type.Object({
  vendor: Vendor,
  clientId: Nullable(Type.String()),
  secretHint: Nullable(Type.String()),
  endpoints: VendorEndpoints,
  redirectUri: Type.String(),
  complete: Type.Boolean(),
  reason: Nullable(Type.String()),
  updatedAt: Nullable(Timestamp),
})
export const IntegrationInput = Type.Object(
  {
    clientId: line(500),
    clientSecret: line(2000),
    endpoints: Type.Optional(Type.Union([Type.Enum(['vendor', 'sandbox']), VendorEndpoints])),
  },
  { additionalProperties: false },
)

export const Policies = Type.Object(
  {
    conflicts: Type.Enum(['manual', 'merge-fields', 'prefer-schedule', 'prefer-external']),
    pauseScope: Type.Enum(['event', 'provider'], {
      description:
        'What an open conflict pauses: its own event, or the whole provider, which then writes to neither side until the last one is resolved. It is looked at all the same.',
    }),
    enters: Type.Enum(['all', 'marked', 'busy-only', 'none'], {
      description:
        'What of the calendar’s own events enters the schedule: all; those that carry the marker; their times alone, under the title "Busy"; or none. The copies of entries are no matter of this: their edits and deletions follow the direction. A policy that lets in less erases the words that are stored.',
    }),
    marker: Nullable(
      Type.String({
        minLength: 1,
        maxLength: 100,
        pattern: word,
        description:
          'The word in title or body that lets an event in when "enters" is "marked", such as "#work". Upper and lower case are one; a part of a longer word, of an address or of a tag is no marker.',
      }),
    ),
    eventTypes: Type.Array(Type.Enum([...eventTypes]), {
      minItems: 1,
      uniqueItems: true,
      description: 'The kinds of Google’s events that enter (eventType). Outlook has one kind alone.',
    }),
    privateEvents: Type.Enum(['busy', 'full'], {
      description: 'Whether private events enter as times alone, or with their words.',
    }),
    windowPastDays: Type.Integer({ minimum: 0, maximum: 730 }),
    windowFutureDays: Type.Integer({ minimum: 1, maximum: 1095 }),
  },
  { additionalProperties: false },
)
const BrakeLimits = Type.Object(
  {
    events: Type.Integer({ minimum: 0, maximum: 100_000 }),
    percent: Type.Integer({ minimum: 0, maximum: 100 }),
  },
  {
    additionalProperties: false,
    description:
      'The safety brake holds deletions when one side would lose more than both within a day: a number of events, and a share of those that are mapped.',
  },
)
export const LosingSide = Type.Enum(['schedule', 'external'], {
  description: 'Where the events would be deleted.',
})
export const Brake = Type.Object({
  side: LosingSide,
  since: Timestamp,
  /** Deletions that wait for a person. */
  held: Type.Integer(),
  /** Events that were mapped when the brake was set. */
  mapped: Type.Integer(),
  /** Names everything that is held now: send it with the decision. */
  reviewed: Type.Integer(),
  /** The same in plain words. */
  message: Type.String(),
})
export const Direction = Type.Enum(['both', 'inbound', 'outbound'])
const CalendarId = Type.String({ minLength: 1, maxLength: 1024, pattern: calendarName })

export const RunSummary = Type.Object({
  id: Id,
  number: Type.Integer(),
  trigger: Type.Enum(['connect', 'webhook', 'poll', 'manual']),
  startedAt: Timestamp,
})
const Latency = Type.Object({
  measured: Type.Integer(),
  totalMs: Type.Integer(),
  slowestMs: Type.Integer(),
})
export const Run = Type.Object({
  ...RunSummary.properties,
  providerId: Id,
  outcome: Nullable(Type.Enum(['completed', 'failed', 'skipped'])),
  counts: Type.Record(Type.String(), Type.Integer()),
  latency: Type.Object(
    { inbound: Nullable(Latency), outbound: Nullable(Latency) },
    {
      description:
        'How long the changes it carried took from when they were made until the other side had them: inbound from the time the vendor gives (for a removal, when it was seen first), outbound from the version of the entry to the confirmed write. What was there before the last completed pass, as in a first import, is not measured.',
    },
  ),
  error: Nullable(VendorFailure),
  finishedAt: Nullable(Timestamp),
  /** As the Temporal Web UI names it. */
  workflowId: Type.String(),
})

export const Provider = Type.Object({
  id: Id,
  name: Type.String(),
  vendor: Vendor,
  memberId: Id,
  calendarId: Type.String(),
  accountEmail: Nullable(Type.String()),
  direction: Direction,
  enabled: Type.Boolean(),
  paused: Type.Boolean(),
  status: Type.Enum([
    ...(['unauthorized', 'paused', 'disabled', 'reauthorization-required'] as const),
    ...(['syncing', 'error', 'paused-by-conflict', 'deletions-held', 'connected'] as const),
  ]),
  policies: Policies,
  brakeLimits: BrakeLimits,
  /** Sides whose deletions are held until a person approves or refuses them. */
  brakes: Type.Array(Brake),
  /** Open conflicts that pause the whole provider. */
  conflictPause: Nullable(
    Type.Object({ conflicts: Type.Integer(), since: Timestamp, message: Type.String() }),
  ),
  lastSyncAt: Nullable(Timestamp),
  authorization: Type.Enum(['unauthorized', 'connected', 'reauthorization-required']),
  error: Nullable(VendorFailure),
  subscription: Nullable(
    Type.Object({
      state: Type.Enum(['active', 'polling-only', 'none']),
      expiresAt: Nullable(Timestamp),
      lastNotificationAt: Nullable(Timestamp),
    }),
  ),
  run: Nullable(RunSummary),
  counts: Type.Object({
    mapped: Type.Integer(),
    conflicts: Type.Integer(),
    unsupported: Type.Integer(),
    creating: Type.Integer(),
    quarantined: Type.Integer(),
    waiting: Type.Integer(),
  }),
  version: Type.Integer(),
  createdAt: Timestamp,
})
export type ProviderAnswer = Static<typeof Provider>
export const NewProvider = Type.Object(
  {
    name: line(200),
    vendor: Vendor,
    memberId: Id,
    calendarId: Type.Optional(CalendarId),
    direction: Type.Optional(Direction),
    enabled: Type.Optional(Type.Boolean()),
    policies: Type.Optional(Type.Partial(Policies, { additionalProperties: false })),
    brakeLimits: Type.Optional(Type.Partial(BrakeLimits, { additionalProperties: false })),
  },
  { additionalProperties: false },
)
export const ProviderChanges = Type.Partial(
  Type.Object({
    name: line(200),
    direction: Direction,
    enabled: Type.Boolean(),
    policies: Type.Partial(Policies, { additionalProperties: false }),
    brakeLimits: Type.Partial(BrakeLimits, { additionalProperties: false }),
    calendarId: CalendarId,
  }),
  { additionalProperties: false, minProperties: 1 },
)
export const Calendar = Type.Object({
  id: Type.String(),
  name: Type.String(),
  isPrimary: Type.Boolean(),
  canWrite: Type.Boolean(),
  timeZone: Type.String(),
})

export const MappingState = Type.Enum([
  ...(['creating', 'active', 'conflict', 'unsupported', 'withdrawing', 'retired'] as const),
])
export const Mapping = Type.Object({
  id: Id,
  providerId: Id,
  entryId: Nullable(Id),
  externalId: Nullable(Type.String()),
  origin: Type.Enum(['schedule', 'external']),
  state: MappingState,
  reason: Nullable(Type.String()),
  updatedAt: Timestamp,
})

import { and, asc, count, eq, inArray, sql } from 'drizzle-orm'
import {
  bigserial,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { EventContent } from '../domain/event.ts'
import { anyOf } from './any-of.ts'
import type { Db } from './connection.ts'
import { externalEvents } from './external-events.ts'
import { mappings } from './mappings.ts'
import { scheduleEntries } from './schedule-entries.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'
import { wordless } from './wordless.ts'

/** `create` carries the whole content; `update` the fields to change; `delete` nothing. */
export type IntentKind = 'create' | 'update' | 'delete'
/** `sent` means the outcome is unknown until it is `done`: the call may have reached the vendor. */
export type IntentState = 'planned' | 'sent' | 'done' | 'failed' | 'dropped'

/** An outbound write decided and stored, not yet confirmed. */
export const intents = pgTable(
  'intents',
  {
    id: uuid('id').primaryKey(),
    seq: bigserial('seq', { mode: 'number' }).notNull(),
    tenantId: tenantId(),
    providerId: uuid('provider_id').notNull(),
    mappingId: uuid('mapping_id').notNull(),
    kind: text('kind').$type<IntentKind>().notNull(),
    state: text('state').$type<IntentState>().notNull(),
    /** Hash of mapping and generation: Google's event id, Graph's transactionId. */
    idempotencyKey: text('idempotency_key').notNull(),
    fields: jsonb('fields').$type<Partial<EventContent>>().notNull(),
    /** The entry's projection that was sent: the base when it is confirmed. */
    projection: jsonb('projection').$type<EventContent>(),
    entryVersion: integer('entry_version'),
    expectedEtag: text('expected_etag'),
    attempts: integer('attempts').notNull(),
    error: text('error'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
    settledAt: timestamp('settled_at', { withTimezone: true }),
  },
  (t) => [
    uniqueIndex('intents_one_open')
      .on(t.mappingId)
      .where(sql`state in ('planned', 'sent')`),
    index('intents_open')
      .on(t.providerId, t.seq)
      .where(sql`state in ('planned', 'sent')`),
    index('intents_mapping').on(t.mappingId),
    ...tenantPolicies(),
  ],
)
export type Intent = typeof intents.$inferSelect
export type NewIntent = Omit<Intent, 'seq' | 'state' | 'attempts' | 'error' | 'settledAt'>

export async function insertIntents(db: Db, rows: NewIntent[]): Promise<void> {
  if (rows.length === 0) return
  await db.execute(sql`
    insert into intents (id, tenant_id, provider_id, mapping_id, kind, state, idempotency_key, fields, projection,
      entry_version, expected_etag, attempts, created_at)
    select id, "tenantId", "providerId", "mappingId", kind, 'planned', "idempotencyKey", fields, projection,
      "entryVersion", "expectedEtag", 0, "createdAt"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(
      id uuid, "tenantId" uuid, "providerId" uuid, "mappingId" uuid, kind text, "idempotencyKey" text, fields jsonb,
      projection jsonb, "entryVersion" int, "expectedEtag" text, "createdAt" timestamptz)`)
}

/** Open intents in the order they were decided. */
export async function openIntents(
  db: Db,
  providerId: string,
  state: 'planned' | 'sent',
  limit: number,
): Promise<Intent[]> {
  return db
    .select()
    .from(intents)
    .where(and(eq(intents.providerId, providerId), eq(intents.state, state)))
    .orderBy(asc(intents.seq))
    .limit(limit)
}

export async function openIntentsOf(db: Db, mappingIds: string[]): Promise<Intent[]> {
  if (mappingIds.length === 0) return []
  return db
    .select()
    .from(intents)
    .where(and(anyOf(intents.mappingId, mappingIds), inArray(intents.state, ['planned', 'sent'])))
}

export async function markSent(db: Db, id: string): Promise<void> {
  await db
    .update(intents)
    .set({ state: 'sent', attempts: sql`${intents.attempts} + 1` })
    .where(eq(intents.id, id))
}

/** The outcome is known: nothing happened at the vendor, so it may be sent again. */
export async function markUnsent(db: Db, id: string, error: string): Promise<void> {
  await db.update(intents).set({ state: 'planned', error }).where(eq(intents.id, id))
}

/** The event moved on and is to go all the same: the removal waits for its turn with the etag of now. */
export async function removeAgain(db: Db, id: string, expectedEtag: string | null): Promise<void> {
  await db.update(intents).set({ state: 'planned', expectedEtag }).where(eq(intents.id, id))
}

/**
 * A settled write keeps no words, but for a create that was sent: its projection is the base of a copy that turns up late. It
 * has none of an entry whose words were erased meanwhile. Answers when the version of the entry was made that each write carried,
 * where that is known.
 */
export async function settleIntents(
  db: Db,
  ids: string[],
  state: 'done' | 'failed' | 'dropped',
  now: Date,
  error: string | null = null,
): Promise<(Date | null)[]> {
  if (ids.length === 0) return []
  const settled = await db
    .update(intents)
    .set({
      state,
      settledAt: now,
      error,
      fields: {},
      projection: sql`case when kind = 'create' and attempts > 0 then case when ${isErased} then projection || ${wordless}::jsonb
        else projection end end`,
    })
    .where(anyOf(intents.id, ids))
    .returning({ madeAt })
  return settled.map((row) => (row.madeAt === null ? null : new Date(row.madeAt)))
}

/** When the entry came to be as it was sent. */
const madeAt = sql<
  string | null
>`(select v.at from mappings m join entry_versions v on v.entry_id = m.entry_id
  where m.id = mapping_id and v.version = entry_version)`

const isErased = sql`exists (select 1 from mappings m join schedule_entries e on e.id = m.entry_id
  where m.id = mapping_id and e.content @> ${wordless}::jsonb)`

/** The copy was written again: what its create sent is no longer what both sides agreed on. */
export async function replaceCreated(
  db: Db,
  mappingId: string,
  projection: EventContent | null,
): Promise<void> {
  await db
    .update(intents)
    .set({ projection })
    .where(and(eq(intents.mappingId, mappingId), eq(intents.kind, 'create'), eq(intents.state, 'done')))
}

export async function countOpenIntents(db: Db, providerId: string): Promise<number> {
  const [row] = await db
    .select({ total: count() })
    .from(intents)
    .where(and(eq(intents.providerId, providerId), inArray(intents.state, ['planned', 'sent'])))
  return row?.total ?? 0
}

/** A write that is to be sent, with what it is about. */
export interface PlannedWrite {
  kind: IntentKind
  fields: Partial<EventContent>
  projection: EventContent | null
  entryId: string | null
  externalId: string | null
  entry: EventContent | null
  entryDeleted: boolean
  external: EventContent | null
}

/** Everything that is decided and not sent, in its order. */
export async function plannedWrites(db: Db, providerId: string, limit: number): Promise<PlannedWrite[]> {
  return db
    .select({
      kind: intents.kind,
      fields: intents.fields,
      projection: intents.projection,
      entryId: mappings.entryId,
      externalId: mappings.externalId,
      entry: scheduleEntries.content,
      entryDeleted: sql<boolean>`${scheduleEntries.deletedAt} is not null`,
      external: externalEvents.content,
    })
    .from(intents)
    .innerJoin(mappings, eq(mappings.id, intents.mappingId))
    .leftJoin(scheduleEntries, eq(scheduleEntries.id, mappings.entryId))
    .leftJoin(
      externalEvents,
      and(eq(externalEvents.providerId, providerId), eq(externalEvents.externalId, mappings.externalId)),
    )
    .where(and(eq(intents.providerId, providerId), eq(intents.state, 'planned')))
    .orderBy(asc(intents.seq))
    .limit(limit)
}

/** How many writes of each kind are decided and not sent. */
export async function countPlannedWrites(
  db: Db,
  providerId: string,
): Promise<{ kind: IntentKind; total: number }[]> {
  return db
    .select({ kind: intents.kind, total: count() })
    .from(intents)
    .where(and(eq(intents.providerId, providerId), eq(intents.state, 'planned')))
    .groupBy(intents.kind)
}

/** The creates that carried these keys, so that our own write coming back is known by its key. */
export async function createsByKey(db: Db, providerId: string, keys: string[]): Promise<Intent[]> {
  if (keys.length === 0) return []
  return db
    .select()
    .from(intents)
    .where(
      and(
        eq(intents.providerId, providerId),
        eq(intents.kind, 'create'),
        anyOf(intents.idempotencyKey, keys),
      ),
    )
}

import { and, asc, eq, gt, ne, sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type { EventContent } from '../domain/event.ts'
import { anyOf } from './any-of.ts'
import type { Db } from './connection.ts'
import { predecessorsOf } from './predecessors.ts'
import type { Cause } from './schedule-entries.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

/**
 * `creating`: our copy is decided and not yet confirmed. `active`: both sides are kept the same. `conflict`: paused until a
 * person decides. `unsupported`: the schedule cannot hold it, with the reason. `withdrawing`: our copy is being removed.
 * `retired`: settled; ids only, so that a return links instead of doubling.
 */
export type MappingState = 'creating' | 'active' | 'conflict' | 'unsupported' | 'withdrawing' | 'retired'

/** The pair entry ⇄ external event in one provider, with its base and its origin. */
export const mappings = pgTable(
  'mappings',
  {
    id: uuid('id').primaryKey(),
    tenantId: tenantId(),
    providerId: uuid('provider_id').notNull(),
    entryId: uuid('entry_id'),
    externalId: text('external_id'),
    origin: text('origin').$type<'schedule' | 'external'>().notNull(),
    state: text('state').$type<MappingState>().notNull(),
    reason: text('reason'),
    baseEntry: jsonb('base_entry').$type<EventContent>(),
    baseExternal: jsonb('base_external').$type<EventContent>(),
    /** Of a pair whose provider was deleted: hashes of its bases, which tell on a return which side changed meanwhile. */
    entryHash: text('entry_hash'),
    externalHash: text('external_hash'),
    /** A restored or re-created pair is a new generation: its idempotency key never collides with a tombstone. */
    generation: integer('generation').notNull(),
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull(),
    /** Who had it decided anew last, why and when. */
    reset: jsonb('reset').$type<{ by: Cause; reason: string; at: string }>(),
  },
  (t) => [
    uniqueIndex('mappings_one_per_entry')
      .on(t.providerId, t.entryId)
      .where(sql`state not in ('withdrawing', 'retired')`),
    uniqueIndex('mappings_one_per_external')
      .on(t.providerId, t.externalId)
      .where(sql`state <> 'retired'`),
    index('mappings_entry').on(t.entryId),
    index('mappings_external').on(t.providerId, t.externalId),
    index('mappings_state').on(t.providerId, t.state),
    ...tenantPolicies(),
  ],
)
export type Mapping = Omit<typeof mappings.$inferSelect, 'reset' | 'entryHash' | 'externalHash'>

export async function mappingsOfEntries(db: Db, providerId: string, entryIds: string[]): Promise<Mapping[]> {
  if (entryIds.length === 0) return []
  return db
    .select()
    .from(mappings)
    .where(
      and(
        eq(mappings.providerId, providerId),
        anyOf(mappings.entryId, entryIds),
        ne(mappings.state, 'retired'),
      ),
    )
}

/**
 * Which of these events are copies that we made, also when the calendar was connected before. A pair that stands has the
 * word, before one that ended.
 */
export async function madeByUs(db: Db, providerId: string, externalIds: string[]): Promise<string[]> {
  if (externalIds.length === 0) return []
  const rows = await db.execute<{ external_id: string; origin: Mapping['origin'] }>(sql`
    select distinct on (external_id) external_id, origin from mappings
    where provider_id in (select ${providerId}::uuid union all ${predecessorsOf(providerId)})
      and external_id = any(${sql.param(externalIds)}::text[])
    order by external_id, state = 'retired', updated_at desc`)
  return rows.flatMap((row) => (row.origin === 'schedule' ? row.external_id : []))
}

export async function mappingsOfExternals(
  db: Db,
  providerId: string,
  externalIds: string[],
): Promise<Mapping[]> {
  if (externalIds.length === 0) return []
  return db
    .select()
    .from(mappings)
    .where(
      and(
        eq(mappings.providerId, providerId),
        anyOf(mappings.externalId, externalIds),
        ne(mappings.state, 'retired'),
      ),
    )
}

/** How often these entries were paired in this provider before: the next generation is one more. */
export async function lastGenerations(
  db: Db,
  providerId: string,
  entryIds: string[],
): Promise<Map<string, number>> {
  if (entryIds.length === 0) return new Map()
  const rows = await db
    .select({ entryId: mappings.entryId, generation: sql<number>`max(${mappings.generation})` })
    .from(mappings)
    .where(and(eq(mappings.providerId, providerId), anyOf(mappings.entryId, entryIds)))
    .groupBy(mappings.entryId)
  return new Map(
    rows.flatMap((row) => (row.entryId === null ? [] : [[row.entryId, row.generation] as const])),
  )
}

/** Every pair these entries have or wait for, in every provider, with its reason. */
export async function pairsOfEntries(db: Db, entryIds: string[]): Promise<Mapping[]> {
  if (entryIds.length === 0) return []
  return db
    .select()
    .from(mappings)
    .where(and(anyOf(mappings.entryId, entryIds), ne(mappings.state, 'retired')))
    .orderBy(asc(mappings.providerId))
}

/** Writes mappings whole, in one statement. */
export async function saveMappings(db: Db, rows: Mapping[]): Promise<void> {
  if (rows.length === 0) return
  await db.execute(sql`
    insert into mappings (id, tenant_id, provider_id, entry_id, external_id, origin, state, reason, base_entry,
      base_external, generation, updated_at)
    select id, "tenantId", "providerId", "entryId", "externalId", origin, state, reason, "baseEntry", "baseExternal",
      generation, "updatedAt"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(
      id uuid, "tenantId" uuid, "providerId" uuid, "entryId" uuid, "externalId" text, origin text, state text,
      reason text, "baseEntry" jsonb, "baseExternal" jsonb, generation int, "updatedAt" timestamptz)
    on conflict (id) do update set
      entry_id = excluded.entry_id, external_id = excluded.external_id, origin = excluded.origin, state = excluded.state,
      reason = excluded.reason, base_entry = excluded.base_entry, base_external = excluded.base_external,
      generation = excluded.generation, updated_at = excluded.updated_at`)
}

export async function findMapping(db: Db, id: string): Promise<Mapping | undefined> {
  const [mapping] = await db.select().from(mappings).where(eq(mappings.id, id))
  return mapping
}

/** Takes the row for the rest of the transaction. */
export async function lockMapping(db: Db, id: string): Promise<Mapping | undefined> {
  const [mapping] = await db.select().from(mappings).where(eq(mappings.id, id)).for('update')
  return mapping
}

/** Has a pair decided anew; who wished it and why stays with it. */
export async function noteReset(
  db: Db,
  id: string,
  reset: { by: Cause; reason: string; at: string },
): Promise<void> {
  await db.update(mappings).set({ reset }).where(eq(mappings.id, id))
}

export async function listMappings(
  db: Db,
  page: {
    providerId?: string | undefined
    entryId?: string | undefined
    state?: MappingState | undefined
    after?: string | undefined
    limit: number
  },
): Promise<Mapping[]> {
  return db
    .select()
    .from(mappings)
    .where(
      and(
        page.providerId ? eq(mappings.providerId, page.providerId) : undefined,
        page.entryId ? eq(mappings.entryId, page.entryId) : undefined,
        page.state ? eq(mappings.state, page.state) : undefined,
        page.after ? gt(mappings.id, page.after) : undefined,
      ),
    )
    .orderBy(asc(mappings.id))
    .limit(page.limit)
}

export async function findMappings(db: Db, ids: string[]): Promise<Mapping[]> {
  if (ids.length === 0) return []
  return db.select().from(mappings).where(anyOf(mappings.id, ids))
}

/** Entries whose original lives on in another calendar of the same member: gone here, it merely moved. */
export async function heldElsewhere(
  db: Db,
  providerId: string,
  memberId: string,
  entryIds: string[],
): Promise<string[]> {
  if (entryIds.length === 0) return []
  const rows = await db.execute<{ entry_id: string }>(sql`
    select distinct m.entry_id from mappings m
      join providers p on p.id = m.provider_id and p.member_id = ${memberId}::uuid and p.id <> ${providerId}::uuid
      join external_events x on x.provider_id = m.provider_id and x.external_id = m.external_id and not x.deleted
    where m.entry_id = any(${sql.param(entryIds)}::uuid[]) and m.state in ('active', 'conflict') and m.origin = 'external'`)
  return rows.map((row) => row.entry_id)
}

/** Whether the pair stands: the entry has no other one in this provider. */
export const isLiving = (mapping: Mapping): boolean =>
  mapping.state !== 'withdrawing' && mapping.state !== 'retired'

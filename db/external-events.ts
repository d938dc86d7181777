import { and, asc, desc, eq, gt, isNotNull, lt, ne, or, sql } from 'drizzle-orm'
import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'
import type { Admission } from '../domain/entering.ts'
import type { EventContent } from '../domain/event.ts'
import { anyOf } from './any-of.ts'
import type { Db } from './connection.ts'
import { tenantId, tenantPolicies } from './tenancy.ts'

export type ExternalKind = 'single' | 'series' | 'occurrence'

/** Our copy of the vendor's event as last observed. `revision` grows only when its content or tombstone changed. */
export const externalEvents = pgTable(
  'external_events',
  {
    providerId: uuid('provider_id').notNull(),
    externalId: text('external_id').notNull(),
    tenantId: tenantId(),
    kind: text('kind').$type<ExternalKind>().notNull(),
    etag: text('etag'),
    icalUid: text('ical_uid'),
    /** For an occurrence: its series' id at the vendor, the slot by its original start, and the vendor's own id of it. */
    seriesExternalId: text('series_external_id'),
    originalStart: text('original_start'),
    vendorId: text('vendor_id'),
    /** The vendor's word for its kind, where it has kinds: another policy is held against it without asking again. */
    eventType: text('event_type'),
    /** How much of it the provider's policy let in. Of what is `none` nothing is stored but that it is there. */
    entersAs: text('enters_as').$type<Admission>().notNull(),
    /** Null when it does not enter, or is of a kind the schedule cannot hold: then `problem` says why. */
    content: jsonb('content').$type<EventContent>(),
    problem: text('problem'),
    /** Why we must not write to it (somebody else's meeting, attendees who would get mail); null when we may. */
    readOnly: text('read_only'),
    /** The idempotency key of the write that made it, when it was ours. */
    createKey: text('create_key'),
    /** Written by us, and no round has shown it yet: a vendor may not tell what came and went between two of its answers. */
    isAwaited: boolean('is_awaited').notNull(),
    revision: integer('revision').notNull(),
    deleted: boolean('deleted').notNull(),
    startsAt: timestamp('starts_at', { withTimezone: true }),
    endsAt: timestamp('ends_at', { withTimezone: true }),
    /** The full round it was last seen in; one that a complete round did not show is gone. */
    generation: integer('generation').notNull(),
    observedAt: timestamp('observed_at', { withTimezone: true }).notNull(),
    /** When what is stored came to be, as the vendor says; where it does not (a removal), when it was seen first. */
    changedAt: timestamp('changed_at', { withTimezone: true }),
  },
  (t) => [
    primaryKey({ columns: [t.providerId, t.externalId] }),
    index('external_events_ical_uid').on(t.tenantId, t.icalUid),
    index('external_events_series')
      .on(t.providerId, t.seriesExternalId)
      .where(sql`series_external_id is not null`),
    index('external_events_window').on(t.providerId, t.startsAt),
    index('external_events_awaited')
      .on(t.providerId)
      .where(sql`is_awaited`),
    ...tenantPolicies(),
  ],
)
export type ExternalEvent = typeof externalEvents.$inferSelect

export async function findExternalEvents(
  db: Db,
  providerId: string,
  externalIds: string[],
): Promise<ExternalEvent[]> {
  if (externalIds.length === 0) return []
  return db
    .select()
    .from(externalEvents)
    .where(and(eq(externalEvents.providerId, providerId), anyOf(externalEvents.externalId, externalIds)))
}

/** Everything stored of a provider's events, tombstones too, by external id. */
export async function externalEventsAfter(
  db: Db,
  providerId: string,
  after: string,
  limit: number,
): Promise<ExternalEvent[]> {
  return db
    .select()
    .from(externalEvents)
    .where(and(eq(externalEvents.providerId, providerId), gt(externalEvents.externalId, after)))
    .orderBy(asc(externalEvents.externalId))
    .limit(limit)
}

/** The living events that writes with these keys made. */
export async function findByCreateKey(
  db: Db,
  providerId: string,
  keys: string[],
): Promise<Pick<ExternalEvent, 'externalId' | 'createKey'>[]> {
  if (keys.length === 0) return []
  return db
    .select({ externalId: externalEvents.externalId, createKey: externalEvents.createKey })
    .from(externalEvents)
    .where(
      and(
        eq(externalEvents.providerId, providerId),
        anyOf(externalEvents.createKey, keys),
        eq(externalEvents.deleted, false),
      ),
    )
}

/** Writes observed states in one statement. The provider's lease keeps two writers apart. */
export async function saveExternalEvents(db: Db, events: ExternalEvent[]): Promise<void> {
  if (events.length === 0) return
  await db.execute(sql`
    insert into external_events (provider_id, external_id, tenant_id, kind, etag, ical_uid, series_external_id,
      original_start, vendor_id, event_type, enters_as, content, problem, read_only, create_key, is_awaited, revision, deleted, starts_at, ends_at, generation, observed_at, changed_at)
    select "providerId", "externalId", "tenantId", kind, etag, "icalUid", "seriesExternalId", "originalStart", "vendorId", "eventType", "entersAs", content,
      problem, "readOnly", "createKey", "isAwaited", revision, deleted, "startsAt", "endsAt", generation, "observedAt", "changedAt"
    from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as r(
      "providerId" uuid, "externalId" text, "tenantId" uuid, kind text, etag text, "icalUid" text,
      "seriesExternalId" text, "originalStart" text, "vendorId" text, "eventType" text, "entersAs" text, content jsonb, problem text, "readOnly" text, "createKey" text, "isAwaited" boolean, revision int, deleted boolean, "startsAt" timestamptz,
      "endsAt" timestamptz, generation int, "observedAt" timestamptz, "changedAt" timestamptz)
    on conflict (provider_id, external_id) do update set
      kind = excluded.kind, etag = excluded.etag, ical_uid = excluded.ical_uid,
      series_external_id = excluded.series_external_id, original_start = excluded.original_start, vendor_id = excluded.vendor_id,
      event_type = excluded.event_type, enters_as = excluded.enters_as, content = excluded.content,
      problem = excluded.problem, read_only = excluded.read_only, create_key = excluded.create_key,
      is_awaited = excluded.is_awaited,
      revision = excluded.revision, deleted = excluded.deleted, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
      generation = excluded.generation, observed_at = excluded.observed_at,
      changed_at = excluded.changed_at`)
}

/** The round saw these unchanged: only their generation moves. */
export async function markSeen(
  db: Db,
  providerId: string,
  externalIds: string[],
  generation: number,
): Promise<void> {
  if (externalIds.length === 0) return
  await db
    .update(externalEvents)
    .set({ generation })
    .where(and(eq(externalEvents.providerId, providerId), anyOf(externalEvents.externalId, externalIds)))
}

/** An occurrence stands and falls with its series: it is no event of its own here. */
const livingWholes = (providerId: string) =>
  and(
    eq(externalEvents.providerId, providerId),
    eq(externalEvents.deleted, false),
    ne(externalEvents.kind, 'occurrence'),
  )

/** Living events that a complete round did not show and that nobody wrote or saw since it began. */
export async function unseenSince(
  db: Db,
  providerId: string,
  generation: number,
  roundStartedAt: Date,
  limit: number,
): Promise<ExternalEvent[]> {
  return db
    .select()
    .from(externalEvents)
    .where(
      and(
        livingWholes(providerId),
        lt(externalEvents.generation, generation),
        lt(externalEvents.observedAt, roundStartedAt),
      ),
    )
    .limit(limit)
}

/** Living events we wrote before this moment and that no round has shown since. */
export async function awaitedSince(
  db: Db,
  providerId: string,
  writtenBefore: Date,
): Promise<ExternalEvent[]> {
  return db
    .select()
    .from(externalEvents)
    .where(
      and(
        eq(externalEvents.providerId, providerId),
        eq(externalEvents.isAwaited, true),
        eq(externalEvents.deleted, false),
        lt(externalEvents.observedAt, writtenBefore),
      ),
    )
}

/** Living events of a provider that are these meetings (iCalendar UIDs). */
export async function livingByIcalUid(
  db: Db,
  providerId: string,
  icalUids: string[],
): Promise<ExternalEvent[]> {
  if (icalUids.length === 0) return []
  return db
    .select()
    .from(externalEvents)
    .where(
      and(
        eq(externalEvents.providerId, providerId),
        anyOf(externalEvents.icalUid, icalUids),
        eq(externalEvents.deleted, false),
      ),
    )
}

/** What is stored under these ids; and the living whole events with these iCalendar UIDs or create keys under any id. */
export async function findUnderAnyId(
  db: Db,
  providerId: string,
  wanted: { externalIds: string[]; icalUids: string[]; createKeys: string[] },
): Promise<ExternalEvent[]> {
  return db
    .select()
    .from(externalEvents)
    .where(
      and(
        eq(externalEvents.providerId, providerId),
        or(
          anyOf(externalEvents.externalId, wanted.externalIds),
          and(
            eq(externalEvents.deleted, false),
            ne(externalEvents.kind, 'occurrence'),
            or(
              anyOf(externalEvents.icalUid, wanted.icalUids),
              anyOf(externalEvents.createKey, wanted.createKeys),
            ),
          ),
        ),
      ),
    )
}

/** The living whole events of a provider that were seen last and have an iCalendar UID. */
export async function lastSeen(db: Db, providerId: string, limit: number): Promise<ExternalEvent[]> {
  return db
    .select()
    .from(externalEvents)
    .where(and(livingWholes(providerId), isNotNull(externalEvents.icalUid)))
    .orderBy(desc(externalEvents.observedAt))
    .limit(limit)
}

import { createHash, randomUUID } from 'node:crypto'
import type postgres from 'postgres'

/** A Google calendar to list: the address, what the product asked it for, and a token. */
export interface BareCalendar {
  address: string
  query: Record<string, string>
  token: string
}

interface Item {
  id: string
  etag: string
  iCalUID: string
  summary?: string
  description?: string
  location?: string
  start: ItemTime
  end: ItemTime
  recurrence?: string[]
}

/** A date, or a time with its zone. */
interface ItemTime {
  date?: string
  dateTime?: string
  timeZone?: string
}

interface Page {
  items: Item[]
  nextPageToken?: string
  nextSyncToken?: string
}

const ids = () => ({ tenantId: randomUUID(), providerId: randomUUID(), memberId: randomUUID() })
type Ids = ReturnType<typeof ids>

/**
 * What a script without rules would do: each page's rows into the tables that an import touches, all their columns, one
 * multi-row statement a table and one transaction a page. It compares nothing, decides nothing and checks nothing.
 */
export async function bareImport(sql: postgres.Sql, calendar: BareCalendar): Promise<void> {
  const own = ids()
  for await (const page of pages(calendar)) {
    const rows = rowsOf(page.items, own)
    await sql.begin(async (sql) => {
      await sql`insert into external_events ${sql(rows.externalEvents)}`
      await sql`insert into pending ${sql(rows.pending)}`
      await sql`insert into schedule_entries ${sql(rows.entries)}`
      await sql`insert into entry_versions ${sql(rows.versions)}`
      await sql`insert into entry_assignees ${sql(rows.assignees)}`
      await sql`insert into mappings ${sql(rows.mappings)}`
      await sql`insert into outbox ${sql(rows.outbox)}`
      await sql`delete from pending where provider_id = ${own.providerId} and kind = 'external'
        and subject_id = any(${page.items.map((item) => item.id)})`
      await saveCursor(sql, own, page)
    })
  }
}

/** The one table that holds the vendor's events, page by page; only the statements are timed. */
export async function rawUpsert(sql: postgres.Sql, calendar: BareCalendar): Promise<number> {
  const own = ids()
  let tookMs = 0
  for await (const page of pages(calendar)) {
    const { externalEvents } = rowsOf(page.items, own)
    const startedMs = performance.now()
    await sql`insert into external_events ${sql(externalEvents)}
      on conflict (provider_id, external_id) do update set
        kind = excluded.kind, etag = excluded.etag, ical_uid = excluded.ical_uid, content = excluded.content,
        problem = excluded.problem, read_only = excluded.read_only, create_key = excluded.create_key,
        revision = excluded.revision, deleted = excluded.deleted, starts_at = excluded.starts_at,
        ends_at = excluded.ends_at, generation = excluded.generation, observed_at = excluded.observed_at`
    tookMs += performance.now() - startedMs
  }
  return tookMs
}

async function* pages({ address, query, token }: BareCalendar): AsyncGenerator<Page> {
  const asked = new URLSearchParams(query)
  while (true) {
    const response = await fetch(`${address}?${asked}`, { headers: { authorization: `Bearer ${token}` } })
    if (!response.ok) throw new Error(`The sandbox answered ${response.status}.`)
    const page = (await response.json()) as Page
    yield page
    if (page.nextPageToken === undefined) return
    asked.set('pageToken', page.nextPageToken)
  }
}

async function saveCursor(sql: postgres.ISql, { tenantId, providerId }: Ids, page: Page): Promise<void> {
  const cursor = {
    provider_id: providerId,
    tenant_id: tenantId,
    cursor: page.nextSyncToken ?? null,
    fingerprint: 'bare',
    generation: 1,
    round: { kind: 'full', resume: page.nextPageToken ?? null },
    anchored_at: new Date(),
    window_to: new Date(),
    lease_epoch: 1,
    lease_holder: 'bare',
  }
  await sql`insert into cursors ${sql(cursor)} on conflict (provider_id) do update
    set cursor = excluded.cursor, round = excluded.round, generation = excluded.generation`
}

function rowsOf(items: Item[], { tenantId, providerId, memberId }: Ids) {
  const at = new Date()
  const cause = { kind: 'provider', providerId, runId: providerId }
  const events = items.map((item) => ({
    item,
    entryId: randomUUID(),
    ...spanOf(item),
    content: {
      title: item.summary ?? '',
      body: item.description ?? '',
      location: item.location ?? '',
      time: {
        kind: item.start.date === undefined ? 'dateTime' : 'date',
        start: wordsOf(item.start).slice(0, 19),
        end: wordsOf(item.end).slice(0, 19),
        zone: item.start.timeZone ?? 'UTC',
        startsAt: wordsOf(item.start),
        endsAt: wordsOf(item.end),
      },
      showAs: 'busy',
      visibility: 'default',
      recurrence: item.recurrence ?? null,
    },
  }))
  return {
    externalEvents: events.map(({ item, content, startsAt, endsAt }) => ({
      provider_id: providerId,
      external_id: item.id,
      tenant_id: tenantId,
      kind: item.recurrence ? 'series' : 'single',
      enters_as: 'full',
      etag: item.etag,
      ical_uid: item.iCalUID,
      content,
      problem: null,
      read_only: null,
      create_key: null,
      is_awaited: false,
      revision: 1,
      deleted: false,
      starts_at: startsAt,
      ends_at: endsAt,
      generation: 1,
      observed_at: at,
    })),
    pending: events.map(({ item }) => ({
      provider_id: providerId,
      kind: 'external',
      subject_id: item.id,
      tenant_id: tenantId,
    })),
    entries: events.map(({ item, entryId, content, startsAt, endsAt }) => ({
      id: entryId,
      tenant_id: tenantId,
      external_ref: null,
      version: 1,
      content,
      status: 'scheduled',
      all_day: item.start.date !== undefined,
      starts_at: startsAt,
      ends_at: endsAt,
      owner_id: memberId,
      ical_uid: item.iCalUID,
      created_by: cause,
      changed_by: cause,
      created_at: at,
      updated_at: at,
      deleted_at: null,
    })),
    versions: events.map(({ entryId, content }) => ({
      entry_id: entryId,
      version: 1,
      tenant_id: tenantId,
      content,
      deleted: false,
      status: 'scheduled',
      assignees: [memberId],
      original_start: null,
      erased_at: null,
      cause,
      at,
    })),
    assignees: events.map(({ entryId }) => ({
      entry_id: entryId,
      member_id: memberId,
      tenant_id: tenantId,
    })),
    mappings: events.map(({ item, entryId, content }) => ({
      id: randomUUID(),
      tenant_id: tenantId,
      provider_id: providerId,
      entry_id: entryId,
      external_id: item.id,
      origin: 'external',
      state: 'active',
      reason: null,
      base_entry: content,
      base_external: content,
      generation: 1,
      updated_at: at,
    })),
    outbox: events.map(({ entryId }) => ({
      id: factIdOf(entryId),
      tenant_id: tenantId,
      type: 'SCHEDULE_ENTRY_CREATED',
      subject_id: entryId,
      data: { version: 1, providerId },
      at,
    })),
  }
}

/** Any id made from another one. */
function factIdOf(id: string): string {
  return createHash('md5').update(id).digest('hex')
}

const wordsOf = ({ date, dateTime }: ItemTime): string => date ?? dateTime ?? ''

/** From when to when it occupies anything: a series as if it had no end. */
const spanOf = ({ start, end, recurrence }: Item): { startsAt: string; endsAt: string } => ({
  startsAt: wordsOf(start),
  endsAt: recurrence ? '9999-12-31T00:00:00Z' : wordsOf(end),
})

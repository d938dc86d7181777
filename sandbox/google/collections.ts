import { createHash } from 'node:crypto'
import { openCursor, sealCursor } from '../cursors.ts'
import { numberOf, textOf, type JsonObject } from '../json.ts'
import { currentEpoch, nowOf, type World } from '../world.ts'
import { fullSyncRequired, invalid, type GoogleError } from './errors.ts'
import { syncTokenLifetimeMs } from './list-round.ts'
import { pageSizeOf } from './query.ts'
import { googleSwitch } from './switches.ts'

interface Entry {
  readonly version: number
  readonly resource: { readonly etag: string }
}

/** A small collection with sync tokens of its own: the calendar list, an access list, the settings. */
export interface Collection<E extends Entry> {
  kind: string
  /** Which of its kind it is; a token of one is none for another. */
  of: string
  /** In an order that stands; an entry is marked and never taken out. */
  entries: readonly E[]
  /** Whether an entry is in a full list; an incremental one has every entry that changed. */
  isShown(entry: E): boolean
}

interface Round {
  after: number | null
  until: number
  /** The place in a full list, or the last version of an incremental one, that was answered. */
  position: number
}

/** A page of a collection, with the token for the next page or, at the end, for the changes from here on. */
export function listCollection<E extends Entry>(world: World, collection: Collection<E>, query: JsonObject) {
  const size = pageSizeOf(query['maxResults'], 100, 250)
  const filters = filtersOf(query)
  const round = roundOf(world, collection, query, filters)
  const walked = round.after === null ? walk(collection, round) : changes(collection, round)
  const page = walked.slice(0, size)
  const position = page.at(-1)?.position ?? round.position
  const token = { kind: collection.kind, of: collection.of, epoch: currentEpoch(world), filters }
  const items = page.map(({ entry }) => entry.resource)
  return {
    kind: collection.kind,
    etag: etagOfItems(items),
    ...(walked.length > size
      ? { nextPageToken: sealCursor({ ...token, ...round, position }) }
      : { nextSyncToken: sealCursor({ ...token, since: round.until, issuedAt: nowOf(world) }) }),
    items,
  }
}

type Placed<E> = { position: number; entry: E }

function walk<E extends Entry>(collection: Collection<E>, { position }: Round): Placed<E>[] {
  const placed = collection.entries.map((entry, index) => ({ position: index, entry }))
  return placed.filter((one) => one.position > position && collection.isShown(one.entry))
}

function changes<E extends Entry>({ entries }: Collection<E>, { position, until }: Round): Placed<E>[] {
  const placed = entries.map((entry) => ({ position: entry.version, entry }))
  return placed
    .filter(({ position: version }) => version > position && version <= until)
    .toSorted((a, b) => a.position - b.position)
}

function roundOf<E extends Entry>(
  world: World,
  { kind, of }: Collection<E>,
  query: JsonObject,
  filters: string,
): Round {
  const isOurs = (cursor: JsonObject): boolean => cursor['kind'] === kind && cursor['of'] === of
  const pageToken = textOf(query['pageToken'])
  if (pageToken !== undefined) {
    const cursor = openCursor(pageToken)
    const until = numberOf(cursor?.['until'])
    if (cursor === undefined || until === undefined || !isOurs(cursor) || cursor['filters'] !== filters)
      throw invalid('Invalid page token value.')
    const position = numberOf(cursor['position']) ?? -1
    return { after: numberOf(cursor['after']) ?? null, until, position }
  }
  const until = world.counters.version
  const syncToken = textOf(query['syncToken'])
  if (syncToken === undefined) return { after: null, until, position: -1 }

  const cursor = openCursor(syncToken)
  const since = numberOf(cursor?.['since'])
  if (cursor === undefined || since === undefined) throw malformedSyncToken(world)
  const isLive = nowOf(world) - (numberOf(cursor['issuedAt']) ?? 0) < syncTokenLifetimeMs(world)
  const isKnown = world.state.epochs.includes(numberOf(cursor['epoch']) ?? -1)
  if (!isOurs(cursor) || !isLive || !isKnown) throw fullSyncRequired()
  return { after: since, until, position: since }
}

function malformedSyncToken(world: World): GoogleError {
  return googleSwitch(world.state, 'malformedSyncToken') === 400
    ? invalid('Invalid sync token value.')
    : fullSyncRequired()
}

/** Every parameter but the page's own must be the same on each page. */
function filtersOf(query: JsonObject): string {
  const names = ['minAccessRole', 'showDeleted', 'showHidden', 'syncToken']
  const filters = JSON.stringify(names.map((name) => query[name] ?? null))
  // As a digest: a token that held the token before it would grow by a third with every round.
  return createHash('sha256').update(filters).digest('base64url').slice(0, 22)
}

function etagOfItems(items: readonly { etag: string }[]): string {
  const digest = createHash('sha1').update(items.map(({ etag }) => etag).join())
  return `"p${digest.digest('base64url')}"`
}

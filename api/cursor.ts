import { readInstant } from './instant.ts'
import { invalid } from './problem.ts'

/** A place in a list, for the caller to hand back unread. */
export const encodeCursor = (parts: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url')

/** Reads a cursor of ours; anything else is refused by name, never guessed. */
export function decodeCursor<T>(
  cursor: string | undefined,
  read: (parts: unknown[]) => T | undefined,
): T | undefined {
  if (cursor === undefined) return undefined
  const value = read(partsOf(cursor))
  if (value === undefined) throw invalid('cursor', 'must be a nextCursor that this list answered.')
  return value
}

function partsOf(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    return Array.isArray(parts) ? parts : []
  } catch {
    return []
  }
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export const readId = ([id]: unknown[]): string | undefined =>
  typeof id === 'string' && uuid.test(id) ? id : undefined

export function readTimeAndId([at, id]: unknown[]): { at: Date; id: string } | undefined {
  const time = typeof at === 'string' ? readInstant(at) : undefined
  const known = readId([id])
  return time && known ? { at: time, id: known } : undefined
}

export function readPlace([at, id, slot]: unknown[]): { at: Date; id: string; slot: string } | undefined {
  const place = readTimeAndId([at, id])
  return place && typeof slot === 'string' ? { ...place, slot } : undefined
}

/** One page: `rows` holds up to one more than asked, which says whether there is a next page. */
export function pageOf<T>(
  rows: T[],
  limit: number,
  place: (last: T) => readonly (string | number)[],
): { rows: T[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { rows: shown, nextCursor: rows.length > limit && last ? encodeCursor(place(last)) : null }
}

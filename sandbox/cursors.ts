import { isObject, type JsonObject } from './json.ts'

/** Writes a cursor into an opaque text. */
export function sealCursor(cursor: JsonObject): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url')
}

/** Reads a cursor back; nothing when the text was never one of ours. */
export function openCursor(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Where a walk stands: before the given item of the entry after `position`. */
export interface Place {
  position: number
  offset: number
}

/**
 * Fills a page from a walk over entries that may give several items each, so that a long series can span pages. The
 * walk ends without a next place when it has given everything. `last` is the place before the page's last item. Where an
 * entry has nothing to give any more it gives null, so that what comes after keeps its place.
 */
export function fillPage<T>(
  walk: Iterable<{ position: number; items: () => Iterable<T | null> }>,
  from: Place,
  size: number,
): { items: T[]; next: Place | null; last: Place | null } {
  const items: T[] = []
  const last = { position: 0, offset: 0 }
  let isFirst = true
  for (const { position, items: itemsOf } of walk) {
    let offset = 0
    const skip = isFirst && position === from.position + 1 ? from.offset : 0
    isFirst = false
    for (const item of itemsOf()) {
      offset += 1
      if (offset <= skip || item === null) continue
      if (items.length === size) {
        const next = { position: position - 1, offset: offset - 1 }
        return { items, next, last: items.length === 0 ? null : last }
      }
      items.push(item)
      last.position = position - 1
      last.offset = offset - 1
    }
  }
  return { items, next: null, last: items.length === 0 ? null : last }
}

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
 * A page that is filled from a walk over entries that may give several items each, so that a long series can span pages.
 * Where an entry has nothing to give any more it gives null, so that what comes after keeps its place.
 */
export class Page<T> {
  readonly items: T[] = []
  /** The place of the first item there was no room for; nothing while there is. */
  next: Place | null = null
  readonly #from: Place
  readonly #size: number
  #isFirst = true
  #lastPosition = 0
  #lastOffset = 0

  constructor(from: Place, size: number) {
    this.#from = from
    this.#size = size
  }

  /** The place before the page's last item. */
  get last(): Place | null {
    return this.items.length === 0 ? null : { position: this.#lastPosition, offset: this.#lastOffset }
  }

  /** Takes what an entry gives; says whether the walk is to go on. */
  takes(position: number, items: Iterable<T | null>): boolean {
    let offset = 0
    const skip = this.#isFirst && position === this.#from.position + 1 ? this.#from.offset : 0
    this.#isFirst = false
    for (const item of items) {
      offset += 1
      if (offset <= skip || item === null) continue
      if (this.items.length === this.#size) {
        this.next = { position: position - 1, offset: offset - 1 }
        return false
      }
      this.items.push(item)
      this.#lastPosition = position - 1
      this.#lastOffset = offset - 1
    }
    return true
  }
}

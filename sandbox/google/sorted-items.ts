import { itemsOf, type Item, type Listing } from './list-items.ts'
import type { Round } from './list-round.ts'
import { instantOfTime } from './times.ts'

export interface SortedItem {
  /** What it is sorted by, as a text that sorts the same. */
  key: string
  item: Item
}

/**
 * The items of a full list by when they begin or were last changed. A page goes on after the last item of the one before,
 * so what changes in between neither comes twice nor is left out unless it moved.
 */
export function sortedItems(
  listing: Listing,
  orderBy: 'startTime' | 'updated',
  passed: Round['passed'],
): SortedItem[] {
  const { calendar } = listing.place
  const keyOf = (item: Item): string =>
    orderBy === 'updated' ? (item.updated ?? '') : startKey(item, calendar.timeZone)
  const items: Item[] = []
  for (const entry of calendar.log.entries.values())
    for (const item of itemsOf(listing, entry)) if (item !== null) items.push(item)
  return inOrder(items, keyOf, passed)
}

/** The items after the one that was passed, by their keys and then by their ids. */
export function inOrder(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  passed: Round['passed'],
): SortedItem[] {
  const sorted = items.map((item) => ({ key: keyOf(item), item }))
  const left = passed === null ? sorted : sorted.filter((one) => compare(one, passed.key, passed.id) > 0)
  return left.sort((a, b) => compare(a, b.key, b.item.id ?? ''))
}

function compare({ key, item }: SortedItem, otherKey: string, otherId: string): number {
  if (key !== otherKey) return key < otherKey ? -1 : 1
  const id = item.id ?? ''
  return id === otherId ? 0 : id < otherId ? -1 : 1
}

/** When an item begins, as a text that sorts the same, before 1970 too. */
export function startKey(item: Item, zone: string): string {
  const startMs = Math.trunc(instantOfTime(item.start, zone))
  return String(startMs + 100_000_000_000_000).padStart(16, '0')
}

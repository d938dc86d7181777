/** Choices that a seed repeats. */
export interface Chance {
  /** A whole number from 0 up to and without `below`. */
  below(below: number): number
  pick<T>(items: readonly T[]): T
  /** Picks by weight: the first of each pair says how often. */
  weigh<T>(items: readonly (readonly [weight: number, item: T])[]): T
}

/** Mulberry32: small, fast, and the same everywhere. */
export function chanceOf(seed: number): Chance {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  const pick = <T>(items: readonly T[]): T => {
    const item = items[below(items.length)]
    if (item === undefined) throw new Error('There is nothing to pick from.')
    return item
  }
  return {
    below,
    pick,
    weigh(items) {
      let left = next() * items.reduce((sum, [weight]) => sum + weight, 0)
      for (const [weight, item] of items) if ((left -= weight) < 0) return item
      return pick(items)[1]
    },
  }
}

/** A UUID (RFC 9562, version 4) that a seed repeats. */
export function uuidFrom(chance: Chance): string {
  const hex = (digits: number) => Array.from({ length: digits }, () => chance.below(16).toString(16)).join('')
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${(8 + chance.below(4)).toString(16)}${hex(3)}-${hex(12)}`
}

/** The chance of one turn: the same however many turns before it are left out. */
export const chanceOfTurn = (seed: number, turn: number): Chance =>
  chanceOf(Math.imul(seed ^ 0x9e3779b9, 2 * turn + 1) ^ turn)

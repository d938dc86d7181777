import { createHash } from 'node:crypto'

/** Everything the sandbox makes up comes from here, so that a seed repeats a run. */
export interface Random {
  next(): number
  text(length: number, alphabet: string): string
  uuid(): string
  /** Where the generator stands: moved to a place it once was at, it goes on as it did from there. */
  position(): number
  moveTo(position: number): void
}

export const base32hex = '0123456789abcdefghijklmnopqrstuv'
export const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
export const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
export const hex = '0123456789abcdef'

/** Mulberry32: small and fast; ids only have to be distinct here, never unguessable. */
export function createRandom(seed: string): Random {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0)

  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const text = (length: number, alphabet: string): string => {
    // A text put together by adding takes 30 times its length in memory until somebody looks into it.
    const made = Buffer.alloc(length)
    for (let index = 0; index < length; index += 1)
      made[index] = alphabet.charCodeAt(Math.floor(next() * alphabet.length))
    return made.toString('latin1')
  }
  const uuid = (): string =>
    `${text(8, hex)}-${text(4, hex)}-4${text(3, hex)}-a${text(3, hex)}-${text(12, hex)}`

  return { next, text, uuid, position: () => state, moveTo: (position) => void (state = position) }
}

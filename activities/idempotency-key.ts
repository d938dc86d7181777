import { createHash } from 'node:crypto'
import type { Vendor } from '../domain/event.ts'

const base32hex = '0123456789abcdefghijklmnopqrstuv'

/**
 * What makes a create happen once: the same for every try of one pair's generation, another for the next. Google takes it
 * as the event's id (base32hex, 5–1024 characters), Graph as the transactionId.
 */
export function idempotencyKey(vendor: Vendor, mappingId: string, generation: number): string {
  const digest = createHash('sha256').update(`${mappingId}/${generation}`).digest()
  switch (vendor) {
    case 'google':
      return [...digest.subarray(0, 26)].map((byte) => base32hex[byte % 32]).join('')
    case 'microsoft': {
      const hex = digest.toString('hex')
      return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        hex.slice(12, 16),
        hex.slice(16, 20),
        hex.slice(20, 32),
      ].join('-')
    }
  }
}

/** One id for one fact, so that telling it twice is telling it once (a UUID of version 8, RFC 9562). */
export function factId(...parts: (string | number)[]): string {
  const hex = createHash('sha256').update(parts.join('/')).digest('hex')
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(18, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}

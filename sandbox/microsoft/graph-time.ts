/** An instant with the seven digits Graph writes. */
export function graphTime(instantMs: number): string {
  return new Date(instantMs).toISOString().replace('Z', '0000Z')
}

/** An instant as notifications write it, by the clocks of where Microsoft sits; an offset says which those are. */
export function offsetTime(instantMs: number): string {
  return graphTime(instantMs - 8 * 3_600_000).replace('Z', '-08:00')
}

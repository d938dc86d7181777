/** An instant with the seven digits Graph writes. */
export function graphTime(instantMs: number): string {
  return new Date(instantMs).toISOString().replace('Z', '0000Z')
}

/** How long a caller may wait at most, in seconds: shorter than what stands between us and them gives up after. */
export const waitMostSeconds = 60

/** Seconds that `Prefer: wait=N` asks for (RFC 7240 §4.3), at most `waitMostSeconds`; null when nobody waits. What is no number is no wish. */
export function preferredWait(header: string | string[] | undefined): number | null {
  const wishes = [header ?? []].flat().join(',').split(/[,;]/)
  for (const wish of wishes) {
    const [, seconds] = /^\s*wait\s*=\s*"?(\d{1,6})"?\s*$/i.exec(wish) ?? []
    if (seconds !== undefined) return Math.min(Number(seconds), waitMostSeconds)
  }
  return null
}

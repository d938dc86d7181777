/** Counts what happened within the last while; a second's worth is kept as one number. */
export interface RequestWindow {
  /** What is counted, leaving out what is older than the window by now. */
  countAt(nowMs: number): number
  add(nowMs: number): void
  /** How long it takes until fewer than a number are counted, if nothing is added. */
  waitUntilBelow(nowMs: number, limit: number): number
}

const secondMs = 1000

export function createRequestWindow(lengthMs: number): RequestWindow {
  let seconds: { startMs: number; count: number }[] = []
  let total = 0

  const forget = (nowMs: number): void => {
    // A clock that was set back leaves times that are still to come.
    if ((seconds.at(-1)?.startMs ?? 0) > nowMs) {
      seconds = []
      total = 0
    }
    const first = seconds.findIndex(({ startMs }) => startMs + secondMs + lengthMs > nowMs)
    const gone = seconds.splice(0, first < 0 ? seconds.length : first)
    for (const { count } of gone) total -= count
  }

  return {
    countAt(nowMs) {
      forget(nowMs)
      return total
    },
    add(nowMs) {
      forget(nowMs)
      const startMs = Math.floor(nowMs / secondMs) * secondMs
      const last = seconds.at(-1)
      if (last?.startMs === startMs) last.count += 1
      else seconds.push({ startMs, count: 1 })
      total += 1
    },
    waitUntilBelow(nowMs, limit) {
      forget(nowMs)
      let left = total
      for (const { startMs, count } of seconds) {
        if (left < limit) return 0
        left -= count
        if (left < limit) return startMs + secondMs + lengthMs - nowMs
      }
      return 0
    },
  }
}

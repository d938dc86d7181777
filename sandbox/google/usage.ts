/** What was used within the last while, by key: a window that slides with the clock. */
export interface Usage {
  within(key: string, now: number, spanMs: number): number
  add(key: string, now: number, units: number, spanMs: number): void
}

interface Window {
  uses: { atMs: number; units: number }[]
  /** Where the uses begin that still count. */
  first: number
  sum: number
}

export function createUsage(): Usage {
  const windows = new Map<string, Window>()

  const slide = (key: string, now: number, spanMs: number): Window => {
    const window = windows.get(key) ?? { uses: [], first: 0, sum: 0 }
    windows.set(key, window)
    // When the clock was set back, what was used later than now was never used.
    if ((window.uses.at(-1)?.atMs ?? 0) > now) Object.assign(window, { uses: [], first: 0, sum: 0 })
    for (let use = window.uses[window.first]; use !== undefined && use.atMs <= now - spanMs;) {
      window.sum -= use.units
      window.first += 1
      use = window.uses[window.first]
    }
    if (window.first > 1000) {
      window.uses.splice(0, window.first)
      window.first = 0
    }
    return window
  }

  return {
    within: (key, now, spanMs) => slide(key, now, spanMs).sum,
    add(key, now, units, spanMs) {
      const window = slide(key, now, spanMs)
      window.uses.push({ atMs: now, units })
      window.sum += units
    },
  }
}

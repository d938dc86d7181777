import { array, assert, integer, option, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { latencyBoundsMs, waitedMs, withWaits } from '../../domain/latency.ts'

const at = (minutes: number) => new Date(Date.UTC(2026, 2, 5, 12, minutes))

describe('how long a change waited', () => {
  test.each<[string, Date | null, Date | null, number | null]>([
    ['one that the last pass could not see', at(-5), at(-6), 300_000],
    ['one made while the last pass was under way', at(-5), at(0), 300_000],
    ['one of while the vendor was away', at(-180), at(-181), 10_800_000],
    ['an event of before the first complete pass', at(-5), null, null],
    ['one that earlier passes had before them, as when the window moves on', at(-600), at(-5), null],
    ['one whose time nobody knows', null, at(-5), null],
    ['one whose vendor has a clock that is ahead', at(2), at(-5), 0],
  ])('%s', (_case, madeAt, lastSyncAt, waited) => {
    expect(waitedMs(madeAt, at(0), lastSyncAt)).toBe(waited)
  })
})

test('a run’s sums hold every measured change once, whatever the batches were', () => {
  const waits = array(option(integer({ min: 0, max: 200_000_000 })))
  assert(
    property(array(waits), (batches) => {
      const sums = batches.reduce<ReturnType<typeof withWaits>>(withWaits, undefined)
      const measured = batches.flat().filter((wait) => wait !== null)
      expect(sums?.measured ?? 0).toBe(measured.length)
      if (!sums) return
      expect(sums.totalMs).toBe(measured.reduce((sum, wait) => sum + wait, 0))
      expect(sums.slowestMs).toBe(Math.max(...measured))
      const within = latencyBoundsMs.map((bound) => measured.filter((wait) => wait <= bound).length)
      const upTo = latencyBoundsMs.map((_, last) =>
        sums.buckets.slice(0, last + 1).reduce((a, b) => a + b, 0),
      )
      expect(upTo).toEqual(within)
      expect(sums.buckets.reduce((a, b) => a + b, 0)).toBe(measured.length)
    }),
  )
})

import { expect, test } from 'vitest'
import { afterFailedAttempt, restMs, takesNothing } from '../../domain/deliveries.ts'

const hour = 60 * 60_000
const since = new Date('2026-03-01T00:00:00Z')

/** The moments of all attempts of an event that nobody takes, in ms since it was there to be sent. */
function attemptsOf(chance: number): number[] {
  const moments = [0]
  for (let now = since; ;) {
    const after = afterFailedAttempt({ attempts: moments.length, since }, now, chance)
    if (after.state === 'given-up') return moments
    now = after.nextAttemptAt
    moments.push(now.getTime() - since.getTime())
  }
}

test.each([0, 0.5, 0.999])('an event that nobody takes is tried for three days, with chance %d', (chance) => {
  const moments = attemptsOf(chance)
  expect(moments.at(-1)).toBeGreaterThanOrEqual(72 * hour)
  expect(moments.at(-1)).toBeLessThan(82 * hour)
  expect(moments.length).toBeLessThan(25)
})

test('the first attempts come soon, and the waits only grow', () => {
  const moments = attemptsOf(0.5)
  const waits = moments.slice(1).map((moment, place) => moment - (moments[place] ?? 0))
  expect(waits[0]).toBe(5_000)
  expect(waits).toEqual(waits.toSorted((one, other) => one - other))
  expect(moments.filter((moment) => moment < hour).length).toBeGreaterThanOrEqual(5)
})

test('an event that was never sent while the workers were away is tried five times before it is given up', () => {
  const late = new Date(since.getTime() + 200 * hour)
  const after = (attempts: number) => afterFailedAttempt({ attempts, since }, late, 0.5).state
  expect([1, 2, 3, 4, 5].map(after)).toEqual(['waiting', 'waiting', 'waiting', 'waiting', 'given-up'])
})

test('attempts of many events spread by a tenth each way', () => {
  const at = (chance: number) => {
    const after = afterFailedAttempt({ attempts: 6, since }, since, chance)
    return after.state === 'waiting' ? (after.nextAttemptAt.getTime() - since.getTime()) / hour : null
  }
  expect(at(0)).toBeCloseTo(0.9)
  expect(at(0.5)).toBeCloseTo(1)
  expect(at(0.9999)).toBeCloseTo(1.1)
})

test('an endpoint that takes nothing is left alone a little longer each time, five minutes at most', () => {
  expect(takesNothing(9)).toBe(false)
  expect(restMs(9)).toBe(0)
  expect([10, 11, 12, 16, 100].map(restMs)).toEqual([5_000, 10_000, 20_000, 300_000, 300_000])
})

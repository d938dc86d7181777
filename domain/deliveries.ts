/** When an event that an endpoint did not take is sent again, and when it is given up. Chance comes in as a number in [0, 1). */

const seconds = 1_000
const minutes = 60 * seconds
const hours = 60 * minutes

/** The wait after each attempt that failed; after the last one it stays the same. */
const waitsMs = [
  5 * seconds,
  30 * seconds,
  2 * minutes,
  10 * minutes,
  30 * minutes,
  1 * hours,
  2 * hours,
  4 * hours,
  8 * hours,
]
export const givenUpAfterMs = 72 * hours
/** A worker that was away for days, or events that waited for others of their entry, are no fault of the receiver's. */
const attemptsLeast = 5

/** What becomes of a delivery whose attempt failed. `attempts` counts that one; `since` is when the event was there to be sent. */
export function afterFailedAttempt(
  { attempts, since }: { attempts: number; since: Date },
  now: Date,
  chance: number,
): { state: 'waiting'; nextAttemptAt: Date } | { state: 'given-up' } {
  const isOld = now.getTime() - since.getTime() >= givenUpAfterMs
  if (isOld && attempts >= attemptsLeast) return { state: 'given-up' }
  const wait = waitsMs[Math.min(attempts, waitsMs.length) - 1] ?? 8 * hours
  return {
    state: 'waiting',
    nextAttemptAt: new Date(now.getTime() + Math.round(wait * (0.9 + 0.2 * chance))),
  }
}

/** So many calls in a row that were not taken are no matter of one event any more. */
const failuresInARow = 10
const restMostMs = 5 * minutes

/** Whether an endpoint takes nothing: then it is tried with one event at a time. */
export const takesNothing = (failures: number): boolean => failures >= failuresInARow

/** How long an endpoint that takes nothing is left alone, after so many failures in a row; 0 while it may just be one event. */
export function restMs(failures: number): number {
  if (!takesNothing(failures)) return 0
  return Math.min(restMostMs, 5 * seconds * 2 ** Math.min(failures - failuresInARow, 10))
}

import type { State } from '../state.ts'
import type { Caller } from '../oauth/grants.ts'
import { GraphError } from './errors.ts'
import { createRequestWindow, type RequestWindow } from './request-window.ts'
import { microsoftSwitch } from './switches.ts'

/** How much of a mailbox one app may have: https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits */
export interface Throttle {
  /** Lets a request in, or refuses it with 429; what it answers is to be called when the request has been answered. */
  enter(caller: Caller, nowMs: number, state: State): () => void
  /** Forgets what was counted, but not what is still under way. */
  clear(): void
}

const concurrencyMax = 4
const mailboxWindowMs = 10 * 60_000
const appWindowMs = 10_000

export function createThrottle(): Throttle {
  const underWay = new Map<string, number>()
  const windows = new Map<string, RequestWindow>()
  /** Who was told to wait, until when, and how long. */
  const penalties = new Map<string, { untilMs: number; waitMs: number }>()

  const count = (key: string, lengthMs: number, limit: number, nowMs: number, state: State): void => {
    if (limit === 0) return
    const penalty = penalties.get(key)
    if (penalty !== undefined && nowMs < penalty.untilMs) {
      const isExtended = microsoftSwitch(state, 'earlyRetry') === 'extends'
      const untilMs = isExtended ? nowMs + penalty.waitMs : penalty.untilMs
      penalties.set(key, { ...penalty, untilMs })
      throw overRequests(untilMs - nowMs, state)
    }
    penalties.delete(key)
    const window = windows.get(key) ?? createRequestWindow(lengthMs)
    windows.set(key, window)
    if (window.countAt(nowMs) >= limit) {
      const waitMs = window.waitUntilBelow(nowMs, limit)
      penalties.set(key, { untilMs: nowMs + waitMs, waitMs })
      throw overRequests(waitMs, state)
    }
    window.add(nowMs)
  }

  return {
    enter({ clientId, email }, nowMs, state) {
      const mailbox = `${clientId} ${email}`
      const inFlight = underWay.get(mailbox) ?? 0
      if (inFlight >= concurrencyMax) throw overConcurrency(state)
      count(mailbox, mailboxWindowMs, microsoftSwitch(state, 'requestsPerMailbox'), nowMs, state)
      count(clientId, appWindowMs, microsoftSwitch(state, 'requestsPerApp'), nowMs, state)
      underWay.set(mailbox, inFlight + 1)
      return () => {
        const left = (underWay.get(mailbox) ?? 1) - 1
        if (left > 0) underWay.set(mailbox, left)
        else underWay.delete(mailbox)
      }
    },
    clear() {
      windows.clear()
      penalties.clear()
    },
  }
}

/** Says nothing of the mailbox's requests under way but that there are too many; the wait is short. */
function overConcurrency(state: State): GraphError {
  return throttled('Application is over its MailboxConcurrency limit.', 1000, state)
}

function overRequests(waitMs: number, state: State): GraphError {
  return throttled('Application is over its request limit.', waitMs, state)
}

function throttled(message: string, waitMs: number, state: State): GraphError {
  const seconds = String(Math.max(Math.ceil(waitMs / 1000), 1))
  const isSilent = microsoftSwitch(state, 'retryAfter') === 'absent'
  return new GraphError(429, 'ApplicationThrottled', message, {
    headers: isSilent ? {} : { 'retry-after': seconds },
  })
}

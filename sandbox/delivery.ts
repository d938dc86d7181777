import type { Faults } from './faults.ts'
import type { Vendor } from './state.ts'

export interface Notification {
  vendor: Vendor
  account: string
  address: string
  kind: string
  headers: Record<string, string>
  body: string
}

export interface NotificationRecord {
  at: string
  vendor: Vendor
  account: string
  address: string
  kind: string
  attempt: number
  /** Nothing when nobody answered. */
  status: number | null
  dropped: boolean
}

/** Sends web hooks outside the request that caused them, as the vendors do. */
export interface Delivery {
  log: NotificationRecord[]
  /** Runs once for a key, a few milliseconds later, however often it is asked for meanwhile. */
  soon(key: string, run: () => void): void
  send(notification: Notification, isRetried: (status: number | null) => boolean): void
  clear(): void
  close(): void
}

const coalesceMs = 10
const retryDelaysMs = [100, 400, 1600]
const answerWithinMs = 10_000
const logMax = 20_000

export function createDelivery(faults: Faults): Delivery {
  const log: NotificationRecord[] = []
  const timers = new Set<NodeJS.Timeout>()
  const pending = new Map<string, NodeJS.Timeout>()
  let aborter = new AbortController()

  const later = (run: () => void, ms: number): NodeJS.Timeout => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      run()
    }, ms)
    timers.add(timer)
    return timer
  }

  const note = (
    notification: Notification,
    attempt: number,
    status: number | null,
    dropped: boolean,
  ): void => {
    const { vendor, account, address, kind } = notification
    log.push({ at: new Date().toISOString(), vendor, account, address, kind, attempt, status, dropped })
    if (log.length > logMax) log.splice(0, log.length - logMax)
  }

  const attempt = async (
    notification: Notification,
    isRetried: (status: number | null) => boolean,
    count: number,
  ): Promise<void> => {
    const { signal } = aborter
    const status = await post(notification, signal)
    if (signal.aborted) return
    note(notification, count, status, false)
    const delayMs = retryDelaysMs[count - 1]
    if (delayMs !== undefined && isRetried(status)) {
      later(() => void attempt(notification, isRetried, count + 1), delayMs)
    }
  }

  const clear = (): void => {
    for (const timer of timers) clearTimeout(timer)
    timers.clear()
    pending.clear()
    aborter.abort()
    aborter = new AbortController()
    log.length = 0
  }

  return {
    log,
    soon(key, run) {
      if (pending.has(key)) return
      const timer = later(() => {
        pending.delete(key)
        run()
      }, coalesceMs)
      pending.set(key, timer)
    },
    send(notification, isRetried) {
      const { vendor, account, address } = notification
      const occasion = { vendor, account, method: 'POST', path: address }
      if (faults.strike(['dropNotification'], occasion).length > 0) {
        note(notification, 1, null, true)
        return
      }
      const copies = faults.strike(['doubleNotification'], occasion).length > 0 ? 2 : 1
      for (let copy = 0; copy < copies; copy += 1) void attempt(notification, isRetried, 1)
    },
    clear,
    close: clear,
  }
}

/** Posts a web hook; nothing comes back when nobody answers in time. */
export async function post(
  request: { address: string; headers: Record<string, string>; body: string },
  signal?: AbortSignal,
): Promise<number | null> {
  const timeout = AbortSignal.timeout(answerWithinMs)
  try {
    const response = await fetch(request.address, {
      method: 'POST',
      headers: request.headers,
      body: request.body,
      redirect: 'manual',
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return null
  }
}

/** The vendors call back to https addresses only; loopback http stands in for them here. */
export function isCallbackAddress(address: unknown): address is string {
  if (typeof address !== 'string' || !URL.canParse(address)) return false
  const url = new URL(address)
  if (url.protocol === 'https:') return true
  return url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
}

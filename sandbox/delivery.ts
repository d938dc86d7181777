import type { Clock } from './clock.ts'
import type { Faults, NotificationTrouble } from './faults.ts'
import { Log } from './log.ts'
import type { Vendor } from './state.ts'

export interface Notification {
  vendor: Vendor
  account: string
  address: string
  kind: string
  headers: Record<string, string>
  body: string
}

export interface NotificationRecord extends Notification {
  at: string
  attempt: number
  /** Nothing when nobody answered. */
  status: number | null
  dropped: boolean
  /** What was done to it on the way. */
  troubles: NotificationTrouble['kind'][]
}

/** Learns what becomes of a notification. */
export interface Watcher {
  /** How long the answer took, or the waiting for one, in milliseconds of the machine's clock. */
  answered(tookMs: number): void
  gaveUp(): void
}

/** Says whether an answer makes the vendor try again. */
export type IsRetried = (status: number | null) => boolean

/** Sends web hooks outside the request that caused them, as the vendors do. */
export interface Delivery {
  log: Log<NotificationRecord>
  /** Runs once for a key, a few milliseconds later, however often it is asked for meanwhile. */
  soon(key: string, run: () => void | Promise<void>): void
  /** Sends as soon as the clock lets it, and again after each of the delays as long as the answer asks for it. */
  send(
    notification: Notification,
    isRetried: IsRetried,
    retryDelaysMs?: readonly number[],
    watcher?: Watcher,
  ): void
  /** Notes one that is not even tried. */
  drop(notification: Notification): void
  /** Sends whatever the clock says, and answers once somebody answered it or nobody would. */
  sendNow(notification: Notification, isRetried: IsRetried): Promise<void>
  /** Forgets what is still to be sent. */
  halt(): void
  /** Forgets the log too. */
  clear(): void
}

const coalesceMs = 10
const retriesMs = [100, 400, 1600]
const answerWithinMs = 10_000

export function createDelivery(faults: Faults, clock: Clock): Delivery {
  const log = new Log<NotificationRecord>(20_000)
  const pending = new Set<string>()
  /** Those that are to come after the next one to their address. */
  const heldBack = new Map<string, (() => Promise<void>)[]>()
  let aborter = new AbortController()

  const note = (record: Omit<NotificationRecord, 'at'>): void => {
    log.push({ at: new Date(clock.now()).toISOString(), ...record })
  }

  const attempt = async (parcel: Parcel, count: number): Promise<void> => {
    const { signal } = aborter
    const sentAt = performance.now()
    const status = await post(parcel.notification, signal)
    if (signal.aborted) return
    parcel.watcher?.answered(performance.now() - sentAt)
    note({ ...parcel.notification, attempt: count, status, dropped: false, troubles: parcel.troubles })
    const delayMs = parcel.retryDelaysMs[count - 1]
    if (!parcel.isRetried(status)) return
    if (delayMs === undefined) parcel.watcher?.gaveUp()
    else clock.after(delayMs, () => attempt(parcel, count + 1))
  }

  const letGo = async (address: string): Promise<void> => {
    const waiting = heldBack.get(address) ?? []
    heldBack.delete(address)
    for (const send of waiting) await send()
  }

  const send = async (unspoilt: Omit<Parcel, 'troubles'>): Promise<void> => {
    const { notification } = unspoilt
    const { vendor, account, address } = notification
    const struck = faults.strike(notificationTroubles, { vendor, account, method: 'POST', path: address })
    const troubles = struck.map(({ kind }) => kind)
    const parcel = { ...unspoilt, troubles }
    if (troubles.includes('dropNotification')) {
      note({ ...notification, attempt: 1, status: null, dropped: true, troubles })
      unspoilt.watcher?.gaveUp()
      return
    }
    const copies = troubles.includes('doubleNotification') ? [parcel, parcel] : [parcel]
    if (troubles.includes('forgeNotification'))
      copies.unshift({ ...parcel, notification: forged(notification) })
    const sendAll = async (): Promise<void> => {
      for (const copy of copies) await attempt(copy, 1)
    }

    const delayed = struck.find((fault) => fault.kind === 'delayNotification')
    if (delayed !== undefined) return clock.after(delayed.ms, sendAll)
    const reordered = struck.find((fault) => fault.kind === 'reorderNotification')
    if (reordered !== undefined) {
      heldBack.set(address, [...(heldBack.get(address) ?? []), sendAll])
      return clock.after(reordered.ms, () => letGo(address))
    }
    await sendAll()
    await letGo(address)
  }

  const halt = (): void => {
    pending.clear()
    heldBack.clear()
    aborter.abort()
    aborter = new AbortController()
  }

  return {
    log,
    soon(key, run) {
      if (pending.has(key)) return
      pending.add(key)
      clock.after(coalesceMs, () => {
        pending.delete(key)
        return run()
      })
    },
    send: (notification, isRetried, retryDelaysMs = retriesMs, watcher) =>
      clock.after(0, () => send({ notification, isRetried, retryDelaysMs, watcher })),
    drop: (notification) => note({ ...notification, attempt: 1, status: null, dropped: true, troubles: [] }),
    sendNow: (notification, isRetried) =>
      send({ notification, isRetried, retryDelaysMs: retriesMs, watcher: undefined }),
    halt,
    clear() {
      halt()
      log.clear()
    },
  }
}

interface Parcel {
  notification: Notification
  isRetried: IsRetried
  retryDelaysMs: readonly number[]
  watcher: Watcher | undefined
  troubles: NotificationTrouble['kind'][]
}

const notificationTroubles = [
  'dropNotification',
  'doubleNotification',
  'delayNotification',
  'reorderNotification',
  'forgeNotification',
] as const

/** What somebody sends who knows everything but the secret. */
function forged(notification: Notification): Notification {
  const headers = { ...notification.headers }
  if ('x-goog-channel-token' in headers) headers['x-goog-channel-token'] = 'forged'
  const body = notification.body.replaceAll(/"clientState":"[^"]*"/g, '"clientState":"forged"')
  return { ...notification, kind: 'forged', headers, body }
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

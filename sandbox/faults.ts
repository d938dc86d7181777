import type { Random } from './random.ts'
import type { Vendor } from './state.ts'

/** What befalls a request on its way in. */
export type RequestTrouble =
  /** Before the work, so that nothing was done when the caller gives up; or after it. */
  | { readonly kind: 'latency'; readonly ms: number; readonly when: 'before' | 'after' }
  | { readonly kind: 'reset' }
  | {
      readonly kind: 'error'
      /** 500, or what goes with the code at a sign-in. */
      readonly status?: number
      /** A reason of Google's, a code of Graph's, an OAuth error or an AADSTS number. */
      readonly code?: string
      readonly message?: string
      readonly retryAfter?: number
      readonly form?: ErrorForm
    }

/** Who seems to answer: the calendar itself, the vendor's front end before it, or a proxy that knows HTML only. */
export const errorForms = ['backend', 'frontEnd', 'html'] as const
export type ErrorForm = (typeof errorForms)[number]

/** What befalls the answer to a request whose work is done. */
export type AnswerTrouble =
  | { readonly kind: 'responseLost' }
  /** Ends in the middle, of the connection or only of the JSON. */
  | { readonly kind: 'truncatedBody'; readonly cut: 'connection' | 'json' }
  /** The bytes trickle in over some time. */
  | { readonly kind: 'slowBody'; readonly ms: number }

export type NotificationTrouble =
  | { readonly kind: 'dropNotification' }
  | { readonly kind: 'doubleNotification' }
  | { readonly kind: 'delayNotification'; readonly ms: number }
  /** It waits until the next one to the same address has gone, or for some time. */
  | { readonly kind: 'reorderNotification'; readonly ms: number }
  /** Another one with a wrong secret comes along. */
  | { readonly kind: 'forgeNotification' }

/** What befalls an account just before its request is served. */
export type WorldTrouble =
  /** All consents and tokens. */
  | { readonly kind: 'tokenRevoked' }
  | { readonly kind: 'accessTokenExpired' }
  /** The scopes that are left. */
  | { readonly kind: 'consentReduced'; readonly scopes: readonly string[] }
  /** By its id or name. */
  | { readonly kind: 'calendarRemoved'; readonly calendar: string }
  | { readonly kind: 'accountRenamed'; readonly to: string }
  /** Microsoft's: between servers, or with all ids between tenants. */
  | { readonly kind: 'mailboxMoved'; readonly ids: 'default' | 'all' }
  /** Sync tokens of events and delta links are dead. */
  | { readonly kind: 'cursorInvalidated' }

export type FaultEffect = RequestTrouble | AnswerTrouble | NotificationTrouble | WorldTrouble
export type FaultKind = FaultEffect['kind']

export const faultKinds = [
  'latency',
  'reset',
  'error',
  'responseLost',
  'truncatedBody',
  'slowBody',
  'dropNotification',
  'doubleNotification',
  'delayNotification',
  'reorderNotification',
  'forgeNotification',
  'tokenRevoked',
  'accessTokenExpired',
  'consentReduced',
  'calendarRemoved',
  'accountRenamed',
  'mailboxMoved',
  'cursorInvalidated',
] as const satisfies readonly FaultKind[]

/** Whom a fault befalls and how often. */
export interface FaultAim {
  readonly vendor?: Vendor
  readonly account?: string
  readonly method?: string
  /** A part of the decoded path, or a regular expression. For a notification it is that of its address. */
  readonly path?: string
  /** Fires from the nth matching call on. */
  readonly nth: number
  readonly times: number | 'always'
  readonly probability: number
}

/** One thing that is to go wrong, and for whom; `seen` counts matching calls. */
export type Fault<K extends FaultKind = FaultKind> = Extract<FaultEffect, { kind: K }> &
  FaultAim & { readonly id: string; readonly seen: number; readonly fired: number }

export interface Occasion {
  vendor: Vendor
  account: string | null
  method: string
  path: string
}

export interface Faults {
  list(): Fault[]
  add(fault: FaultEffect & FaultAim): Fault
  remove(id: string): boolean
  clear(): void
  /** The faults of some kinds that strike now, oldest first; asking counts as a matching call. */
  strike<K extends FaultKind>(kinds: readonly K[], occasion: Occasion): Fault<K>[]
}

interface Loaded {
  fault: Fault
  pattern: RegExp | null
}

export function createFaults(random: Random): Faults {
  const loaded: Loaded[] = []
  let made = 0

  /** Counts a call and says whether it is one that goes wrong. */
  const strikes = (one: Loaded): boolean => {
    const { fault } = one
    const seen = fault.seen + 1
    const isChosen = seen >= fault.nth && (fault.probability >= 1 || random.next() < fault.probability)
    one.fault = { ...fault, seen, fired: fault.fired + (isChosen ? 1 : 0) }
    return isChosen
  }

  return {
    list: () => loaded.map(({ fault }) => fault),
    add(wish) {
      made += 1
      const fault: Fault = { ...wish, id: `fault-${made}`, seen: 0, fired: 0 }
      loaded.push({ fault, pattern: wish.path === undefined ? null : new RegExp(wish.path) })
      return fault
    },
    remove(id) {
      const index = loaded.findIndex(({ fault }) => fault.id === id)
      if (index >= 0) loaded.splice(index, 1)
      return index >= 0
    },
    clear: () => void loaded.splice(0),
    strike<K extends FaultKind>(kinds: readonly K[], occasion: Occasion): Fault<K>[] {
      const isMeant = ({ fault }: Loaded): boolean => kinds.some((kind) => kind === fault.kind)
      const isLeft = ({ fault }: Loaded): boolean => fault.times === 'always' || fault.fired < fault.times
      return loaded
        .filter((one) => isMeant(one) && isLeft(one) && matches(one, occasion) && strikes(one))
        .map(({ fault }) => fault as Fault<K>)
    },
  }
}

function matches({ fault, pattern }: Loaded, occasion: Occasion): boolean {
  if (fault.vendor !== undefined && fault.vendor !== occasion.vendor) return false
  if (fault.account !== undefined && fault.account.toLowerCase() !== occasion.account) return false
  if (fault.method !== undefined && fault.method.toUpperCase() !== occasion.method) return false
  if (fault.path === undefined || pattern === null) return true
  return occasion.path.includes(fault.path) || pattern.test(occasion.path)
}

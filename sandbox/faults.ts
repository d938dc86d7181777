import type { Random } from './random.ts'
import type { Vendor } from './state.ts'

export const faultKinds = [
  'error',
  'responseLost',
  'latency',
  'reset',
  'dropNotification',
  'doubleNotification',
] as const
export type FaultKind = (typeof faultKinds)[number]

/** One thing that is to go wrong, and for whom. */
export interface Fault {
  id: string
  kind: FaultKind
  vendor?: Vendor
  account?: string
  method?: string
  /** A part of the path, or a regular expression. */
  path?: string
  status?: number
  code?: string
  message?: string
  retryAfter?: number
  ms?: number
  /** Fires from the nth matching call on. */
  nth: number
  times: number
  probability: number
  seen: number
  fired: number
}

export interface Occasion {
  vendor: Vendor
  account: string | null
  method: string
  path: string
}

export interface Faults {
  list(): Fault[]
  add(fault: Omit<Fault, 'id' | 'seen' | 'fired'>): Fault
  remove(id: string): boolean
  clear(): void
  /** The faults of some kinds that strike now, oldest first; asking counts as a matching call. */
  strike(kinds: FaultKind[], occasion: Occasion): Fault[]
}

export function createFaults(random: Random): Faults {
  const faults: Fault[] = []
  let made = 0

  return {
    list: () => [...faults],
    add(fault) {
      made += 1
      const added = { ...fault, id: `fault-${made}`, seen: 0, fired: 0 }
      faults.push(added)
      return added
    },
    remove(id) {
      const index = faults.findIndex((fault) => fault.id === id)
      if (index >= 0) faults.splice(index, 1)
      return index >= 0
    },
    clear: () => void faults.splice(0),
    strike(kinds, occasion) {
      return faults.filter((fault) => {
        if (!kinds.includes(fault.kind) || fault.fired >= fault.times || !matches(fault, occasion))
          return false
        fault.seen += 1
        if (fault.seen < fault.nth) return false
        if (fault.probability < 1 && random.next() >= fault.probability) return false
        fault.fired += 1
        return true
      })
    },
  }
}

function matches(fault: Fault, occasion: Occasion): boolean {
  if (fault.vendor !== undefined && fault.vendor !== occasion.vendor) return false
  if (fault.account !== undefined && fault.account.toLowerCase() !== occasion.account) return false
  if (fault.method !== undefined && fault.method.toUpperCase() !== occasion.method) return false
  return (
    fault.path === undefined ||
    occasion.path.includes(fault.path) ||
    new RegExp(fault.path).test(occasion.path)
  )
}

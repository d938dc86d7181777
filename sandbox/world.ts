import { randomUUID } from 'node:crypto'
import type { Caller } from './oauth/grants.ts'
import { createRandom, type Random } from './random.ts'
import { copyState, createState, type State, type Vendor } from './state.ts'
import type { SwitchValue } from './switch.ts'
import { createClock, type Clock } from './clock.ts'
import { createFaults, type Faults } from './faults.ts'
import { createDelivery, type Delivery } from './delivery.ts'
import { Log } from './log.ts'
import { createThrottle, type Throttle } from './microsoft/throttle.ts'

/** One played world: what the vendors remember, what was observed of them, and what is to go wrong. */
export interface World {
  /** Where the sandbox is reached; links in answers begin with it. */
  origin: string
  state: State
  /** What all chance here comes from. */
  seed: string
  random: Random
  /** Whatever waits, waits for this clock and never for the machine's. */
  clock: Clock
  faults: Faults
  delivery: Delivery
  throttle: Throttle
  requests: Log<RequestRecord>
  mail: Log<Mail>
  /** Who calls from the sandbox's own pages just now, by the token of that one call. */
  ownCallers: Map<string, Caller>
  snapshots: Map<string, Snapshot>
  /** Counters that never run backwards, not even over a restore: etags and epochs stay unique. */
  counters: { version: number; epoch: number }
  /** How the clock and the switches stand at the beginning, and after a reset. */
  beginning: Beginning
  /** Called when what an app was allowed by an account is taken back, or what every app was. */
  allowanceEnded(vendor: Vendor, email: string, clientId: string | null): void
  /** Called before anything leaves that tells of a change: a world that is kept writes down what changed. */
  commit(): void
}

export interface Snapshot {
  takenAtMs: number
  state: State
}

export interface RequestRecord {
  at: string
  vendor: Vendor
  account: string | null
  method: string
  path: string
  /** The path as the sandbox knows it, with its parameters' names; nothing where it knows none. */
  route: string | null
  query: Record<string, unknown>
  /** Nothing when the answer never left. */
  status: number | null
}

export interface Mail {
  at: string
  vendor: Vendor
  account: string
  /** `sharing` tells somebody that a calendar is shared with them. */
  kind: 'invitation' | 'update' | 'cancellation' | 'response' | 'sharing'
  to: string[]
  subject: string
  eventId: string
}

export interface Beginning {
  /** A time in milliseconds since 1970; without it, the machine's. */
  now?: number
  frozen?: boolean
  /** Switches that are not to stand at their default. */
  switches?: readonly [string, SwitchValue][]
}

export function createWorld(seed: string = randomUUID(), beginning: Beginning = {}): World {
  const random = createRandom(seed)
  const faults = createFaults(random)
  const clock = createClock({
    get: () => world.state.clock,
    set: (setting) => void (world.state.clock = setting),
  })
  const world: World = {
    origin: '',
    state: begin(1, beginning),
    seed,
    random,
    clock,
    faults,
    delivery: createDelivery(faults, clock),
    throttle: createThrottle(),
    requests: new Log(20_000),
    mail: new Log(20_000),
    ownCallers: new Map(),
    snapshots: new Map(),
    counters: { version: 0, epoch: 1 },
    beginning,
    allowanceEnded() {},
    commit() {},
  }
  return world
}

function begin(epoch: number, { now, frozen = false, switches = [] }: Beginning): State {
  const state = createState(epoch)
  for (const [name, value] of switches) state.switches.set(name, value)
  if (frozen) state.clock = { kind: 'frozen', atMs: now ?? Date.now() }
  else if (now !== undefined) state.clock = { kind: 'running', offsetMs: now - Date.now() }
  return state
}

/** The sandbox's own time, in milliseconds. */
export function nowOf(world: World): number {
  return world.clock.now()
}

/** A number no event has carried before, the stuff of etags and change keys. */
export function nextVersion(world: World): number {
  world.counters.version += 1
  return world.counters.version
}

/** Forgets everything, as a new process would. */
export function resetWorld(world: World): void {
  world.clock.clear()
  world.state = begin(nextEpoch(world), world.beginning)
  world.requests.clear()
  world.mail.clear()
  world.snapshots.clear()
  world.faults.clear()
  world.delivery.clear()
  world.throttle.clear()
}

/** Keeps what the vendors remember; returns the name to restore it by. */
export function takeSnapshot(world: World): string {
  const epoch = nextEpoch(world)
  const id = `snapshot-${epoch}`
  world.snapshots.set(id, { takenAtMs: nowOf(world), state: copyState(world.state) })
  world.state.epochs.push(epoch)
  return id
}

/**
 * Puts a kept state back; what was still to be sent is not. A clock that stood still stands where it stood; one that
 * ran goes as far from the machine's as it went. Logs of requests, mail and notifications go on.
 */
export function restoreSnapshot(world: World, id: string): boolean {
  const kept = world.snapshots.get(id)
  if (kept === undefined) return false
  world.clock.clear()
  world.delivery.halt()
  world.state = copyState(kept.state)
  world.state.epochs.push(nextEpoch(world))
  return true
}

function nextEpoch(world: World): number {
  world.counters.epoch += 1
  return world.counters.epoch
}

/** The epoch a cursor given out now belongs to. */
export function currentEpoch(world: World): number {
  return world.state.epochs.at(-1) ?? 0
}

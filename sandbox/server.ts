import { checkedSwitches } from './all-switches.ts'
import { createApp, type AppOptions } from './app.ts'
import { keepWorld } from './keep.ts'
import type { SwitchValue } from './switch.ts'
import { createWorld, type World } from './world.ts'

export interface Sandbox {
  url: string
  google: string
  microsoft: string
  control: string
  clock: SandboxClock
  close(): Promise<void>
}

/** The sandbox's clock for a program in the same process; times are in milliseconds since 1970. */
export interface SandboxClock {
  now(): number
  isFrozen(): boolean
  setFrozen(isFrozen: boolean): void
  /** Moves the clock; ends once everything that became due was done, notifications included. */
  set(instantMs: number): Promise<void>
  advance(ms: number): Promise<void>
}

export interface SandboxOptions extends AppOptions {
  port?: number
  host?: string
  /** Repeats the ids and random faults of another run with the same seed. */
  seed?: string
  stateFile?: string
  /** Where the clock begins, in milliseconds since 1970; without it, at the machine's time. */
  now?: number
  /** The clock stands still until it is moved, so that the same calls give the same answers. */
  frozen?: boolean
  /** What the vendors leave open, decided otherwise than usual, by the full names of the switches. */
  switches?: Record<string, SwitchValue>
}

/**
 * Starts the sandbox; port 0 takes a free one, and a seed repeats the ids of an earlier run. With a state file the
 * world goes on where it was when the last sandbox with that file ended, however it ended; seed and time count for a new
 * file only, and switches at each start.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { seed, stateFile, now, frozen = false } = options
  const switches = checkedSwitches(options.switches ?? {})
  const world = createWorld(seed, { frozen, switches, ...(now === undefined ? {} : { now }) })
  const keeping = stateFile === undefined ? undefined : keepWorld(world, stateFile)
  for (const [name, value] of switches) world.state.switches.set(name, value)
  const app = await createApp(world, options)
  const address = await app.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' })
  const url = options.tls === undefined ? address : address.replace(/^http:/, 'https:')
  world.origin = url
  return {
    url,
    google: url,
    microsoft: url,
    control: `${url}/_sandbox`,
    clock: clockOf(world),
    close: async () => {
      world.clock.clear()
      world.delivery.clear()
      await app.close()
      keeping?.close()
    },
  }
}

function clockOf(world: World): SandboxClock {
  const { clock } = world
  return {
    now: () => clock.now(),
    isFrozen: () => clock.isFrozen(),
    setFrozen(isFrozen) {
      clock.setFrozen(isFrozen)
      world.commit()
    },
    async set(instantMs) {
      await clock.moveTo(instantMs)
      world.commit()
    },
    async advance(ms) {
      await clock.moveBy(ms)
      world.commit()
    },
  }
}

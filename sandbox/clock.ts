/** How a world's clock stands: in step with the machine's, a distance away, or still until it is told otherwise. */
export type ClockSetting =
  | { readonly kind: 'running'; readonly offsetMs: number }
  | { readonly kind: 'frozen'; readonly atMs: number }

/**
 * The one clock of a world. Whatever waits, waits for it: when it runs, things happen by themselves; when it is moved
 * forward, everything that becomes due on the way happens at its own time, in order and one after the other.
 */
export interface Clock {
  /** The time in milliseconds since 1970. */
  now(): number
  isFrozen(): boolean
  /** A frozen clock stands still until it is moved or thawed. */
  setFrozen(isFrozen: boolean): void
  /** Answers once all that became due is done. Backwards, whatever waits keeps its distance from now. */
  moveTo(instantMs: number): Promise<void>
  moveBy(ms: number): Promise<void>
  /** Does something in a while. It must not wait for the clock itself, only ask for more to be done later. */
  after(delayMs: number, run: () => void | Promise<void>): void
  /** Waits; while the clock is frozen, until it is moved. */
  wait(delayMs: number): Promise<void>
  /** Forgets what was to be done, and lets go whoever waits. */
  clear(): void
}

interface Errand {
  dueMs: number
  run: () => void | Promise<void>
  letGo?: () => void
}

/** The longest that a timer of Node's can wait. */
const timerMaxMs = 2 ** 31 - 1

/** A clock whose setting is kept elsewhere, since it is a part of what a world remembers. */
export function createClock(kept: { get(): ClockSetting; set(setting: ClockSetting): void }): Clock {
  /** In order of their time; those of the same time in the order they were asked for. */
  let errands: Errand[] = []
  const underway = new Set<Promise<void>>()
  let timer: NodeJS.Timeout | undefined
  /** Where the clock stands while it is being moved. */
  let passingMs: number | null = null
  let moves: Promise<void> = Promise.resolve()
  let lives = 0

  const now = (): number => {
    if (passingMs !== null) return passingMs
    const setting = kept.get()
    return setting.kind === 'frozen' ? setting.atMs : Date.now() + setting.offsetMs
  }
  const isFrozen = (): boolean => kept.get().kind === 'frozen'
  const stand = (atMs: number, frozen: boolean): void =>
    kept.set(frozen ? { kind: 'frozen', atMs } : { kind: 'running', offsetMs: atMs - Date.now() })

  const start = ({ run }: Errand): Promise<void> => {
    // What fails here, such as a state file that is gone, fails the next request too and is told there.
    const done = (async () => run())()
      .catch(() => {})
      .finally(() => underway.delete(done))
    underway.add(done)
    return done
  }

  const arm = (): void => {
    clearTimeout(timer)
    const [next] = errands
    if (next === undefined || passingMs !== null || isFrozen()) return
    timer = setTimeout(fire, Math.min(Math.max(next.dueMs - now(), 0), timerMaxMs))
  }
  const fire = (): void => {
    // A timer may ring a little early.
    const due = errands.filter(({ dueMs }) => dueMs <= now() + 1)
    errands = errands.slice(due.length)
    for (const errand of due) void start(errand)
    arm()
  }

  const move = async (target: () => number): Promise<void> => {
    const life = lives
    await Promise.all(underway)
    const endMs = target()
    if (life !== lives) return
    if (endMs < now()) {
      const backMs = endMs - now()
      errands = errands.map((errand) => ({ ...errand, dueMs: errand.dueMs + backMs }))
    }
    passingMs = Math.min(now(), endMs)
    clearTimeout(timer)
    for (let next = errands[0]; next !== undefined && next.dueMs <= endMs; next = errands[0]) {
      errands.shift()
      passingMs = Math.max(passingMs, next.dueMs)
      await start(next)
      if (life !== lives) return
    }
    passingMs = null
    stand(endMs, isFrozen())
    arm()
  }
  const enqueue = (target: () => number): Promise<void> => {
    moves = moves.then(() => move(target))
    return moves
  }

  const add = (errand: Errand): void => {
    const place = errands.findLastIndex(({ dueMs }) => dueMs <= errand.dueMs) + 1
    errands.splice(place, 0, errand)
    if (place === 0) arm()
  }

  return {
    now,
    isFrozen,
    setFrozen(frozen) {
      stand(now(), frozen)
      arm()
    },
    moveTo: (instantMs) => enqueue(() => instantMs),
    moveBy: (ms) => enqueue(() => now() + ms),
    after: (delayMs, run) => add({ dueMs: now() + delayMs, run }),
    wait: (delayMs) =>
      new Promise((resolve) => add({ dueMs: now() + delayMs, run: resolve, letGo: resolve })),
    clear() {
      const forgotten = errands
      lives += 1
      errands = []
      passingMs = null
      clearTimeout(timer)
      for (const { letGo } of forgotten) letGo?.()
    },
  }
}

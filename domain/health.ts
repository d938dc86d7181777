import { vendorNames, type Vendor } from './event.ts'
import { lateAfterMs, renewAt } from './polls.ts'

/**
 * `waiting`: it stands still because somebody wants it to. `attention`: somebody should look at it, nothing stands still yet or
 * a person's decision is waited for. `broken`: changes do not pass. The gravest comes last.
 */
export const healthWords = ['well', 'waiting', 'attention', 'broken'] as const
export type HealthWord = (typeof healthWords)[number]

/** What one part is like, and in one sentence or two what that means and what to do. */
export interface Judgement {
  health: HealthWord
  message: string
}

/** What is known of a provider. */
export interface HealthFacts {
  vendor: Vendor
  authorization: 'unauthorized' | 'connected' | 'reauthorization-required'
  enabled: boolean
  paused: boolean
  /** When its member consented; where that is not known, when it was made. */
  connectedAt: Date
  lastSyncAt: Date | null
  /** When the run under way began. */
  runningSince: Date | null
  error: { code: string; message: string; at: string } | null
  /** Looks and runs in a row that failed. */
  failures: number
  backlog: Backlog
  /** Open conflicts that pause the whole provider. */
  conflicts: number
  /** Deletions that the safety brake holds. */
  held: number
  /** The one that lives longest. */
  subscription: { grantedAt: Date; expiresAt: Date; isRenewalAsked: boolean } | null
  /** Whether the vendor has an address of ours to call. */
  canBePushed: boolean
  pollEveryMs: number
  /** The queues its work goes through for which no worker has asked lately. */
  idleQueues: string[]
}

/** What is decided and not yet written at the vendor, and what changed and is not yet decided. */
export interface Backlog {
  writes: number
  oldestWriteAt: Date | null
  marks: number
  /** When that changed which was marked first; null where it is not known. */
  oldestChangeAt: Date | null
}

export type SubscriptionState = 'active' | 'renewal-due' | 'polling-only' | 'missing' | 'none'

export interface ProviderHealth {
  /** The gravest word of the parts. */
  health: HealthWord
  authorization: Judgement
  /** `lateAt`: from when on the last completed look is too long ago; null while none is due. */
  inbound: Judgement & { lateAt: Date | null }
  outbound: Judgement
  subscription: Judgement & { state: SubscriptionState; renewAt: Date | null }
  worker: Judgement
}

/** How long after its time a renewal is still its provider's own, and how long the first subscription may take. */
const graceMs = 15 * 60_000

/** Judges each part of a provider by what is known of it at a moment. */
export function healthOf(facts: HealthFacts, now: Date): ProviderHealth {
  const parts = {
    authorization: authorizationOf(facts),
    inbound: inboundOf(facts, now),
    outbound: outboundOf(facts, now),
    subscription: subscriptionOf(facts, now),
    worker: workerOf(facts),
  }
  const words = Object.values(parts).map(({ health }) => health)
  return { health: healthWords.findLast((word) => words.includes(word)) ?? 'well', ...parts }
}

function authorizationOf({ authorization, vendor }: HealthFacts): Judgement {
  const name = vendorNames[vendor]
  switch (authorization) {
    case 'connected':
      return { health: 'well', message: `${name} accepts the consent.` }
    case 'unauthorized':
      return { health: 'waiting', message: 'Nobody has consented yet: authorize the provider.' }
    case 'reauthorization-required':
      return {
        health: 'broken',
        message: `${name} no longer accepts the consent: its member has to authorize the calendar again. Nothing is lost meanwhile.`,
      }
  }
}

/** Why nothing is asked of the vendor, when that is as somebody wants it. */
function whyHalted({ authorization, enabled, paused }: HealthFacts): string | null {
  if (authorization === 'unauthorized') return 'It begins once the provider is authorized.'
  if (!enabled) return 'The provider is disabled: enable it to go on.'
  if (paused) return 'The provider is paused: resume it to go on.'
  if (authorization === 'reauthorization-required') return 'It goes on once the provider is authorized again.'
  return null
}

function inboundOf(facts: HealthFacts, now: Date): ProviderHealth['inbound'] {
  const halted = whyHalted(facts)
  if (halted) return { health: 'waiting', message: halted, lateAt: null }
  const { lastSyncAt, runningSince, error, failures } = facts
  const seenAt = latest(facts.connectedAt, lastSyncAt)
  const lateAt = new Date(seenAt.getTime() + lateAfterMs(facts.pollEveryMs, isLive(facts, now)))
  const since = lastSyncAt ? `since ${lastSyncAt.toISOString()}` : 'yet'
  const said = error ? ` The last failure: ${error.message} (${error.code}, ${error.at}).` : ''
  if (now > lateAt && !runningSince) {
    const advice = error ? said : ' See that a worker runs, and look at its workflow in the Temporal Web UI.'
    return { health: 'broken', message: `No look was completed ${since}.${advice}`, lateAt }
  }
  if (now > lateAt && runningSince)
    return {
      health: 'attention',
      message: `No look was completed ${since}; one is under way since ${runningSince.toISOString()}: watch its run.${said}`,
      lateAt,
    }
  if (error) {
    const times = failures > 1 ? `${failures} times in a row` : 'the last time'
    return { health: 'attention', message: `It failed ${times} and is tried again by itself.${said}`, lateAt }
  }
  const message = lastSyncAt ? 'The calendar is looked at as planned.' : 'The first look is on its way.'
  return { health: 'well', message, lateAt }
}

function outboundOf(facts: HealthFacts, now: Date): Judgement {
  const halted = whyHalted(facts)
  const { backlog, conflicts, held } = facts
  const waiting = `${backlog.writes} writes and ${backlog.marks} changes wait`
  if (halted) return { health: 'waiting', message: `${halted} ${waiting}.` }
  if (conflicts > 0)
    return {
      health: 'attention',
      message: `Nothing is written until conflicts are resolved (${conflicts} open). ${waiting}.`,
    }
  const lateAt = now.getTime() - lateAfterMs(facts.pollEveryMs, isLive(facts, now))
  const oldest = oldestOf(facts)
  if (oldest && oldest.getTime() < lateAt)
    return {
      health: 'attention',
      message: `${waiting}, the oldest since ${oldest.toISOString()}: look at the last run and what it says.`,
    }
  if (held > 0)
    return {
      health: 'attention',
      message: `The safety brake holds deletions (${held}): approve or refuse them.`,
    }
  if (backlog.writes + backlog.marks === 0) return { health: 'well', message: 'Nothing waits.' }
  return { health: 'well', message: `${waiting}: the next run takes them.` }
}

/** What was changed before the provider was connected, or lies in a run's hands, waits since then. */
function oldestOf({ backlog, connectedAt, runningSince }: HealthFacts): Date | null {
  const { oldestWriteAt, oldestChangeAt } = backlog
  const [first] = [oldestWriteAt, oldestChangeAt]
    .flatMap((at) => at ?? [])
    .toSorted((one, other) => one.getTime() - other.getTime())
  return first ? latest(latest(first, connectedAt), runningSince) : null
}

function subscriptionOf(facts: HealthFacts, now: Date): ProviderHealth['subscription'] {
  const halted = whyHalted(facts)
  if (halted) return { health: 'waiting', message: halted, state: 'none', renewAt: null }
  const { subscription, canBePushed, connectedAt, vendor } = facts
  const name = vendorNames[vendor]
  const without = { renewAt: null } as const
  if (!canBePushed)
    return {
      ...without,
      state: 'polling-only',
      health: 'well',
      message: `PUBLIC_URL is not https, so ${name} cannot call it: changes are found by polls alone.`,
    }
  if (!subscription || subscription.expiresAt <= now) {
    const isNew = now.getTime() - connectedAt.getTime() < graceMs
    const asked = 'The first subscription is being asked for; polls see every change meanwhile.'
    const missing = `There is no live subscription: polls see every change, later. It is asked for again by itself; see what ${name} says in the alerts.`
    return {
      ...without,
      state: 'missing',
      health: isNew ? 'well' : 'attention',
      message: isNew ? asked : missing,
    }
  }
  const dueAt = renewAt(subscription.grantedAt, subscription.expiresAt)
  const state = subscription.isRenewalAsked ? 'renewal-due' : 'active'
  if (now.getTime() > dueAt.getTime() + graceMs)
    return {
      state,
      renewAt: dueAt,
      health: 'attention',
      message: `Its renewal was due at ${dueAt.toISOString()}. From ${subscription.expiresAt.toISOString()} on changes would be found by polls alone: see that a worker runs.`,
    }
  return { state, renewAt: dueAt, health: 'well', message: `${name} tells of changes at once.` }
}

function workerOf({ idleQueues }: HealthFacts): Judgement {
  if (idleQueues.length === 0) return { health: 'well', message: 'Workers ask for its work.' }
  return {
    health: 'broken',
    message: `No worker has asked for work of ${idleQueues.join(', ')} lately. Start a worker; nothing is lost meanwhile.`,
  }
}

const isLive = ({ subscription }: HealthFacts, now: Date): boolean =>
  subscription !== null && subscription.expiresAt > now

const latest = (one: Date, other: Date | null): Date => (other !== null && other > one ? other : one)

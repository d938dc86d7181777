/** What the workflow of a provider is at: one word for people, searches and whoever asks it. */
export const phases = [
  'unauthorized',
  'connected',
  'syncing',
  'paused',
  'paused-by-conflict',
  'paused-by-brake',
  'backing-off',
  'reauthorization-required',
  'disconnecting',
] as const
export type Phase = (typeof phases)[number]

/** Phases without polls: only a change of the provider's row leads out. */
export type HaltedPhase = 'unauthorized' | 'paused' | 'reauthorization-required'

/** A consent once given is renewed or revoked: nothing leads back to before it. */
const onward: readonly Phase[] = phases.filter((phase) => phase !== 'unauthorized')

/** Where each phase may lead. A workflow that is made anew begins unauthorized, whatever its provider has come to meanwhile. */
const leadsTo: Record<Phase, readonly Phase[]> = {
  unauthorized: onward,
  connected: onward,
  syncing: onward,
  paused: onward,
  'paused-by-conflict': onward,
  'paused-by-brake': onward,
  'backing-off': onward,
  'reauthorization-required': onward,
  // It ends: the account that connects again is another provider.
  disconnecting: [],
}

/**
 * The phase after a step. A step that nobody foresaw is no reason to stop: the provider's row is the truth, as after a database
 * was restored, so it is followed and told (`isForeseen`). Out of disconnecting nothing leads.
 */
export function follow(from: Phase, to: Phase): { phase: Phase; isForeseen: boolean } {
  if (from === to) return { phase: to, isForeseen: true }
  if (leadsTo[from].includes(to)) return { phase: to, isForeseen: true }
  return { phase: from === 'disconnecting' ? from : to, isForeseen: false }
}

/** The phase of a provider whose look or run went well. Conflicts come first: they pause everything, a brake only deletions. */
export function phaseAtRest(paused: { conflicts: number; isHeld: boolean }): Phase {
  if (paused.conflicts > 0) return 'paused-by-conflict'
  return paused.isHeld ? 'paused-by-brake' : 'connected'
}

export function isHalted(phase: Phase): phase is HaltedPhase {
  return phase === 'unauthorized' || phase === 'paused' || phase === 'reauthorization-required'
}

/** Why a halted provider does not sync, and what to do about it. */
export const adviceWhenHalted: Record<HaltedPhase, string> = {
  unauthorized: 'The provider is not authorized yet: authorize it first.',
  paused: 'The provider is paused: resume it first.',
  'reauthorization-required': 'The consent is no longer valid: authorize the provider again.',
}

export const adviceWhenGone =
  'The provider was deleted and is taken apart: connect the account again as a new provider.'

import { vendorNames, type Vendor } from './event.ts'

/** What people on call are told of a provider (R43), the gravest first. */
export const alertKinds = ['consent-revoked', 'workflow-stuck', 'failing', 'subscription-expired'] as const
export type AlertKind = (typeof alertKinds)[number]

/** So many failures in a row are no hiccup of a vendor any more. */
const failuresInARow = 3

/** What is known of a provider when maintenance comes by. */
export interface AlertEvidence {
  vendor: Vendor
  authorization: 'unauthorized' | 'connected' | 'reauthorization-required'
  /** Looks and runs in a row that failed. */
  failures: number
  /** What the vendor said last, when something is wrong. */
  lastError: string | null
  /** Why there is no live subscription where there should be one; null when all is as it should be. */
  subscriptionError: string | null
  isStuck: boolean
}

/** The alerts that should be open, each with a sentence that says what is wrong and what to do. */
export function alertsFor(evidence: AlertEvidence): Map<AlertKind, string> {
  const { vendor, authorization, failures, lastError, subscriptionError, isStuck } = evidence
  const open = new Map<AlertKind, string>()
  if (authorization === 'reauthorization-required')
    open.set(
      'consent-revoked',
      `${vendorNames[vendor]} no longer accepts the consent: its member has to authorize the calendar again. Nothing is lost meanwhile.`,
    )
  if (isStuck)
    open.set(
      'workflow-stuck',
      'Its workflow fails on the same task again and again: look at it in the Temporal Web UI, and at the version of the worker.',
    )
  if (failures >= failuresInARow)
    open.set(
      'failing',
      `It failed ${failures} times in a row. The last time: ${lastError ?? 'nothing was said'}`,
    )
  if (subscriptionError !== null && authorization === 'connected')
    open.set('subscription-expired', `Changes arrive by polls alone, later: ${subscriptionError}`)
  return open
}

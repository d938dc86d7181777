import { ApplicationFailure } from '@temporalio/common'
import { LeaseLost } from '../db/cursors.ts'
import { KeyMismatch } from '../db/envelope.ts'
import {
  ClientRefused,
  ConsentRevoked,
  OutcomeUnknown,
  Refused,
  Throttled,
  VendorError,
} from '../providers/errors.ts'

/** Longer waits are not spent in an activity: its workflow backs off instead. */
const waitHereMs = 30_000

/** An error as Temporal keeps it: type, the vendor's code and request id, and whether trying again can help. No words, no tokens. */
export function toFailure(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error
  if (error instanceof VendorError) {
    const { name, code, message, requestId } = error
    const retryAfterMs = error instanceof Throttled ? error.retryAfterMs : null
    return ApplicationFailure.create({
      type: name,
      message,
      nonRetryable: isFinal(error),
      details: [{ code, requestId, retryAfterMs }],
      ...(retryAfterMs !== null && retryAfterMs > 0 && { nextRetryDelay: retryAfterMs }),
    })
  }
  if (error instanceof KeyMismatch)
    return ApplicationFailure.nonRetryable(error.message, error.name, { code: 'key_mismatch' })
  if (error instanceof LeaseLost)
    return ApplicationFailure.retryable(error.message, error.name, { code: 'lease_lost' })
  // A database error names rows and values: only its class and code go on.
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'internal'
  const name = error instanceof Error ? error.name : 'Error'
  return ApplicationFailure.retryable(`The step failed (${name} ${code}).`, name, { code })
}

function isFinal(error: VendorError): boolean {
  if (error instanceof Throttled) return error.retryAfterMs > waitHereMs
  if (error instanceof OutcomeUnknown) return false
  return error instanceof Refused || error instanceof ClientRefused || error instanceof ConsentRevoked
}

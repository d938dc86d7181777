import {
  ConsentRevoked,
  CursorExpired,
  NotFound,
  OutcomeUnknown,
  PreconditionFailed,
  Refused,
  Throttled,
  TokenRefused,
  type VendorError,
} from '../errors.ts'
import { retryAfterMs } from '../call.ts'

/** The id was used before, by us or by a deleted event: create is looked up instead. */
export class DuplicateId extends Refused {}

const rateReasons = new Set([
  'userRateLimitExceeded',
  'rateLimitExceeded',
  'quotaExceeded',
  'dailyLimitExceeded',
])
const longPauseReasons = new Set(['quotaExceeded', 'dailyLimitExceeded'])

/** Google's answer as one of our errors. Branches on status and reason, never on the message (Handle API errors). */
export function googleError(status: number, body: unknown, headers: Pick<Headers, 'get'>): VendorError {
  const reason = reasonOf(body)
  const requestId = headers.get('x-request-id')
  const code = reason ?? `http-${status}`
  const said = (sentence: string) => `Google: ${sentence} (${code}).`
  if (status === 401) return new TokenRefused(code, said('the access token was refused'), requestId)
  if (status === 410 && (reason === 'fullSyncRequired' || reason === 'updatedMinTooLongAgo')) {
    return new CursorExpired(code, said('the sync token is no longer valid'), requestId)
  }
  if (status === 429 || (status === 403 && reason !== null && rateReasons.has(reason))) {
    const fallback = reason !== null && longPauseReasons.has(reason) ? 60 * 60_000 : 5_000
    return new Throttled(
      code,
      said('too many requests'),
      requestId,
      retryAfterMs(headers.get('retry-after'), fallback),
    )
  }
  if (status === 403 && reason === 'insufficientPermissions') {
    return new ConsentRevoked(code, said('the consent lacks a permission'), requestId)
  }
  if (status === 404 || status === 410) return new NotFound(code, said('not found'), requestId)
  if (status === 409) return new DuplicateId(code, said('the id is taken'), requestId)
  if (status === 412) return new PreconditionFailed(code, said('the event has changed'), requestId)
  if (status >= 500) return new OutcomeUnknown(code, said('a server error'), requestId)
  return new Refused(code, said('the request was refused'), requestId)
}

function reasonOf(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('error' in body)) return null
  const { error } = body
  if (typeof error !== 'object' || error === null || !('errors' in error) || !Array.isArray(error.errors))
    return null
  const [first]: unknown[] = error.errors
  if (typeof first !== 'object' || first === null || !('reason' in first)) return null
  return typeof first.reason === 'string' ? first.reason : null
}

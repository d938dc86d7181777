import {
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

/** The transaction id made an event before; `existingEventId` names it when Graph says so. */
export class DuplicateTransaction extends Refused {
  readonly existingEventId: string | null
  constructor(code: string, message: string, requestId: string | null, existingEventId: string | null) {
    super(code, message, requestId)
    this.existingEventId = existingEventId
  }
}

const lostStates = new Set(['syncstatenotfound', 'syncstateinvalid', 'resyncrequired', 'fullsyncrequired'])
const throttles = new Set([
  'applicationthrottled',
  'toomanyrequests',
  'activitylimitreached',
  'requestthrottled',
])

/** Graph's answer as one of our errors. Codes are compared without case; texts are never read (Error responses). */
export function graphError(status: number, body: unknown, headers: Headers): VendorError {
  const { code: vendorCode, existingEventId } = readError(body)
  const code = vendorCode ?? `http-${status}`
  const known = code.toLowerCase()
  const requestId = headers.get('request-id')
  const said = (sentence: string) => `Microsoft: ${sentence} (${code}).`
  if (status === 401) return new TokenRefused(code, said('the access token was refused'), requestId)
  if (status === 410 || lostStates.has(known)) {
    return new CursorExpired(code, said('the delta link is no longer valid'), requestId)
  }
  if (status === 429 || throttles.has(known)) {
    return new Throttled(
      code,
      said('too many requests'),
      requestId,
      retryAfterMs(headers.get('retry-after'), 5_000),
    )
  }
  if (known === 'errorduplicatetransactionid') {
    return new DuplicateTransaction(
      code,
      said('the transaction id was used before'),
      requestId,
      existingEventId,
    )
  }
  if (status === 404) return new NotFound(code, said('not found'), requestId)
  if (status === 409 || status === 412)
    return new PreconditionFailed(code, said('the event has changed'), requestId)
  if (status >= 500) return new OutcomeUnknown(code, said('a server error'), requestId)
  return new Refused(code, said('the request was refused'), requestId)
}

function readError(body: unknown): { code: string | null; existingEventId: string | null } {
  const none = { code: null, existingEventId: null }
  if (typeof body !== 'object' || body === null || !('error' in body)) return none
  const { error } = body
  if (typeof error !== 'object' || error === null) return none
  const existing = '@event.existingEventId' in error ? error['@event.existingEventId'] : null
  return {
    code: 'code' in error && typeof error.code === 'string' ? error.code : null,
    existingEventId: typeof existing === 'string' ? existing : null,
  }
}

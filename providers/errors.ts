/** What a vendor refused or could not do. One class per thing a caller does differently; never a body, a token or a title. */
export abstract class VendorError extends Error {
  /** The vendor's own code (`rateLimitExceeded`, `ErrorItemNotFound`, `invalid_grant`) or ours for a network failure. */
  readonly code: string
  readonly requestId: string | null
  constructor(code: string, message: string, requestId: string | null = null) {
    super(message)
    this.code = code
    this.requestId = requestId
  }
}

/** The cursor is too old to continue from (Google 410, Graph SyncStateNotFound): start a full round. */
export class CursorExpired extends VendorError {
  override readonly name = 'CursorExpired'
}

/** The grant is gone (`invalid_grant`, a 401 that a fresh token did not mend): only a new consent helps. */
export class ConsentRevoked extends VendorError {
  override readonly name = 'ConsentRevoked'
}

/** The OAuth client's id or secret is wrong (`invalid_client`): the operator's fault, users stay connected. */
export class ClientRefused extends VendorError {
  override readonly name = 'ClientRefused'
}

/** The access token is not accepted: refresh once and ask again. */
export class TokenRefused extends VendorError {
  override readonly name = 'TokenRefused'
}

/** Too many calls: wait `retryAfterMs`, then go on. Nothing happened at the vendor. */
export class Throttled extends VendorError {
  override readonly name = 'Throttled'
  readonly retryAfterMs: number
  constructor(code: string, message: string, requestId: string | null, retryAfterMs: number) {
    super(code, message, requestId)
    this.retryAfterMs = retryAfterMs
  }
}

/** No answer, or a 5xx: a write may have happened. Look before writing again. */
export class OutcomeUnknown extends VendorError {
  override readonly name = 'OutcomeUnknown'
}

/** The event moved on since we saw it (412): observe and decide again. */
export class PreconditionFailed extends VendorError {
  override readonly name = 'PreconditionFailed'
}

/** The event or calendar is not there (404, 410). */
export class NotFound extends VendorError {
  override readonly name = 'NotFound'
}

/** The vendor will not do this, now or later (400, 403): the mapping says why. */
export class Refused extends VendorError {
  override readonly name = 'Refused'
}

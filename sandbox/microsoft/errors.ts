/** An answer in the shape of Graph's own errors; the ids in it are filled in when it is sent. */
export class GraphError extends Error {
  override readonly name = 'GraphError'
  readonly status: number
  readonly code: string
  readonly extra: Record<string, unknown>
  readonly headers: Record<string, string>

  constructor(
    status: number,
    code: string,
    message: string,
    more: { extra?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(message)
    this.status = status
    this.code = code
    this.extra = more.extra ?? {}
    this.headers = more.headers ?? {}
  }
}

export function graphErrorBody(
  error: GraphError,
  requestId: string,
  clientRequestId: string,
  now: string,
): unknown {
  const innerError = { date: now.slice(0, 19), 'request-id': requestId, 'client-request-id': clientRequestId }
  return { error: { code: error.code, message: error.message, ...error.extra, innerError } }
}

export function itemNotFound(): GraphError {
  return new GraphError(404, 'ErrorItemNotFound', 'The specified object was not found in the store.')
}

export function invalidRequest(message: string): GraphError {
  return new GraphError(400, 'ErrorInvalidRequest', message)
}

export function invalidQuery(message: string): GraphError {
  return new GraphError(400, 'ErrorInvalidUrlQuery', message)
}

export function propertyValidationFailure(): GraphError {
  return new GraphError(400, 'ErrorPropertyValidationFailure', 'At least one property failed validation.')
}

export function undeserializable(message: string): GraphError {
  return new GraphError(400, 'UnableToDeserializePostBody', message)
}

/** What Graph can do and the sandbox does not; never a wrong success. */
export function notPlayed(what: string): GraphError {
  return new GraphError(501, 'notSupported', `The sandbox does not play ${what}.`)
}

export function changeKeyConflict(): GraphError {
  const message =
    'The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.'
  return new GraphError(412, 'ErrorIrresolvableConflict', message)
}

const challenge =
  'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"'

export function unauthenticated(message: string): GraphError {
  const headers = { 'www-authenticate': challenge }
  return new GraphError(401, 'InvalidAuthenticationToken', message, { headers })
}

/**
 * The end of a token by continuous access evaluation: a new one is to be asked for with the claims in the header.
 * https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export function claimsChallenge(nowMs: number): GraphError {
  const message =
    'Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp'
  const wanted = { access_token: { nbf: { essential: true, value: String(Math.floor(nowMs / 1000)) } } }
  const claims = Buffer.from(JSON.stringify(wanted)).toString('base64')
  const parts = [
    challenge,
    'client_id="00000003-0000-0000-c000-000000000000"',
    `errorDescription="${message}"`,
    'error="insufficient_claims"',
    `claims="${claims}"`,
  ]
  const headers = { 'www-authenticate': parts.join(', ') }
  return new GraphError(401, 'InvalidAuthenticationToken', message, { headers })
}

export function accessDenied(): GraphError {
  return new GraphError(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.')
}

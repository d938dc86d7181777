/** An answer in the shape of Google's own errors. */
export class GoogleError extends Error {
  override readonly name = 'GoogleError'
  readonly status: number
  readonly body: Record<string, unknown>

  constructor(status: number, reason: string, message: string, place: Place = {}, frontEndStatus?: string) {
    super(message)
    this.status = status
    const { domain = 'global', ...location } = place
    const errors = [{ domain, reason, message: place.shortMessage ?? message, ...location }]
    for (const error of errors) delete error.shortMessage
    this.body = {
      error: {
        errors,
        code: status,
        message,
        ...(frontEndStatus === undefined ? {} : { status: frontEndStatus }),
      },
    }
  }
}

interface Place {
  domain?: string
  locationType?: string
  location?: string
  /** The front end repeats a long message in short. */
  shortMessage?: string
}

/** A value that Google does not take; `location` is the path of a member of the body. */
export function invalid(message: string, location?: string): GoogleError {
  const place = location === undefined ? {} : { locationType: 'parameter', location }
  return new GoogleError(400, 'invalid', message, place)
}

/** A value of a query parameter that it cannot have. */
export function invalidParameter(name: string, message: string): GoogleError {
  return new GoogleError(400, 'invalidParameter', message, { locationType: 'parameter', location: name })
}

export function badRequest(message: string): GoogleError {
  return new GoogleError(400, 'badRequest', message)
}

export function notFound(): GoogleError {
  return new GoogleError(404, 'notFound', 'Not Found')
}

export function gone(): GoogleError {
  return new GoogleError(410, 'deleted', 'Resource has been deleted')
}

export function duplicate(): GoogleError {
  return new GoogleError(409, 'duplicate', 'The requested identifier already exists.')
}

export function conditionNotMet(): GoogleError {
  const place = { locationType: 'header', location: 'If-Match' }
  return new GoogleError(412, 'conditionNotMet', 'Precondition Failed', place)
}

export function fullSyncRequired(): GoogleError {
  const message = 'Sync token is no longer valid, a full sync is required.'
  const place = { domain: 'calendar', locationType: 'parameter', location: 'syncToken' }
  return new GoogleError(410, 'fullSyncRequired', message, place)
}

export function invalidCredentials(): GoogleError {
  const message =
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.'
  const place = { locationType: 'header', location: 'Authorization', shortMessage: 'Invalid Credentials' }
  return new GoogleError(401, 'authError', message, place, 'UNAUTHENTICATED')
}

export function insufficientScopes(): GoogleError {
  const message = 'Request had insufficient authentication scopes.'
  const place = { shortMessage: 'Insufficient Permission' }
  return new GoogleError(403, 'insufficientPermissions', message, place, 'PERMISSION_DENIED')
}

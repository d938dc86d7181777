import {
  ClientRefused,
  ConsentRevoked,
  NotFound,
  OutcomeUnknown,
  Throttled,
  VendorError,
} from '../providers/errors.ts'

export type ConsentFailure =
  | 'access_denied'
  | 'state_expired'
  | 'other_browser'
  | 'client_refused'
  | 'scopes_missing'
  | 'already_connected'
  | 'other_account'
  | 'calendar_missing'
  | 'vendor_unreachable'
  | 'vendor_refused'

const words: Record<ConsentFailure, string> = {
  access_denied: 'Access was not allowed at the vendor. Nothing was connected; start again to decide anew.',
  state_expired:
    'This consent was used already, or is older than ten minutes, or was not started here. Start it again.',
  other_browser: 'This consent was started in another browser. Start it again in this one.',
  client_refused:
    "The vendor refuses the OAuth client. An admin should check the integration's client id, secret and redirect address.",
  scopes_missing:
    'Not everything that syncing needs was allowed. Start again and leave every box ticked. Missing',
  already_connected:
    'This calendar is connected already by another provider. Use that one, or another calendar.',
  other_account:
    'This is another account than the one connected before. Sign in with that one, or make a new provider. Connected before',
  calendar_missing:
    'The account has no calendar of the id this provider names. Correct the id and start again.',
  vendor_unreachable: 'The vendor did not answer. Nothing was connected; start again in a moment.',
  vendor_refused:
    'The vendor refused. An admin should check that the calendar API is enabled for the OAuth client.',
}

/** Why a consent did not connect, in words for the person who gave it. */
export class ConsentFailed extends Error {
  override readonly name = 'ConsentFailed'
  readonly code: ConsentFailure
  constructor(code: ConsentFailure, fact?: string) {
    super(fact ? `${words[code]}: ${fact}.` : words[code].replace(/ (Missing|Connected before)$/, ''))
    this.code = code
  }
}

/** `error` of the vendor's redirect (RFC 6749 §4.1.2.1). */
export function failureOfVendor(error: string): ConsentFailed {
  switch (error) {
    case 'access_denied':
    case 'consent_required':
    case 'interaction_required':
    case 'login_required':
      return new ConsentFailed('access_denied')
    case 'server_error':
    case 'temporarily_unavailable':
      return new ConsentFailed('vendor_unreachable')
    default:
      return new ConsentFailed('client_refused')
  }
}

/** What a vendor's refusal means while a consent is finished; anything else is thrown on. */
export function failureOfError(error: unknown): ConsentFailed {
  if (error instanceof ConsentFailed) return error
  if (!(error instanceof VendorError)) throw error
  if (error instanceof ClientRefused) return new ConsentFailed('client_refused')
  // The code was redeemed already, or is too old.
  if (error instanceof ConsentRevoked) return new ConsentFailed('state_expired')
  if (error instanceof NotFound) return new ConsentFailed('calendar_missing')
  if (error instanceof OutcomeUnknown || error instanceof Throttled) {
    return new ConsentFailed('vendor_unreachable')
  }
  return new ConsentFailed('vendor_refused')
}

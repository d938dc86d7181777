import { nowOf, type World } from '../world.ts'

/** What Entra says with one of its numbers (https://learn.microsoft.com/entra/identity-platform/reference-error-codes). */
interface Refusal {
  error: string
  text: string
  status?: number
  suberror?: string
  /** The answer says what the client has to ask for when it sends the person to sign in again. */
  hasClaims?: boolean
}

const interaction = 'interaction_required'
const grant = 'invalid_grant'
const client = 'invalid_client'

export const refusals = {
  16000: {
    error: interaction,
    text: 'Either multiple user identities are available for the current request or selected account is not supported for the scenario.',
  },
  50011: {
    error: 'invalid_request',
    text: 'The redirect URI specified in the request does not match the redirect URIs configured for the application. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal.',
  },
  50020: {
    error: grant,
    text: "User account from the identity provider doesn't exist in the tenant and can't access the application in that tenant.",
  },
  50034: {
    error: grant,
    text: "The user account doesn't exist in the directory. To sign into this application, the account must be added to the directory.",
  },
  50053: {
    error: grant,
    text: "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
  },
  50057: { error: grant, text: 'The user account is disabled.' },
  50058: { error: 'login_required', text: 'A silent sign-in request was sent but no user is signed in.' },
  50076: {
    error: interaction,
    suberror: 'basic_action',
    hasClaims: true,
    text: "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '00000003-0000-0000-c000-000000000000'.",
  },
  50078: {
    error: interaction,
    suberror: 'basic_action',
    hasClaims: true,
    text: 'Presented multi-factor authentication has expired due to policies configured by your administrator, you must refresh your multi-factor authentication.',
  },
  50079: {
    error: interaction,
    suberror: 'basic_action',
    hasClaims: true,
    text: 'Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication.',
  },
  50089: { error: grant, text: 'Authentication failed due to flow token expired.' },
  50158: {
    error: interaction,
    suberror: 'basic_action',
    hasClaims: true,
    text: 'External security challenge not satisfied. User will be redirected to another page or authentication provider to satisfy additional authentication challenges.',
  },
  50173: {
    error: grant,
    suberror: 'bad_token',
    text: 'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.',
  },
  50194: {
    error: 'invalid_request',
    text: 'The application is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps created after 10/15/2018. Use a tenant-specific endpoint or configure the application to be multi-tenant.',
  },
  50196: {
    error: grant,
    text: 'The server terminated an operation because it encountered a client request loop.',
  },
  53000: {
    error: interaction,
    suberror: 'message_only',
    hasClaims: true,
    text: 'Device is not in required device state: compliant. Conditional Access policy requires a compliant device, and the device is not compliant.',
  },
  53003: {
    error: interaction,
    suberror: 'message_only',
    hasClaims: true,
    text: 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
  },
  54005: {
    error: grant,
    suberror: 'bad_token',
    text: 'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
  },
  65001: {
    error: grant,
    suberror: 'consent_required',
    text: 'The user or administrator has not consented to use the application. Send an interactive authorization request for this user and resource.',
  },
  65004: { error: 'access_denied', text: 'User declined to consent to access the app.' },
  70000: {
    error: grant,
    suberror: 'bad_token',
    text: "The provided value for the input parameter 'refresh_token' or 'assertion' is not valid.",
  },
  70003: { error: 'unsupported_grant_type', text: 'The app requested an unsupported grant type.' },
  70008: {
    error: grant,
    suberror: 'token_expired',
    text: 'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
  },
  70011: { error: 'invalid_scope', text: "The provided value for the input parameter 'scope' is not valid." },
  70043: {
    error: grant,
    suberror: 'token_expired',
    text: 'The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.',
  },
  90002: {
    error: 'invalid_request',
    text: 'The tenant was not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.',
  },
  90014: { error: 'invalid_request', text: 'The required field is missing from the credential.' },
  90023: { error: 'invalid_request', text: 'The value of a parameter is not valid.' },
  90033: {
    error: 'temporarily_unavailable',
    status: 503,
    text: 'A transient error has occurred. Please try again.',
  },
  90094: {
    error: 'access_denied',
    text: 'Admin consent is required for the permissions requested by this application.',
  },
  500112: {
    error: grant,
    text: 'The reply address does not match the reply address provided when requesting Authorization code.',
  },
  501481: {
    error: grant,
    text: 'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
  },
  700005: {
    error: grant,
    text: 'The provided authorization code is intended to use against another tenant.',
  },
  700016: {
    error: 'unauthorized_client',
    text: 'The application was not found in the directory. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.',
  },
  700025: {
    error: client,
    status: 401,
    text: "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
  },
  700054: {
    error: 'unsupported_response_type',
    text: 'The response_type is not enabled for the application.',
  },
  700082: {
    error: grant,
    suberror: 'token_expired',
    text: 'The refresh token has expired due to inactivity. It was inactive for 90.00:00:00.',
  },
  700084: {
    error: grant,
    suberror: 'token_expired',
    text: 'The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of 1.00:00:00, which can not be extended. It is now expired and a new sign in request must be sent by the SPA to the sign in page.',
  },
  900144: { error: 'invalid_request', text: 'The request body must contain the required parameter.' },
  900561: { error: 'invalid_request', text: 'The endpoint only accepts POST requests.' },
  7000112: { error: 'unauthorized_client', text: 'The application is disabled.' },
  7000215: {
    error: client,
    status: 401,
    text: 'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to the app.',
  },
  7000218: {
    error: client,
    status: 401,
    text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  },
  7000222: {
    error: client,
    status: 401,
    text: 'The provided client secret keys for the app are expired. Visit the Azure portal to create new keys for your app.',
  },
  9002313: { error: grant, suberror: 'bad_token', text: 'Invalid request. Request is malformed or invalid.' },
} as const satisfies Record<number, Refusal>

/** The heading of Microsoft's pages on which a sign-in ends. */
export const signInTrouble = 'Sorry, but we’re having trouble signing you in.'

export type AadstsCode = keyof typeof refusals

export function isAadstsCode(code: number): code is AadstsCode {
  return Object.hasOwn(refusals, code)
}

export interface TokenAnswer {
  status: number
  body: Record<string, unknown>
}

/** What an answer can say in words of its own. */
export interface Words {
  text?: string
  error?: string
  status?: number
}

/** A refusal of the token endpoint, with its number in the several places Entra repeats it. */
export function refusal(world: World, code: AadstsCode, words: Words = {}): TokenAnswer {
  const known: Refusal = refusals[code]
  const traceId = world.random.uuid()
  const correlationId = world.random.uuid()
  const timestamp = `${new Date(nowOf(world)).toISOString().slice(0, 19).replace('T', ' ')}Z`
  const description = [
    `AADSTS${code}: ${words.text ?? known.text}`,
    `Trace ID: ${traceId}`,
    `Correlation ID: ${correlationId}`,
    `Timestamp: ${timestamp}`,
  ].join('\r\n')
  const body = {
    error: words.error ?? known.error,
    error_description: description,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    ...(known.suberror === undefined ? {} : { suberror: known.suberror }),
    ...(known.hasClaims === true ? { claims: claimsOf(world) } : {}),
  }
  return { status: words.status ?? known.status ?? 400, body }
}

/** What the sign-in page has to be asked for, so that the policy which refused is met. */
function claimsOf(world: World): string {
  return JSON.stringify({ access_token: { capolids: { essential: true, values: [world.random.uuid()] } } })
}

/** The same words for a page or a redirect. */
export function wordsOfRefusal(world: World, code: AadstsCode, words: Words = {}): Record<string, string> {
  const { body } = refusal(world, code, words)
  return {
    error: String(body['error']),
    error_description: String(body['error_description']),
    error_uri: String(body['error_uri']),
    ...(typeof body['claims'] === 'string' ? { claims: body['claims'] } : {}),
  }
}

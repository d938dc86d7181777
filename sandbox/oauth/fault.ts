import type { FastifyRequest } from 'fastify'
import type { Fault } from '../faults.ts'
import type { Vendor } from '../state.ts'
import type { World } from '../world.ts'
import {
  isAadstsCode,
  refusal,
  signInTrouble,
  wordsOfRefusal,
  type AadstsCode,
  type TokenAnswer,
} from './aadsts.ts'
import {
  AuthorizeRefusal,
  parametersOf,
  problem,
  responseModeOf,
  sendBack,
  type AuthorizeAnswer,
} from './authorize.ts'
import { findClient, mayRedirect } from './clients.ts'
import { refusal as googleRefusal, sessionControl } from './google-token.ts'

/** An answer a fault asks of an endpoint of the sign-in, whose errors look unlike those of the calendars. */
export class TokenRefusal extends Error {
  override readonly name = 'TokenRefusal'
  readonly answer: TokenAnswer

  constructor(answer: TokenAnswer) {
    super('A sign-in endpoint was told to refuse.')
    this.answer = answer
  }
}

/** Whether a path of a vendor's belongs to its sign-in and not to its calendars. */
export function isSignIn(path: string): boolean {
  return !/^\/(calendar|batch|v1\.0)(\/|$)/.test(path)
}

/** The refusal a fault asks for: a page or a redirect where people are, an error in JSON where programs are. */
export function signInFault(
  world: World,
  vendor: Vendor,
  request: FastifyRequest,
  fault: Fault<'error'>,
): AuthorizeRefusal | TokenRefusal {
  const isPage = /\/(auth|authorize|adminconsent)$/.test(request.url.split('?')[0] ?? '')
  if (!isPage)
    return new TokenRefusal(vendor === 'google' ? googleAnswer(fault) : microsoftAnswer(world, fault))
  const parameters = { ...parametersOf(request.query), ...parametersOf(request.body) }
  return new AuthorizeRefusal(
    vendor === 'google' ? googlePage(world, parameters, fault) : microsoftPage(world, parameters, fault),
  )
}

const googleTexts: Record<string, [status: number, text: string]> = {
  invalid_grant: [400, 'Token has been expired or revoked.'],
  invalid_client: [401, 'The OAuth client was not found.'],
  unauthorized_client: [401, 'Unauthorized'],
  invalid_request: [400, 'Bad Request'],
  admin_policy_enforced: [
    400,
    'Access to your account data is restricted by policies within your organization.',
  ],
  org_internal: [403, 'This client is restricted to users within its organization.'],
  disallowed_useragent: [
    403,
    'This user-agent is not permitted to make an OAuth authorization request to Google as it is classified as an embedded user-agent.',
  ],
  access_denied: [403, 'The developer hasn’t given you access to this app.'],
  server_error: [500, 'Internal error.'],
  temporarily_unavailable: [503, 'The service is currently unavailable.'],
}
const usualNames: Record<number, string> = {
  400: 'invalid_grant',
  401: 'invalid_client',
  403: 'access_denied',
  500: 'server_error',
}

function googleAnswer({ status, code, message }: Fault<'error'>): TokenAnswer {
  if (code === 'invalid_rapt') return sessionControl()
  const name = code ?? usualNames[status ?? 500] ?? 'temporarily_unavailable'
  const [usualStatus, text] = googleTexts[name] ?? [400, 'Bad Request']
  return googleRefusal(status ?? usualStatus, name, message ?? text)
}

/** Google tells clients only what a person decided; everything else is a page. */
function googlePage(
  world: World,
  parameters: Record<string, string>,
  fault: Fault<'error'>,
): AuthorizeAnswer {
  const { status, body } = googleAnswer(fault)
  const name = String(body['error'])
  if (/^(access_denied|login_required|interaction_required|consent_required)$/.test(name)) {
    const back = sendBackTo(world, 'google', parameters, { error: name })
    if (back !== null) return back
  }
  return problem('google', `Error ${status}: ${name}`, String(body['error_description']), status)
}

const numbers: Record<string, AadstsCode> = {
  invalid_grant: 70000,
  invalid_client: 7000215,
  interaction_required: 50076,
  consent_required: 65001,
  login_required: 50058,
  access_denied: 65004,
  unauthorized_client: 700016,
  invalid_scope: 70011,
  invalid_request: 900144,
}
/** What is said on a page, since the client cannot be told or must not be. */
const onPages: AadstsCode[] = [50011, 50020, 50034, 50053, 50057, 50194, 53000, 53003, 90002, 700016, 900144]

function microsoftCode({ code, status }: Fault<'error'>): AadstsCode {
  const number = Number((code ?? '').replace(/^AADSTS/i, ''))
  if (isAadstsCode(number)) return number
  return numbers[code ?? usualNames[status ?? 500] ?? ''] ?? 90033
}

function microsoftAnswer(world: World, fault: Fault<'error'>): TokenAnswer {
  const { status, code, message } = fault
  const isName = code !== undefined && /^[a-z_]+$/.test(code)
  return refusal(world, microsoftCode(fault), {
    ...(isName ? { error: code } : {}),
    ...(message === undefined ? {} : { text: message }),
    ...(status === undefined ? {} : { status }),
  })
}

function microsoftPage(
  world: World,
  parameters: Record<string, string>,
  fault: Fault<'error'>,
): AuthorizeAnswer {
  const number = microsoftCode(fault)
  const words = fault.message === undefined ? {} : { text: fault.message }
  if (!onPages.includes(number)) {
    const back = sendBackTo(world, 'microsoft', parameters, wordsOfRefusal(world, number, words))
    if (back !== null) return back
  }
  const text = String(refusal(world, number, words).body['error_description'])
  return problem('microsoft', signInTrouble, text, fault.status ?? 400)
}

/** A redirect to the client, if it says truly where it is. */
function sendBackTo(
  world: World,
  vendor: Vendor,
  parameters: Record<string, string>,
  fields: Record<string, string>,
): AuthorizeAnswer | null {
  const client = findClient(world, vendor, parameters['client_id'])
  const redirectUri = parameters['redirect_uri']
  if (client === undefined || !mayRedirect(client, redirectUri)) return null
  const responseMode = responseModeOf(parameters) ?? 'query'
  return sendBack({ redirectUri, responseMode, state: parameters['state'] ?? null }, fields)
}

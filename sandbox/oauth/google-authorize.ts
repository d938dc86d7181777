import { allAccounts, type Account } from '../accounts.ts'
import type { World } from '../world.ts'
import {
  challengeFault,
  challengeOf,
  decisionOf,
  problem,
  responseModeOf,
  sendBack,
  wordsOf,
  type AuthorizeAnswer,
  type AuthorizeRequest,
} from './authorize.ts'
import { findClient, mayRedirect } from './clients.ts'
import { issueCode } from './codes.ts'
import { consentPage } from './consent-page.ts'
import { grantable, isIdentityScope, isKnownScope } from './google-scopes.ts'
import { consent, findGrant } from './grants.ts'
import { requirementOf, silentAccount } from './sign-ins.ts'

const vendor = 'google'

/** Shows the consent page, answers without one where that was wished, or says why neither is possible. */
export function showGoogleConsent(
  world: World,
  action: string,
  parameters: Record<string, string>,
): AuthorizeAnswer {
  const request = review(world, parameters)
  if ('kind' in request) return request
  if (request.prompts.includes('none')) return answerSilently(world, request)
  const accounts = allAccounts(world).filter((account) => account.vendor === vendor)
  const { scopes } = request
  const optional = scopes.filter((scope) => !isIdentityScope(scope))
  return {
    kind: 'page',
    status: 200,
    html: consentPage({ vendor, action, parameters, accounts, scopes, optional }),
  }
}

/** Carries out a decision: a redirect with a code, or with Google's word for a refusal. */
export function decideAtGoogle(world: World, form: unknown): AuthorizeAnswer {
  const { decision, parameters } = decisionOf(world, vendor, form)
  const request = review(world, parameters)
  if ('kind' in request) return request
  if (!decision.isAllowed) return sendBack(request, { error: 'access_denied' })
  if (decision.account === null) return problem(vendor, 'Choose an account', 'There is no such account here.')
  const refused = refusePerson(world, request, decision.account)
  if (refused !== null) return refused
  const ticked = decision.ticked === null ? null : grantable(decision.ticked)
  const scopes = request.scopes.filter(
    (scope) => isIdentityScope(scope) || ticked === null || ticked.includes(scope),
  )
  // Whoever unticks everything has declined.
  return scopes.length === 0 && request.scopes.length > 0
    ? sendBack(request, { error: 'access_denied' })
    : grantCode(world, request, decision.account, scopes)
}

/** The error pages of Google's sign-in, each with its status and name. */
function refuse(name: string, message: string, status = 400): AuthorizeAnswer {
  return problem(vendor, `Error ${status}: ${name}`, message, status)
}

function review(world: World, parameters: Record<string, string>): AuthorizeRequest | AuthorizeAnswer {
  const missing = ['client_id', 'redirect_uri', 'response_type', 'scope'].find((name) => !parameters[name])
  if (missing === 'client_id') return refuse('invalid_request', 'Missing required parameter: client_id')
  const client = findClient(world, vendor, parameters['client_id'])
  if (client === undefined) return refuse('invalid_client', 'The OAuth client was not found.', 401)
  if (missing === 'redirect_uri') return refuse('invalid_request', 'Missing required parameter: redirect_uri')
  const redirectUri = parameters['redirect_uri']
  if (!mayRedirect(client, redirectUri)) {
    const advice = `The redirect URI in the request, ${redirectUri ?? ''}, does not match the ones authorized for the OAuth client.`
    return refuse('redirect_uri_mismatch', advice)
  }
  if (missing !== undefined) return refuse('invalid_request', `Required parameter is missing: ${missing}`)
  if (parameters['response_type'] !== 'code')
    return refuse('unsupported_response_type', 'The sandbox plays the response type "code" only.')
  const asked = wordsOf(parameters['scope'])
  const invalid = asked.filter((scope) => !isKnownScope(scope))
  if (invalid.length > 0) {
    const valid = asked.filter(isKnownScope)
    return refuse(
      'invalid_scope',
      `Some requested scopes were invalid. {valid=[${valid.join(', ')}], invalid=[${invalid.join(', ')}]}`,
    )
  }
  const wrong = wrongParameter(parameters)
  if (wrong !== null) return refuse('invalid_request', `Invalid parameter value for ${wrong}`)
  const configured = client.scopes
  const scopes = grantable(asked).filter((scope) => configured === undefined || configured.includes(scope))
  return {
    client,
    redirectUri,
    responseMode: responseModeOf(parameters) ?? 'query',
    scopes,
    prompts: wordsOf(parameters['prompt']),
    state: parameters['state'] ?? null,
    challenge: challengeOf(parameters),
    parameters,
  }
}

function wrongParameter(parameters: Record<string, string>): string | null {
  const { access_type: accessType = 'online' } = parameters
  if (!['online', 'offline'].includes(accessType)) return `access_type: ${accessType}`
  const prompts = wordsOf(parameters['prompt'])
  const unknown = prompts.find((word) => !['none', 'consent', 'select_account'].includes(word))
  if (unknown !== undefined) return `prompt: Invalid prompt: ${unknown}`
  if (prompts.includes('none') && prompts.length > 1) return `prompt: ${prompts.join(' ')}`
  if (responseModeOf(parameters) === undefined) return 'response_mode'
  return challengeFault(parameters)
}

/** What keeps this person from this client whatever they decide. */
function refusePerson(world: World, { client }: AuthorizeRequest, account: Account): AuthorizeAnswer | null {
  if (client.internalTo !== undefined && !account.email.endsWith(`@${client.internalTo}`))
    return refuse('org_internal', 'This client is restricted to users within its organization.', 403)
  const requirement = requirementOf(world, vendor, account.email)
  if (requirement === 'admin-policy') {
    const text = 'Access to your account data is restricted by policies within your organization.'
    return refuse('admin_policy_enforced', text)
  }
  return requirement === 'disabled' ? refuse('access_denied', 'This account has been disabled.', 403) : null
}

/** OpenID Connect Core §3.1.2.6: whoever may ask nothing has to know everything. */
function answerSilently(world: World, request: AuthorizeRequest): AuthorizeAnswer {
  const account = silentAccount(world, vendor, request.parameters['login_hint'])
  if (account === 'none') return sendBack(request, { error: 'login_required' })
  if (account === 'several') return sendBack(request, { error: 'interaction_required' })
  if (refusePerson(world, request, account) !== null)
    return sendBack(request, { error: 'interaction_required' })
  const grant = findGrant(world, vendor, account.email, request.client.clientId)
  const isGranted = request.scopes.every((scope) => grant?.scopes.includes(scope) === true)
  if (!isGranted) return sendBack(request, { error: 'consent_required' })
  return grantCode(world, request, account, request.scopes)
}

function grantCode(
  world: World,
  request: AuthorizeRequest,
  account: Account,
  scopes: readonly string[],
): AuthorizeAnswer {
  const { client, redirectUri, challenge, parameters, prompts } = request
  const grant = consent(world, { vendor, email: account.email, clientId: client.clientId, scopes })
  const code = issueCode(world, vendor, {
    grantId: grant.id,
    redirectUri,
    scopes: parameters['include_granted_scopes'] === 'true' ? grant.scopes : scopes,
    challenge,
    isOffline: parameters['access_type'] === 'offline',
    wasPrompted: prompts.includes('consent'),
    nonce: parameters['nonce'] ?? null,
  })
  const prompt = prompts.includes('none') ? 'none' : 'consent'
  return sendBack(request, { code: code.code, scope: code.scopes.join(' '), authuser: '0', prompt })
}

import { type Account } from '../accounts.ts'
import type { MicrosoftAccount } from '../microsoft/types.ts'
import type { World } from '../world.ts'
import { refusal, signInTrouble, wordsOfRefusal, type AadstsCode, type Words } from './aadsts.ts'
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
import { consent, findGrant } from './grants.ts'
import { includesScope, scopeFault } from './microsoft-scopes.ts'
import { blockOf, fulfil, interactionFor } from './microsoft-requirements.ts'
import { silentAccount } from './sign-ins.ts'
import { audienceOf, isIn, microsoftAccounts, tenantOf, type Audience } from './tenants.ts'
import type { Client } from './types.ts'

const vendor = 'microsoft'

interface Asked {
  request: AuthorizeRequest
  audience: Audience
}

/** Shows the consent page, answers without one where that was wished, or says why neither is possible. */
export function showMicrosoftConsent(
  world: World,
  tenant: string,
  action: string,
  parameters: Record<string, string>,
): AuthorizeAnswer {
  const asked = review(world, tenant, parameters)
  if ('kind' in asked) return asked
  const { request, audience } = asked
  if (request.prompts.includes('none')) return answerSilently(world, asked)
  const accounts = microsoftAccounts(world).filter(
    (account) => isIn(audience, account) && isHintedDomain(account, parameters['domain_hint']),
  )
  const { scopes } = request
  const html = consentPage({ vendor, action, parameters, accounts, scopes, optional: [] })
  return { kind: 'page', status: 200, html }
}

/** Carries out a decision: a redirect with a code, or with Entra's word for a refusal. */
export function decideAtMicrosoft(world: World, tenant: string, form: unknown): AuthorizeAnswer {
  const { decision, parameters } = decisionOf(world, vendor, form)
  const asked = review(world, tenant, parameters)
  if ('kind' in asked) return asked
  const { request, audience } = asked
  if (!decision.isAllowed)
    return sendBack(request, { ...wordsOfRefusal(world, 65004), error_subcode: 'cancel' })
  const { account, ticked } = decision
  if (account?.vendor !== vendor) return problem(vendor, 'Pick an account', 'There is no such account here.')
  if (!isIn(audience, account) || !isInAudience(world, request.client, account)) return refuse(world, 50020)
  const block = blockOf(world, account)
  if (block !== null) return refuse(world, block)
  if (lacksAdminConsent(world, request.client, account)) return tell(world, request, 90094)
  fulfil(world, account)
  const scopes = request.scopes.filter((scope) => ticked === null || includesScope(ticked, scope))
  return grantCode(world, request, account, scopes)
}

/** A page for the person, where the client must not be told. */
function refuse(world: World, code: AadstsCode, words: Words = {}): AuthorizeAnswer {
  const text = String(refusal(world, code, words).body['error_description'])
  return problem(vendor, signInTrouble, text)
}

function tell(world: World, request: AuthorizeRequest, code: AadstsCode, words: Words = {}): AuthorizeAnswer {
  return sendBack(request, wordsOfRefusal(world, code, words))
}

function review(world: World, tenant: string, parameters: Record<string, string>): Asked | AuthorizeAnswer {
  const audience = audienceOf(world, tenant)
  if (audience.kind === 'unknown') return refuse(world, 90002, { text: `Tenant '${tenant}' not found.` })
  if (!parameters['client_id']) return missing(world, 'client_id')
  const client = findClient(world, vendor, parameters['client_id'])
  if (client === undefined) {
    const text = `Application with identifier '${parameters['client_id']}' was not found in the directory.`
    return refuse(world, 700016, { text })
  }
  const closed = closedTo(world, client, audience)
  if (closed !== null) return refuse(world, closed)
  const redirectUri = parameters['redirect_uri']
  if (!mayRedirect(client, redirectUri)) {
    const text = `The redirect URI '${redirectUri ?? ''}' specified in the request does not match the redirect URIs configured for the application '${client.clientId}'.`
    return refuse(world, 50011, { text })
  }
  const absent = ['response_type', 'scope'].find((name) => !parameters[name])
  if (absent !== undefined) return missing(world, absent)
  const request: AuthorizeRequest = {
    client,
    redirectUri,
    responseMode: responseModeOf(parameters) ?? 'query',
    scopes: [...new Set(wordsOf(parameters['scope']))],
    prompts: wordsOf(parameters['prompt']),
    state: parameters['state'] ?? null,
    challenge: challengeOf(parameters),
    parameters,
  }
  return wrongIn(world, request) ?? { request, audience }
}

function missing(world: World, name: string): AuthorizeAnswer {
  return refuse(world, 900144, {
    text: `The request body must contain the following parameter: '${name}'.`,
  })
}

/** What is wrong with a request that the client can be told of. */
function wrongIn(world: World, request: AuthorizeRequest): AuthorizeAnswer | null {
  const { parameters, prompts, client } = request
  if (parameters['response_type'] !== 'code') {
    const text = `response_type '${parameters['response_type'] ?? ''}' is not enabled for the application.`
    return tell(world, request, 700054, { text })
  }
  const scope = scopeFault(request.scopes)
  if (scope !== null) {
    const text = `The provided value for the input parameter 'scope' is not valid. ${scope}`
    return tell(world, request, 70011, { text })
  }
  const unknown = prompts.find((word) => !['none', 'login', 'consent', 'select_account'].includes(word))
  const wrong =
    (unknown === undefined && prompts.length < 2 ? null : 'prompt') ??
    (responseModeOf(parameters) === undefined ? 'response_mode' : null) ??
    challengeFault(parameters)
  if (wrong !== null)
    return tell(world, request, 90023, { text: `The value of the parameter '${wrong}' is not valid.` })
  if (client.singlePage === true && request.challenge === null) {
    const text = 'Proof Key for Code Exchange is required for cross-origin authorization code redemption.'
    return tell(world, request, 90023, { text })
  }
  return null
}

/** Whether a client can be used under a tenant's path at all. */
export function closedTo(world: World, client: Client, audience: Audience): AadstsCode | null {
  switch (client.audience ?? 'everybody') {
    case 'one-tenant': {
      const home = audienceOf(world, client.tenant ?? '')
      if (audience.kind !== 'tenant') return 50194
      return home.kind === 'tenant' && home.id === audience.id ? null : 700016
    }
    case 'organizations':
      return audience.kind === 'consumers' ? 700016 : null
    case 'consumers':
      return audience.kind === 'consumers' || audience.kind === 'common' ? null : 700016
    case 'everybody':
      return null
  }
}

function isInAudience(world: World, client: Client, account: MicrosoftAccount): boolean {
  switch (client.audience ?? 'everybody') {
    case 'one-tenant': {
      const home = audienceOf(world, client.tenant ?? '')
      return home.kind === 'tenant' && home.id === tenantOf(account)
    }
    case 'organizations':
      return account.kind === 'work'
    case 'consumers':
      return account.kind === 'personal'
    case 'everybody':
      return true
  }
}

function isHintedDomain(account: MicrosoftAccount, hint: string | undefined): boolean {
  if (hint === undefined) return true
  if (hint === 'consumers') return account.kind === 'personal'
  if (hint === 'organizations') return account.kind === 'work'
  return account.email.endsWith(`@${hint.toLowerCase()}`)
}

function lacksAdminConsent(world: World, client: Client, account: MicrosoftAccount): boolean {
  if (client.needsAdminConsent !== true) return false
  return !world.state.adminConsents.has(`${client.clientId} ${tenantOf(account)}`)
}

/** Without a page: with everything known beforehand, or not at all. */
function answerSilently(world: World, { request, audience }: Asked): AuthorizeAnswer {
  const account: Account | 'none' | 'several' = silentAccount(world, vendor, request.parameters['login_hint'])
  if (account === 'several') return tell(world, request, 16000)
  if (account === 'none' || account.vendor !== vendor || !isIn(audience, account))
    return tell(world, request, 50058)
  const needed = blockOf(world, account) ?? interactionFor(world, account)
  if (needed !== null) return tell(world, request, needed)
  if (lacksAdminConsent(world, request.client, account)) return tell(world, request, 90094)
  const grant = findGrant(world, vendor, account.email, request.client.clientId)
  const isGranted = request.scopes.every((scope) => grant !== undefined && includesScope(grant.scopes, scope))
  if (!isGranted) return tell(world, request, 65001, { error: 'consent_required' })
  return grantCode(world, request, account, request.scopes)
}

function grantCode(
  world: World,
  request: AuthorizeRequest,
  account: MicrosoftAccount,
  scopes: readonly string[],
): AuthorizeAnswer {
  const { client, redirectUri, challenge, parameters } = request
  const grant = consent(world, { vendor, email: account.email, clientId: client.clientId, scopes })
  const issued = issueCode(world, vendor, {
    grantId: grant.id,
    redirectUri,
    scopes,
    challenge,
    isOffline: scopes.includes('offline_access'),
    wasPrompted: false,
    nonce: parameters['nonce'] ?? null,
  })
  return sendBack(request, { code: issued.code, session_state: world.random.uuid() })
}

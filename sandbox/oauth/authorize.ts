import { ensureAccount, findAccount } from '../accounts.ts'
import { isObject, textOf, textsOf } from '../json.ts'
import type { Vendor } from '../state.ts'
import type { World } from '../world.ts'
import { consentPage, refusalPage } from './consent-page.ts'
import { consent, findClient, isRedirectAddress, issueCode } from './grants.ts'
import type { AuthorizationCode } from './types.ts'

export type AuthorizeAnswer =
  | { kind: 'page'; status: number; html: string }
  | { kind: 'redirect'; location: string }

/** What the two vendors do differently when a decision is made. */
export interface AuthorizeRules {
  vendor: Vendor
  unknownClient: string
  issuesRefreshToken(request: {
    parameters: Record<string, string>
    scopes: string[]
    isFirst: boolean
  }): boolean
  denial: Record<string, string>
  echoesScope: boolean
}

/** Flattens a query or form into texts; a repeated parameter counts once. */
export function parametersOf(input: unknown): Record<string, string> {
  const parameters: Record<string, string> = {}
  for (const [name, value] of Object.entries(isObject(input) ? input : {})) {
    const text = textsOf(value)[0]
    if (text !== undefined) parameters[name] = text
  }
  return parameters
}

/** Shows the consent page, or says why this request cannot be answered with a redirect. */
export function showConsent(
  world: World,
  rules: AuthorizeRules,
  action: string,
  parameters: Record<string, string>,
): AuthorizeAnswer {
  const refused = refuse(world, rules, parameters)
  if (refused !== null) return refused
  const scopes = scopesOf(parameters)
  return {
    kind: 'page',
    status: 200,
    html: consentPage(world, { vendor: rules.vendor, action, parameters, scopes }),
  }
}

/** Carries out a decision: a redirect with a code, or with the vendor's word for a refusal. */
export function decide(world: World, rules: AuthorizeRules, form: unknown): AuthorizeAnswer {
  const { account, decision, other_account: otherAccount, ...parameters } = parametersOf(form)
  const refused = refuse(world, rules, parameters)
  if (refused !== null) return refused
  const redirectUri = parameters['redirect_uri'] ?? ''
  const state = parameters['state'] === undefined ? {} : { state: parameters['state'] }
  if (decision !== 'allow') return redirect(redirectUri, { ...rules.denial, ...state })

  const email = otherAccount === undefined || otherAccount === '' ? account : otherAccount
  if (email === undefined || email === '')
    return problem(rules.vendor, 'Choose an account', 'No account was chosen.')
  if (email === otherAccount) ensureAccount(world, { vendor: rules.vendor, email })
  if (findAccount(world, rules.vendor, email) === undefined) {
    return problem(rules.vendor, 'Unknown account', `There is no account ${email} here.`)
  }
  const asked = scopesOf(parameters)
  const granted = isObject(form) && 'granted_scope' in form ? textsOf(form['granted_scope']) : asked
  const scopes = asked.filter((scope) => granted.includes(scope))
  const clientId = parameters['client_id'] ?? ''
  const { grant, isFirst } = consent(world, { vendor: rules.vendor, email, clientId, scopes })
  const issued = issueCode(
    world,
    {
      grantId: grant.id,
      redirectUri,
      scopes: parameters['include_granted_scopes'] === 'true' ? grant.scopes : scopes,
      challenge: challengeOf(parameters),
      issuesRefreshToken: rules.issuesRefreshToken({ parameters, scopes, isFirst }),
      nonce: parameters['nonce'] ?? null,
    },
    rules.vendor,
  )
  const scope = rules.echoesScope ? { scope: issued.scopes.join(' ') } : {}
  return redirect(redirectUri, { code: issued.code, ...state, ...scope })
}

function refuse(
  world: World,
  rules: AuthorizeRules,
  parameters: Record<string, string>,
): AuthorizeAnswer | null {
  const clientId = textOf(parameters['client_id'])
  if (findClient(world, rules.vendor, clientId) === undefined) {
    return problem(
      rules.vendor,
      'The client is unknown',
      `${rules.unknownClient} (client_id ${clientId ?? 'missing'})`,
      401,
    )
  }
  if (!isRedirectAddress(parameters['redirect_uri'])) {
    const code = rules.vendor === 'google' ? 'redirect_uri_mismatch' : 'AADSTS50011'
    return problem(rules.vendor, code, 'The redirect URI must be https, or http on this machine.')
  }
  if (parameters['response_type'] !== 'code') {
    return problem(rules.vendor, 'invalid_request', 'The response type must be "code".')
  }
  return scopesOf(parameters).length === 0
    ? problem(rules.vendor, 'invalid_request', 'The scope is missing.')
    : null
}

function problem(vendor: Vendor, title: string, message: string, status = 400): AuthorizeAnswer {
  return { kind: 'page', status, html: refusalPage(vendor, title, message) }
}

function redirect(address: string, parameters: Record<string, string>): AuthorizeAnswer {
  const url = new URL(address)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return { kind: 'redirect', location: url.href }
}

function scopesOf(parameters: Record<string, string>): string[] {
  return (parameters['scope'] ?? '').split(/\s+/).filter((scope) => scope !== '')
}

function challengeOf(parameters: Record<string, string>): AuthorizationCode['challenge'] {
  const value = parameters['code_challenge']
  if (value === undefined) return null
  return { method: parameters['code_challenge_method'] === 'S256' ? 'S256' : 'plain', value }
}

import type { JsonObject } from '../json.ts'
import type { MicrosoftAccount } from '../microsoft/types.ts'
import type { World } from '../world.ts'
import { refusal, signInTrouble, wordsOfRefusal, type AadstsCode } from './aadsts.ts'
import { decisionOf, problem, sendBack, wordsOf, type AuthorizeAnswer } from './authorize.ts'
import { findClient, mayRedirect } from './clients.ts'
import { consentPage } from './consent-page.ts'
import { audienceOf, isIn, microsoftAccounts, tenantOf, type Audience } from './tenants.ts'
import type { Client } from './types.ts'

const vendor = 'microsoft'

interface Asked {
  client: Client
  redirectUri: string
  audience: Audience
  scopes: string[]
  state: string | null
}

/** The page on which an administrator allows a client for a whole tenant (https://learn.microsoft.com/entra/identity-platform/v2-admin-consent). */
export function showAdminConsent(
  world: World,
  tenant: string,
  action: string,
  parameters: Record<string, string>,
): AuthorizeAnswer {
  const asked = review(world, tenant, parameters)
  if ('kind' in asked) return asked
  const { audience, scopes } = asked
  const accounts = microsoftAccounts(world).filter((account) => isAdministrator(audience, account))
  const whole = { vendor, action, parameters, accounts, scopes, optional: [] } as const
  const html = consentPage({ ...whole, optional: [], isForTenant: true })
  return { kind: 'page', status: 200, html }
}

/** Carries out an administrator's decision for the tenant of their account. */
export function decideAdminConsent(world: World, tenant: string, form: JsonObject): AuthorizeAnswer {
  const { decision, parameters } = decisionOf(world, vendor, form)
  const asked = review(world, tenant, parameters)
  if ('kind' in asked) return asked
  const back = { ...asked, responseMode: 'query' as const }
  if (!decision.isAllowed) return sendBack(back, wordsOfRefusal(world, 65004))
  const { account } = decision
  if (account?.vendor !== vendor || !isAdministrator(asked.audience, account)) return refuse(world, 50020)
  const { client, scopes } = asked
  const tenantId = tenantOf(account)
  const { clientId } = client
  world.state.adminConsents.set(`${clientId} ${tenantId}`, { clientId, tenantId, scopes })
  const scope = scopes.length === 0 ? {} : { scope: scopes.join(' ') }
  return sendBack(back, { admin_consent: 'True', tenant: tenantId, ...scope })
}

/** Everybody with a work account is an administrator here. */
function isAdministrator(audience: Audience, account: MicrosoftAccount): boolean {
  return account.kind === 'work' && isIn(audience, account)
}

function review(world: World, tenant: string, parameters: Record<string, string>): Asked | AuthorizeAnswer {
  const audience = audienceOf(world, tenant)
  if (audience.kind === 'unknown' || audience.kind === 'consumers')
    return refuse(world, 90002, `Tenant '${tenant}' not found.`)
  const clientId = parameters['client_id'] ?? ''
  const client = findClient(world, vendor, clientId)
  if (client === undefined)
    return refuse(world, 700016, `Application with identifier '${clientId}' was not found in the directory.`)
  const redirectUri = parameters['redirect_uri']
  if (!mayRedirect(client, redirectUri)) return refuse(world, 50011)
  const scopes = wordsOf(parameters['scope'])
  return { client, redirectUri, audience, scopes, state: parameters['state'] ?? null }
}

function refuse(world: World, code: AadstsCode, text?: string): AuthorizeAnswer {
  const { body } = refusal(world, code, text === undefined ? {} : { text })
  return problem(vendor, signInTrouble, String(body['error_description']))
}

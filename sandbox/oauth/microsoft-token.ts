import { findAccount } from '../accounts.ts'
import { microsoftSwitch } from '../microsoft/switches.ts'
import type { MicrosoftAccount } from '../microsoft/types.ts'
import { nowOf, type World } from '../world.ts'
import { refusal, type AadstsCode, type TokenAnswer, type Words } from './aadsts.ts'
import { parametersOf, wordsOf } from './authorize.ts'
import { findClient, presentedClient } from './clients.ts'
import { checkVerifier, redeemCode } from './codes.ts'
import { closedTo } from './microsoft-authorize.ts'
import { clientInfo, microsoftIdentityToken } from './microsoft-identity.ts'
import { blockOf, interactionFor } from './microsoft-requirements.ts'
import { includesScope, scopeFault } from './microsoft-scopes.ts'
import { audienceOf, isIn, type Audience } from './tenants.ts'
import { findRefreshToken, issueAccessToken, issueRefreshToken, noteUse } from './tokens.ts'
import type { Client, Grant, RefreshToken } from './types.ts'

const dayMs = 86_400_000
const idleMaxMs = 90 * dayMs

interface Call {
  world: World
  form: Record<string, string>
  client: Client
  audience: Audience
}

/** Entra's token endpoint: exchange of a code, and refresh. */
export function exchangeAtMicrosoft(
  world: World,
  tenant: string,
  body: unknown,
  authorization: string | undefined,
): TokenAnswer {
  const audience = audienceOf(world, tenant)
  if (audience.kind === 'unknown') return refusal(world, 90002, { text: `Tenant '${tenant}' not found.` })
  const form = parametersOf(body)
  const grantType = form['grant_type']
  if (!grantType) return missing(world, 'grant_type')
  if (grantType === 'client_credentials' || grantType.startsWith('urn:')) {
    const text = `The sandbox does not play the grant type ${grantType}.`
    return refusal(world, 70003, { text, status: 501 })
  }
  if (grantType !== 'authorization_code' && grantType !== 'refresh_token') return refusal(world, 70003)
  const client = authenticate(world, form, authorization)
  if ('status' in client) return client
  const closed = closedTo(world, client, audience)
  if (closed !== null) return refusal(world, closed)
  const scope = scopeFault(wordsOf(form['scope']))
  if (scope !== null) {
    const text = `The provided value for the input parameter 'scope' is not valid. ${scope}`
    return refusal(world, 70011, { text })
  }
  const call = { world, form, client, audience }
  return grantType === 'refresh_token' ? refresh(call) : redeem(call)
}

function missing(world: World, name: string): TokenAnswer {
  return refusal(world, 900144, { text: `The request body must contain the following parameter: '${name}'.` })
}

function authenticate(
  world: World,
  form: Record<string, string>,
  authorization: string | undefined,
): Client | TokenAnswer {
  const { clientId, secret } = presentedClient(form, authorization)
  if (!clientId) return missing(world, 'client_id')
  const client = findClient(world, 'microsoft', clientId)
  if (client === undefined) {
    const text = `Application with identifier '${clientId}' was not found in the directory.`
    return refusal(world, 700016, { text })
  }
  if (client.singlePage === true) return secret === undefined ? client : refusal(world, 700025)
  if (!secret) return refusal(world, 7000218)
  if (client.clientSecret !== secret) return refusal(world, 7000215)
  return client.secretExpired === true ? refusal(world, 7000222) : client
}

function redeem(call: Call): TokenAnswer {
  const { world, form, client } = call
  if (!form['code']) return missing(world, 'code')
  if (!form['redirect_uri']) return missing(world, 'redirect_uri')
  const code = world.state.codes.get(form['code'])
  const grant = world.state.grants.get(code?.grantId ?? '')
  if (code === undefined || grant?.vendor !== 'microsoft' || grant.clientId !== client.clientId)
    return refusal(world, 9002313)
  const person = personOf(call, grant)
  if ('status' in person) return person
  if (code.redeemed) return refusal(world, 54005)
  if (code.expiresAtMs <= nowOf(world)) return refusal(world, 70008)
  if (code.redirectUri !== form['redirect_uri']) {
    const text = `The reply address '${form['redirect_uri']}' does not match the reply address '${code.redirectUri}' provided when requesting Authorization code.`
    return refusal(world, 500112, { text })
  }
  if (checkVerifier(code, form['code_verifier']) !== 'good') return refusal(world, 501481)
  redeemCode(world, code)
  const asked = wordsOf(form['scope'])
  const scopes = narrowed(code.scopes, asked)
  if (scopes === null) return refusal(world, 65001)
  return answerWith(call, grant, person, {
    scopes,
    isOffline: code.isOffline,
    nonce: code.nonce,
    held: code.scopes,
  })
}

function refresh(call: Call): TokenAnswer {
  const { world, form, client } = call
  if (!form['refresh_token']) return missing(world, 'refresh_token')
  const found = findRefreshToken(world, 'microsoft', form['refresh_token'])
  if (found === undefined || found.grant.clientId !== client.clientId) return refusal(world, 70000)
  const { token, grant } = found
  const person = personOf(call, grant)
  if ('status' in person) return person
  const spent = spentAs(world, token)
  if (spent !== null) return refusal(world, spent)
  const needed = interactionFor(world, person)
  if (needed !== null) return refusal(world, needed, interactionWords(world, needed))
  const scopes = narrowed(
    token.scopes.filter((scope) => grant.scopes.includes(scope)),
    wordsOf(form['scope']),
  )
  if (scopes === null) return refusal(world, 65001)
  noteUse(world, token)
  return answerWith(call, grant, person, {
    scopes,
    isOffline: true,
    nonce: null,
    held: token.scopes,
    endsAtMs: token.endsAtMs,
  })
}

/** Whose grant it is, if it stands and nothing keeps the person from tokens. */
function personOf({ world, audience }: Call, grant: Grant): MicrosoftAccount | TokenAnswer {
  const account = findAccount(world, 'microsoft', grant.email)
  if (account?.vendor !== 'microsoft') return refusal(world, 50034)
  if (grant.ended !== null) return refusal(world, grant.ended === 'revoked' ? 50173 : 65001)
  if (!isIn(audience, account)) return refusal(world, 700005)
  const block = blockOf(world, account)
  return block === null ? account : refusal(world, block, interactionWords(world, block))
}

/** What Entra calls a refusal that a person can mend differs between accounts of it. */
function interactionWords(world: World, code: AadstsCode): Words {
  const isInteraction = [50076, 50078, 50079, 50158, 53000, 53003].includes(code)
  return isInteraction ? { error: microsoftSwitch(world.state, 'interactionError') } : {}
}

function spentAs(world: World, { revoked, usedAtMs, endsAtMs }: RefreshToken): AadstsCode | null {
  const now = nowOf(world)
  if (revoked) return 50173
  if (endsAtMs !== null && endsAtMs <= now) return 700084
  return now - usedAtMs >= idleMaxMs ? 700082 : null
}

/** The scopes of a token that was asked for some of them; nothing when one of those was never consented to. */
function narrowed(held: readonly string[], asked: readonly string[]): readonly string[] | null {
  if (asked.length === 0 || includesScope(asked, '.default')) return held
  const isConsented = asked.every((scope) => isOpenId(scope) || includesScope(held, scope))
  if (!isConsented) return null
  return held.filter((scope) => isOpenId(scope) || includesScope(asked, scope))
}

function isOpenId(scope: string): boolean {
  return ['openid', 'profile', 'email', 'offline_access'].includes(scope)
}

interface Given {
  scopes: readonly string[]
  /** All that a new refresh token will be good for. */
  held: readonly string[]
  isOffline: boolean
  nonce: string | null
  endsAtMs?: number | null
}

/** Every answer with offline access brings a new refresh token, and the one before stays good. */
function answerWith(
  { world, form, client }: Call,
  grant: Grant,
  person: MicrosoftAccount,
  given: Given,
): TokenAnswer {
  const { vendor, email, clientId, id } = grant
  const seconds = lifeSeconds(world, person)
  const isPersonal = person.kind === 'personal'
  const holder = { vendor, email, clientId, grantId: id, scopes: given.scopes }
  const { token } = issueAccessToken(world, holder, {
    prefix: isPersonal ? 'EwB' : 'eyJ0eXAiOiJKV1Qi.',
    seconds,
  })
  const body: Record<string, unknown> = {
    token_type: 'Bearer',
    // offline_access is never listed among the scopes of an answer.
    scope: given.scopes.filter((scope) => scope !== 'offline_access').join(' '),
    expires_in: seconds,
    ext_expires_in: seconds,
    access_token: token,
  }
  if (given.isOffline) {
    const spaEndsAtMs = client.singlePage === true ? nowOf(world) + dayMs : null
    const endsAtMs = given.endsAtMs === undefined ? spaEndsAtMs : given.endsAtMs
    const prefix = isPersonal ? 'M.C5_BAY.0.U.-' : '0.AX'
    body['refresh_token'] = issueRefreshToken(world, grant, { prefix, scopes: given.held, endsAtMs }).token
  }
  if (given.scopes.includes('openid'))
    body['id_token'] = microsoftIdentityToken(world, grant, person, {
      scopes: given.scopes,
      nonce: given.nonce,
    })
  if (form['client_info'] === '1') body['client_info'] = clientInfo(person)
  return { status: 200, body }
}

/** Sixty to ninety minutes by chance for work accounts, an hour for personal ones. */
function lifeSeconds(world: World, person: MicrosoftAccount): number {
  if (microsoftSwitch(world.state, 'accessTokenSeconds') === 3599) return 3599
  return person.kind === 'personal' ? 3600 : 3600 + Math.floor(world.random.next() * 1800) - 1
}

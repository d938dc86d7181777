import type { FastifyInstance } from 'fastify'
import type { Account } from '../accounts.ts'
import { expireAccessTokens, reduceGrant, revokeEverything } from '../oauth/consents.ts'
import { findGrant } from '../oauth/grants.ts'
import { endSessions, requirementOf, setRequirement } from '../oauth/sign-ins.ts'
import { accessTokenSeconds, issueAccessToken } from '../oauth/tokens.ts'
import { requirements } from '../oauth/types.ts'
import type { World } from '../world.ts'
import { accountOf, bodyOf, type OfAccount } from './account-routes.ts'
import { ControlError } from './errors.ts'
import { fieldsOf } from './fields.ts'

/** Tokens of accounts, and what happens to them. */
export function signInRoutes(app: FastifyInstance, world: World): void {
  app.post<OfAccount>('/_sandbox/accounts/:email/token', (request) => {
    const account = accountOf(world, request)
    const { vendor, email } = account
    const clientId = fieldsOf(bodyOf(request)).text('clientId') ?? 'control'
    const form = { prefix: prefixOf(account), seconds: accessTokenSeconds }
    const { token } = issueAccessToken(world, { vendor, email, clientId, grantId: null, scopes: null }, form)
    return { access_token: token, expires_in: accessTokenSeconds, token_type: 'Bearer' }
  })

  app.post<OfAccount>('/_sandbox/accounts/:email/revoke', (request) => {
    const grants = revokeEverything(world, accountOf(world, request))
    return { revoked: grants }
  })

  app.post<OfAccount>('/_sandbox/accounts/:email/expire-tokens', (request) => ({
    expired: expireAccessTokens(world, accountOf(world, request)),
  }))

  app.post<OfAccount>('/_sandbox/accounts/:email/reset-password', (request) => {
    const account = accountOf(world, request)
    endSessions(world, account.vendor, account.email)
    return { reset: true }
  })

  app.post<OfAccount>('/_sandbox/accounts/:email/consent', (request) => {
    const account = accountOf(world, request)
    const { clientId, scopes } = bodyOf(request)
    const kept = Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string') ? scopes : null
    if (typeof clientId !== 'string' || kept === null)
      throw new ControlError(400, 'clientId must be a text and scopes the list of those that are left.')
    const grant = findGrant(world, account.vendor, account.email, clientId)
    if (grant === undefined) throw new ControlError(404, `${account.email} has granted ${clientId} nothing.`)
    return { scopes: reduceGrant(world, grant, kept) }
  })

  app.post<OfAccount>('/_sandbox/accounts/:email/sign-in', (request) => {
    const account = accountOf(world, request)
    const body = bodyOf(request)
    if (!('requires' in body)) throw new ControlError(400, `requires must be null or ${choicesFor(account)}.`)
    const wish = fieldsOf(body).oneOf('requires', requirements[account.vendor]) ?? null
    setRequirement(world, account.vendor, account.email, wish)
    return { requires: requirementOf(world, account.vendor, account.email) }
  })
}

function choicesFor({ vendor }: Account): string {
  return `one of ${requirements[vendor].join(', ')}`
}

function prefixOf(account: Account): string {
  if (account.vendor === 'google') return 'ya29.a0'
  return account.kind === 'personal' ? 'EwB' : 'eyJ0eXAiOiJKV1Qi.'
}

import type { User } from '@microsoft/microsoft-graph-types'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { JsonObject } from '../json.ts'
import type { World } from '../world.ts'
import { itemAnswer } from './answers.ts'
import { readCall, readCaller } from './calls.ts'
import { GraphError } from './errors.ts'
import { userType } from './odata/mailbox-types.ts'
import type { MicrosoftAccount } from './types.ts'

const scopes = ['User.Read', 'User.ReadWrite', 'profile', 'openid']

/** Who signed in: https://learn.microsoft.com/graph/api/user-get */
export function microsoftUserRoutes(app: FastifyInstance, world: World): void {
  app.get('/v1.0/me', (request, reply) => {
    const { account } = readCall(world, request, reply, scopes)
    return itemAnswer(request.query, { context: 'users', type: userType }, renderUser(account))
  })

  app.get('/v1.0/users/:userId', (request: FastifyRequest<{ Params: { userId: string } }>, reply) => {
    const { account } = readCaller(world, request)
    checkUser(world, account, request.params.userId)
    readCall(world, request, reply, scopes)
    return itemAnswer(request.query, { context: 'users', type: userType }, renderUser(account))
  })
}

/** The directory knows users whose mailbox is not the caller's, and tells nothing of them. */
function checkUser(world: World, account: MicrosoftAccount, id: string): void {
  const isNamed = ({ subject, email }: MicrosoftAccount): boolean =>
    subject === id || email === id.toLowerCase()
  if (isNamed(account)) return
  if ([...world.state.microsoft.values()].some(isNamed)) {
    const message = 'Insufficient privileges to complete the operation.'
    throw new GraphError(403, 'Authorization_RequestDenied', message)
  }
  const message = `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`
  throw new GraphError(404, 'Request_ResourceNotFound', message)
}

function renderUser({ email, subject }: MicrosoftAccount): JsonObject {
  return {
    businessPhones: [],
    displayName: email,
    givenName: null,
    jobTitle: null,
    mail: email,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    surname: null,
    userPrincipalName: email,
    id: subject,
  } satisfies User
}

import type { FastifyInstance } from 'fastify'
import { mailboxBases, metadata, readCall } from '../microsoft/calls.ts'
import type { World } from '../world.ts'
import { endSessions } from './sign-ins.ts'

const scopes = ['User.RevokeSessions.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All']

/** Ends a person's sessions by Graph: https://learn.microsoft.com/graph/api/user-revokesigninsessions */
export function sessionRoutes(app: FastifyInstance, world: World): void {
  for (const base of mailboxBases) {
    app.post(`${base}/revokeSignInSessions`, (request, reply) => {
      const { account } = readCall(world, request, reply, scopes)
      endSessions(world, 'microsoft', account.email)
      return { '@odata.context': `${metadata}#Edm.Boolean`, value: true }
    })
  }
}

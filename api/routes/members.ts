import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { insertMember, listMembers, type Member as MemberRow } from '../../db/members.ts'
import type { ApiDeps } from '../dependencies.ts'
import { tenantOf } from '../principal.ts'
import { conflicting } from '../problem.ts'
import { listOf, Member, NewMember } from '../schemas.ts'

/** The tenant's people: they own providers and are assigned to entries. */
export function memberRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>()

  routes.get(
    '/members',
    { schema: { tags: ['members'], response: { 200: listOf(Member) } } },
    async (request) => {
      const members = await deps.database.tenant(tenantOf(request), listMembers)
      return { items: members.map(showMember), nextCursor: null }
    },
  )

  routes.post(
    '/members',
    {
      config: { atLeast: 'operator' },
      schema: { tags: ['members'], body: NewMember, response: { 201: Member } },
    },
    async (request, reply) => {
      const tenantId = tenantOf(request)
      const email = request.body.email.toLowerCase()
      const { name } = request.body
      const member = { id: deps.newId(), tenantId, email, name, active: true, createdAt: deps.now() }
      const outcome = await deps.database.tenant(tenantId, (db) => insertMember(db, member))
      if (outcome === 'email-taken') {
        throw conflicting('email-taken', `A member has the email ${email} already.`)
      }
      return reply.status(201).send(showMember(member))
    },
  )
}

const showMember = (member: MemberRow) => ({
  id: member.id,
  email: member.email,
  name: member.name,
  active: member.active,
  createdAt: member.createdAt.toISOString(),
})

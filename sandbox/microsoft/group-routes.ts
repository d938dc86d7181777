import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { World } from '../world.ts'
import { itemAnswer, listAnswer, type Shown } from './answers.ts'
import { mailboxBases, readCall, readScopes, writeScopes } from './calls.ts'
import { createGroup, deleteGroup, findGroup, patchGroup } from './groups.ts'
import { mailboxFacts } from './mailbox.ts'
import { groupType } from './odata/mailbox-types.ts'
import type { MicrosoftAccount } from './types.ts'

type Request = FastifyRequest<{ Params: { groupId?: string } }>

/** The groups a mailbox's calendars stand in. */
export function microsoftGroupRoutes(app: FastifyInstance, world: World): void {
  for (const base of mailboxBases) {
    app.get(`${base}/calendarGroups`, (request, reply) => {
      const { account } = readCall(world, request, reply, readScopes)
      const items = mailboxFacts(world, account).groups.map((group) => ({ ...group }))
      return listAnswer(world, request, shownIn(account), items)
    })

    app.post(`${base}/calendarGroups`, (request, reply) => {
      const { account } = readCall(world, request, reply, writeScopes)
      const group = createGroup(world, account, request.body)
      return reply.status(201).send(itemAnswer({}, shownIn(account), { ...group }))
    })

    const find = ({ params }: Request, account: MicrosoftAccount) =>
      findGroup(mailboxFacts(world, account), params.groupId)

    app.get(`${base}/calendarGroups/:groupId`, (request: Request, reply) => {
      const { account } = readCall(world, request, reply, readScopes)
      return itemAnswer(request.query, shownIn(account), { ...find(request, account) })
    })

    app.patch(`${base}/calendarGroups/:groupId`, (request: Request, reply) => {
      const { account } = readCall(world, request, reply, writeScopes)
      const group = patchGroup(world, account, find(request, account), request.body)
      return itemAnswer({}, shownIn(account), { ...group })
    })

    app.delete(`${base}/calendarGroups/:groupId`, (request: Request, reply) => {
      const { account } = readCall(world, request, reply, writeScopes)
      deleteGroup(world, account, find(request, account))
      return reply.status(204).send()
    })
  }
}

function shownIn({ subject }: MicrosoftAccount): Shown {
  return { context: `users('${subject}')/calendarGroups`, type: groupType }
}

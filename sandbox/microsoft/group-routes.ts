import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { World } from '../world.ts'
import { countAnswer, countingOptions, itemAnswer, listAnswer, type Shown } from './answers.ts'
import { mailboxBases, readCall, readScopes, writeScopes } from './calls.ts'
import { createGroup, deleteGroup, findGroup, patchGroup } from './groups.ts'
import { mailboxFacts } from './mailbox.ts'
import { groupType } from './odata/mailbox-types.ts'
import { plainPage } from './odata/plain-list.ts'
import type { MicrosoftAccount } from './types.ts'

type Request = FastifyRequest<{ Params: { groupId?: string } }>

/** The groups a mailbox's calendars stand in. */
export function microsoftGroupRoutes(app: FastifyInstance, world: World): void {
  for (const base of mailboxBases) {
    const itemsOf = (account: MicrosoftAccount) =>
      mailboxFacts(world, account).groups.map((group) => ({ ...group }))

    app.get(`${base}/calendarGroups`, (request, reply) => {
      const { account } = readCall(world, request, reply, readScopes)
      return listAnswer(world, request, shownIn(account), itemsOf(account))
    })

    app.get(`${base}/calendarGroups/$count`, (request, reply) => {
      const { account } = readCall(world, request, reply, readScopes)
      return countAnswer(
        reply,
        plainPage(itemsOf(account), groupType, countingOptions(request.query), 10).count,
      )
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

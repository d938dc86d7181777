import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { JsonObject } from '../json.ts'
import type { World } from '../world.ts'
import { countAnswer, countingOptions, itemAnswer, listAnswer, type Shown } from './answers.ts'
import { renderCalendar } from './calendar-resource.ts'
import { createCalendar, deleteCalendar, patchCalendar } from './calendars.ts'
import {
  calendarBases,
  calendarOf,
  mailboxBases,
  readCall,
  readScopes,
  writeScopes,
  type Call,
} from './calls.ts'
import { findGroup } from './groups.ts'
import { groupOf, mailboxFacts } from './mailbox.ts'
import { calendarType } from './odata/mailbox-types.ts'
import { plainPage } from './odata/plain-list.ts'
import type { CalendarGroup, MicrosoftAccount, MicrosoftCalendar } from './types.ts'

type Request = FastifyRequest<{ Params: { calendarId?: string; groupId?: string } }>

/** The calendars of a mailbox, all of them or those of a group. */
export function microsoftCalendarRoutes(app: FastifyInstance, world: World): void {
  for (const base of mailboxBases) {
    listRoutes(app, world, `${base}/calendars`, () => undefined)
    const groupIn = ({ account }: Call, { params }: Request): CalendarGroup =>
      findGroup(mailboxFacts(world, account), params.groupId)
    listRoutes(app, world, `${base}/calendarGroup/calendars`, groupIn)
    listRoutes(app, world, `${base}/calendarGroups/:groupId/calendars`, groupIn)
  }
  const mailboxes: readonly string[] = mailboxBases
  for (const base of calendarBases) if (!mailboxes.includes(base)) itemRoutes(app, world, base)
}

function listRoutes(
  app: FastifyInstance,
  world: World,
  path: string,
  groupIn: (call: Call, request: Request) => CalendarGroup | undefined,
): void {
  const itemsIn = (call: Call, request: Request): JsonObject[] => {
    const group = groupIn(call, request)
    const facts = mailboxFacts(world, call.account)
    const calendars = [...call.account.calendars.values()].filter(
      ({ groupId }) => group === undefined || groupOf(facts, groupId)?.id === group.id,
    )
    return calendars.map((calendar) => renderCalendar(calendar, call.account))
  }

  app.get(path, (request: Request, reply) => {
    const call = readCall(world, request, reply, readScopes)
    return listAnswer(world, request, shownIn(call.account), itemsIn(call, request))
  })

  app.get(`${path}/$count`, (request: Request, reply) => {
    const items = itemsIn(readCall(world, request, reply, readScopes), request)
    return countAnswer(reply, plainPage(items, calendarType, countingOptions(request.query), 10).count)
  })

  app.post(path, (request: Request, reply) => {
    const call = readCall(world, request, reply, writeScopes)
    const made = createCalendar(world, call.account, groupIn(call, request)?.id, request.body)
    return answer(call.account, made, {}, reply.status(201))
  })
}

function itemRoutes(app: FastifyInstance, world: World, base: string): void {
  app.get(base, (request: Request, reply) => {
    const { account } = readCall(world, request, reply, readScopes)
    return answer(account, calendarOf(account, request.params.calendarId), request.query, reply)
  })

  app.patch(base, (request: Request, reply) => {
    const { account } = readCall(world, request, reply, writeScopes)
    const calendar = calendarOf(account, request.params.calendarId)
    return answer(account, patchCalendar(world, account, calendar, request.body), {}, reply)
  })

  if (!base.includes(':calendarId')) return
  app.delete(base, (request: Request, reply) => {
    const { account } = readCall(world, request, reply, writeScopes)
    deleteCalendar(world, account, calendarOf(account, request.params.calendarId))
    return reply.status(204).send()
  })
}

function shownIn({ subject }: MicrosoftAccount): Shown {
  return { context: `users('${subject}')/calendars`, type: calendarType }
}

function answer(
  account: MicrosoftAccount,
  calendar: MicrosoftCalendar,
  query: unknown,
  reply: FastifyReply,
): FastifyReply {
  return reply.send(itemAnswer(query, shownIn(account), renderCalendar(calendar, account)))
}

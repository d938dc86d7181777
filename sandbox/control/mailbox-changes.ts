import type { FastifyInstance, FastifyRequest } from 'fastify'
import { findAccount, type Account } from '../accounts.ts'
import { renderCalendar } from '../microsoft/calendar-resource.ts'
import { addCalendar, changeCalendar, removeCalendar, restoreCalendar } from '../microsoft/calendars.ts'
import { changeMailbox, mailboxFacts } from '../microsoft/mailbox.ts'
import { moveMailbox } from '../microsoft/mailbox-move.ts'
import type { MicrosoftAccount, MicrosoftCalendar } from '../microsoft/types.ts'
import { isObject } from '../json.ts'
import { renameAccount } from '../rename.ts'
import type { World } from '../world.ts'
import { accountOf, bodyOf, type OfAccount } from './account-routes.ts'
import { ControlError } from './errors.ts'
import { fieldsOf } from './fields.ts'

type OfCalendar = { Params: { email: string; calendarId: string } }

/** What befalls an account from outside: another address, other ids, calendars shared, removed and brought back. */
export function mailboxChangeRoutes(app: FastifyInstance, world: World): void {
  app.post<OfAccount>('/_sandbox/accounts/:email/rename', (request) => {
    const account = accountOf(world, request)
    const to = fieldsOf(bodyOf(request)).text('to')?.toLowerCase()
    if (to === undefined || !/^[^\s@]+@[^\s@]+$/.test(to))
      throw new ControlError(400, 'to must be an address.')
    if (findAccount(world, account.vendor, to) !== undefined)
      throw new ControlError(409, `There is an account ${to} already.`)
    renameAccount(world, account, to)
    return { vendor: account.vendor, email: to }
  })

  app.post<OfAccount>('/_sandbox/accounts/:email/move-mailbox', (request) => {
    const account = mailboxOf(accountOf(world, request))
    const ids = fieldsOf(bodyOf(request)).oneOf('ids', ['default', 'all']) ?? 'default'
    const { moves, calendars } = moveMailbox(world, account, ids)
    return { moves, calendars: [...calendars.values()].map(({ id, name }) => ({ id, name })) }
  })

  app.patch<OfAccount>('/_sandbox/accounts/:email/mailbox', (request) => {
    const account = mailboxOf(accountOf(world, request))
    const timeZone = fieldsOf(bodyOf(request)).text('timeZone')
    const { settings } = mailboxFacts(world, account)
    if (timeZone !== undefined) changeMailbox(world, account, { settings: { ...settings, timeZone } })
    return { timeZone: mailboxFacts(world, account).settings.timeZone }
  })

  calendarRoutes(app, world)
}

function calendarRoutes(app: FastifyInstance, world: World): void {
  const path = '/_sandbox/accounts/:email/calendars'
  app.post<OfAccount>(path, (request) => {
    const account = mailboxOf(accountOf(world, request))
    const { name, ...facts } = factsOf(request)
    if (name === undefined) throw new ControlError(400, 'name must be a text.')
    return renderCalendar(addCalendar(world, account, { ...facts, name }), account)
  })

  app.patch<OfCalendar>(`${path}/:calendarId`, (request) => {
    const account = mailboxOf(accountOf(world, request))
    const calendar = calendarOf(account, request.params.calendarId)
    return renderCalendar(changeCalendar(world, account, calendar, factsOf(request)), account)
  })

  app.delete<OfCalendar>(`${path}/:calendarId`, (request, reply) => {
    const account = mailboxOf(accountOf(world, request))
    const calendar = calendarOf(account, request.params.calendarId)
    if (calendar.primary) throw new ControlError(400, 'The default calendar cannot be removed.')
    removeCalendar(world, account, calendar)
    return reply.status(204).send()
  })

  app.post<OfCalendar>(`${path}/:calendarId/restore`, (request) => {
    const account = mailboxOf(accountOf(world, request))
    const calendar = restoreCalendar(world, account, request.params.calendarId)
    if (calendar === undefined) throw new ControlError(404, 'There is no such removed calendar.')
    return renderCalendar(calendar, account)
  })
}

function mailboxOf(account: Account): MicrosoftAccount {
  if (account.vendor === 'microsoft') return account
  throw new ControlError(
    400,
    'This is for Microsoft accounts; Google’s own interface does the same for its calendars.',
  )
}

function calendarOf(account: MicrosoftAccount, id: string): MicrosoftCalendar {
  const calendar = account.calendars.get(id)
  if (calendar === undefined) throw new ControlError(404, `There is no calendar ${id}.`)
  return calendar
}

/** A calendar of somebody else's is shared with the account; whether it may be written is said apart. */
function factsOf(
  request: FastifyRequest,
): Partial<Pick<MicrosoftCalendar, 'name' | 'color' | 'owner' | 'canEdit'>> {
  const body = bodyOf(request)
  const fields = fieldsOf(body)
  fields.allowOnly(['vendor', 'name', 'color', 'owner', 'canEdit'])
  const [name, color] = [fields.text('name'), fields.text('color')]
  const { owner, canEdit } = body
  if (canEdit !== undefined && typeof canEdit !== 'boolean')
    throw new ControlError(400, 'canEdit must be true or false.')
  if (owner !== undefined && !isObject(owner)) throw new ControlError(400, 'owner must be {name, address}.')
  const whose = owner === undefined ? undefined : fieldsOf(owner)
  const address = whose?.text('address')
  if (whose !== undefined && address === undefined)
    throw new ControlError(400, 'owner must be {name, address}.')
  return {
    ...(name === undefined ? {} : { name }),
    ...(color === undefined ? {} : { color }),
    ...(canEdit === undefined ? {} : { canEdit }),
    ...(address === undefined ? {} : { owner: { name: whose?.text('name') ?? address, address } }),
  }
}

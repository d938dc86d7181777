import type { FastifyRequest } from 'fastify'
import { findAccount, type Account } from '../../accounts.ts'
import { isObject, textOf, type JsonObject } from '../../json.ts'
import { isVendor } from '../../state.ts'
import { wallTimeOf } from '../../zones.ts'
import { nowOf, type World } from '../../world.ts'
import type { Ask } from '../ask.ts'
import { NotHere } from '../not-here.ts'
import { googleOwner } from './google-owner.ts'
import { microsoftOwner } from './microsoft-owner.ts'
import { scopes, type CalendarInfo, type Owner, type Scope } from './owner.ts'
import { accountPath, placeLink, readPlace, type Place } from './place.ts'

export type OfAccount = { Params: { vendor: string; email: string } }
export type Request = FastifyRequest<OfAccount>

/** A request to one of an account's pages, read. */
export interface Visit {
  owner: Owner
  calendars: CalendarInfo[]
  place: Place
  query: JsonObject
  form: JsonObject
  calendarId: string
  /** The event's id, empty where none is named. */
  id: string
  scope: Scope
  back: string
}

export async function visitOf(world: World, ask: Ask, request: Request): Promise<Visit> {
  const account = accountOf(world, request.params)
  const query = isObject(request.query) ? request.query : {}
  const form = isObject(request.body) ? request.body : {}
  const place = readPlace(query, wallTimeOf(nowOf(world), account.timeZone).slice(0, 10))
  const named = textOf(form['calendar']) ?? textOf(query['calendar'])
  const owner = account.vendor === 'google' ? googleOwner(ask, account) : microsoftOwner(ask, account)
  const calendars = await owner.calendars()
  const calendar = calendars.find(({ id, primary }) =>
    named === undefined || named === 'primary' ? primary : id === named,
  )
  if (calendar === undefined) throw new NotHere('There is no such calendar.')
  const back = textOf(form['back']) ?? placeLink(account, place)
  return {
    owner,
    calendars,
    place,
    query,
    form,
    calendarId: calendar.id,
    id: textOf(form['id']) ?? textOf(query['id']) ?? '',
    scope: scopes.find((scope) => scope === form['scope']) ?? 'this',
    // Nothing that was posted may send a person elsewhere.
    back: back.startsWith(`${accountPath(account)}?`) ? back : accountPath(account),
  }
}

function accountOf(world: World, { vendor, email }: OfAccount['Params']): Account {
  const account = isVendor(vendor) ? findAccount(world, vendor, email) : undefined
  if (account === undefined) throw new NotHere(`There is no account ${email}.`)
  return account
}

import type { FastifyInstance } from 'fastify'
import { findCalendar } from '../accounts.ts'
import { receiveEvent } from '../google/receive-event.ts'
import { changeSetting, settingNames } from '../google/settings.ts'
import { textOf } from '../json.ts'
import { isIanaZone } from '../zones.ts'
import type { World } from '../world.ts'
import { accountOf, bodyOf, type OfAccount } from './account-routes.ts'
import { ControlError } from './errors.ts'

/** What people and administrators do in Google's own pages: sharing with groups, and settings. */
export function googleControlRoutes(app: FastifyInstance, world: World): void {
  app.post('/_sandbox/groups', (request) => {
    const { email, members } = bodyOf(request)
    const address = textOf(email)?.toLowerCase()
    if (address === undefined || !Array.isArray(members) || !members.every((one) => typeof one === 'string'))
      throw new ControlError(400, 'A group needs email and members, a list of addresses.')
    const addresses = members.map((one: string) => one.toLowerCase())
    world.state.groups.set(address, addresses)
    return { email: address, members: addresses }
  })

  app.post<OfAccount>('/_sandbox/accounts/:email/received', (request) => {
    const account = accountOf(world, request)
    if (account.vendor !== 'google') throw new ControlError(400, 'Only Google accounts receive events so.')
    const { calendar: id, resource } = bodyOf(request)
    const calendar = findCalendar(account, textOf(id) ?? 'primary')
    if (calendar === undefined) throw new ControlError(404, 'There is no such calendar.')
    return receiveEvent({ world, account, calendar }, resource)
  })

  app.post<OfAccount>('/_sandbox/accounts/:email/settings', (request) => {
    const account = accountOf(world, request)
    if (account.vendor !== 'google') throw new ControlError(400, 'Only Google accounts have these settings.')
    const { vendor: _vendor, ...wishes } = bodyOf(request)
    for (const [name, value] of Object.entries(wishes)) checkSetting(name, value)
    for (const [name, value] of Object.entries(wishes)) changeSetting(world, account, name, String(value))
    return { changed: Object.keys(wishes) }
  })
}

function checkSetting(name: string, value: unknown): void {
  if (!settingNames.includes(name) || typeof value !== 'string')
    throw new ControlError(400, `Give texts for any of ${settingNames.join(', ')}.`)
  if (name === 'timezone' && !isIanaZone(value)) throw new ControlError(400, `${value} is no IANA time zone.`)
}

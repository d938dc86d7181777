import { GoogleError } from './errors.ts'

const list = 'users/me/calendarList'
const settings = 'users/me/settings'
const calendar = 'calendars/{calendarId}'
const rule = `${calendar}/acl/{ruleId}`
const event = `${calendar}/events/{eventId}`

/** Every method of Calendar v3: https://developers.google.com/workspace/calendar/api/v3/reference */
const methods: Record<string, string> = {
  [`DELETE ${rule}`]: 'acl.delete',
  [`GET ${rule}`]: 'acl.get',
  [`POST ${calendar}/acl`]: 'acl.insert',
  [`GET ${calendar}/acl`]: 'acl.list',
  [`PATCH ${rule}`]: 'acl.patch',
  [`PUT ${rule}`]: 'acl.update',
  [`POST ${calendar}/acl/watch`]: 'acl.watch',
  [`DELETE ${list}/{calendarId}`]: 'calendarList.delete',
  [`GET ${list}/{calendarId}`]: 'calendarList.get',
  [`POST ${list}`]: 'calendarList.insert',
  [`GET ${list}`]: 'calendarList.list',
  [`PATCH ${list}/{calendarId}`]: 'calendarList.patch',
  [`PUT ${list}/{calendarId}`]: 'calendarList.update',
  [`POST ${list}/watch`]: 'calendarList.watch',
  [`POST ${calendar}/clear`]: 'calendars.clear',
  [`DELETE ${calendar}`]: 'calendars.delete',
  [`GET ${calendar}`]: 'calendars.get',
  'POST calendars': 'calendars.insert',
  [`PATCH ${calendar}`]: 'calendars.patch',
  [`POST ${calendar}/transferOwnership`]: 'calendars.transferOwnership',
  [`PUT ${calendar}`]: 'calendars.update',
  'POST channels/stop': 'channels.stop',
  'GET colors': 'colors.get',
  [`DELETE ${event}`]: 'events.delete',
  [`GET ${event}`]: 'events.get',
  [`POST ${calendar}/events/import`]: 'events.import',
  [`POST ${calendar}/events`]: 'events.insert',
  [`GET ${event}/instances`]: 'events.instances',
  [`GET ${calendar}/events`]: 'events.list',
  [`POST ${event}/move`]: 'events.move',
  [`PATCH ${event}`]: 'events.patch',
  [`POST ${calendar}/events/quickAdd`]: 'events.quickAdd',
  [`PUT ${event}`]: 'events.update',
  [`POST ${calendar}/events/watch`]: 'events.watch',
  'POST freeBusy': 'freebusy.query',
  [`GET ${settings}/{setting}`]: 'settings.get',
  [`GET ${settings}`]: 'settings.list',
  [`POST ${settings}/watch`]: 'settings.watch',
}

const patterns = Object.entries(methods).map(([address, name]) => {
  const [method = '', path = ''] = address.split(' ')
  const pattern = new RegExp(`^/calendar/v3/${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
  return { method, pattern, name }
})

/** What Google offers and nobody plays here is told apart from what Google does not know. */
export function notPlayedByGoogle(method: string, path: string): GoogleError | undefined {
  const known = patterns.find((one) => one.method === method && one.pattern.test(path))
  if (known === undefined) return undefined
  return new GoogleError(501, 'notImplemented', `The sandbox does not play ${known.name}.`)
}

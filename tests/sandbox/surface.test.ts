import { OAuth2Client } from 'google-auth-library'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { calendar } from 'googleapis/build/src/apis/calendar/index.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeOf, list, object, play, reasonOf, type Call, type Played } from './played.ts'
import { routeKey } from './schemas/routes.ts'

let played: Played
let graph: Call
let playedKeys: Set<string>

beforeAll(async () => {
  played = await play()
  graph = await played.account('microsoft', 'grace@example.com')
  const { body } = await played.control('GET', 'routes')
  playedKeys = new Set(list(body['items']).map((one) => routeKey(String(one['method']), String(one['path']))))
})
afterAll(() => played.close())

/** The answer to a call of the client, whatever its status, and where it was sent. */
interface Sent {
  status: number
  data: unknown
  config: { method: string; url: string | URL }
}
type Method = (parameters: object, options: object) => Promise<Sent>

/** Each method of the vendor's own client by its name: a resource and a verb. */
function methodsOf(client: object): [string, Method][] {
  return Object.entries(client).flatMap(([name, resource]: [string, unknown]) => {
    if (typeof resource !== 'object' || resource === null || !('context' in resource)) return []
    const prototype: object = Object.getPrototypeOf(resource) as object
    return Object.getOwnPropertyNames(prototype)
      .filter((verb) => verb !== 'constructor')
      .map((verb): [string, Method] => {
        const method = (resource as Record<string, Method>)[verb]
        if (method === undefined) throw new Error(`${name}.${verb} is none`)
        return [`${name}.${verb}`, method.bind(resource)]
      })
  })
}

/** What the README says is answered with 501, by vendor. */
const notPlayed = (() => {
  const readme = readFileSync(join(import.meta.dirname, '../../sandbox/README.md'), 'utf8')
  const [, section = ''] = /### Answered with 501\n([\s\S]*?)\n###/.exec(readme) ?? []
  const [whole = ''] = section.split('Within calls that are played')
  const [google = '', microsoft = ''] = whole.split('Of Graph')
  const namesIn = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name).toSorted()
  return { google: namesIn(google), microsoft: namesIn(microsoft) }
})()

test('each method of Google’s own client is played, or answered with 501 and its name, as the README lists', async () => {
  const email = 'ada@example.com'
  await played.account('google', email)
  const { body } = await played.control('POST', `accounts/${email}/token?vendor=google`)
  const auth = new OAuth2Client()
  auth.setCredentials({ access_token: String(body['access_token']) })
  const methods = methodsOf(calendar({ version: 'v3', auth, rootUrl: `${played.sandbox.google}/` }))
  expect(methods.length).toBeGreaterThan(35)

  const parameters = {
    calendarId: 'someone@example.com',
    eventId: 'nothing0',
    ruleId: 'user:ada@example.com',
    setting: 'timezone',
    destination: email,
    newDataOwner: email,
    text: 'Lunch',
    useAdminAccess: true,
  }
  const refused: string[] = []
  for (const [name, method] of methods) {
    const takesBody = /\.(insert|import|patch|update|watch|query|stop)$/.test(name)
    const given = takesBody ? { ...parameters, requestBody: {} } : parameters
    const sent = await method(given, { retry: false, validateStatus: () => true })
    const path = new URL(String(sent.config.url)).pathname
    const known = [...playedKeys].some((key) => matches(key, sent.config.method, path))
    const answer = { status: sent.status, headers: new Headers(), body: object(sent.data) }
    if (known) expect([name, sent.status]).not.toEqual([name, 501])
    else {
      expect([name, sent.status, reasonOf(answer)]).toEqual([name, 501, 'notImplemented'])
      expect(JSON.stringify(sent.data)).toContain(`The sandbox does not play ${name}.`)
      refused.push(name)
    }
  }
  expect(refused.toSorted()).toEqual(notPlayed.google)
})

function matches(key: string, method: string, path: string): boolean {
  return new RegExp(`^${key.replaceAll(/:\w+/g, '[^/]+')}$`).test(`${method.toUpperCase()} ${path}`)
}

/** The calendar's part of Graph v1.0: https://learn.microsoft.com/graph/api/resources/calendar-overview */
const offered = [
  ['GET', 'POST', '/v1.0/me/calendars'],
  ['GET', '/v1.0/me/calendars/$count'],
  ['GET', '/v1.0/me/calendarGroups/$count'],
  ['GET', '/v1.0/me/events/$count'],
  ['GET', 'POST', '/v1.0/me/calendarGroups'],
  ['GET', 'PATCH', 'DELETE', '/v1.0/me/calendarGroups/G'],
  ['GET', 'POST', '/v1.0/me/calendarGroups/G/calendars'],
  ['GET', 'PATCH', '/v1.0/me/calendar'],
  ['GET', 'PATCH', 'DELETE', '/v1.0/me/calendars/C'],
  ['GET', 'POST', '/v1.0/me/calendars/C/calendarPermissions'],
  ['GET', 'PATCH', 'DELETE', '/v1.0/me/calendars/C/calendarPermissions/P'],
  ['POST', '/v1.0/me/calendar/getSchedule'],
  ['GET', 'POST', '/v1.0/me/events'],
  ['GET', '/v1.0/me/events/delta'],
  ['GET', 'PATCH', 'DELETE', '/v1.0/me/events/E'],
  ['GET', '/v1.0/me/events/E/instances'],
  ['GET', '/v1.0/me/events/E/calendar'],
  ['GET', 'POST', '/v1.0/me/events/E/attachments'],
  ['POST', '/v1.0/me/events/E/attachments/createUploadSession'],
  ['GET', 'DELETE', '/v1.0/me/events/E/attachments/A'],
  ['POST', '/v1.0/me/events/E/extensions'],
  ['GET', 'PATCH', 'DELETE', '/v1.0/me/events/E/extensions/X'],
  ...['accept', 'decline', 'tentativelyAccept', 'cancel', 'forward', 'dismissReminder'].map((verb) => [
    'POST',
    `/v1.0/me/events/E/${verb}`,
  ]),
  ['POST', '/v1.0/me/events/E/snoozeReminder'],
  ['POST', '/v1.0/me/events/E/permanentDelete'],
  ['GET', '/v1.0/me/calendarView'],
  ['GET', '/v1.0/me/calendarView/delta'],
  ['POST', '/v1.0/me/findMeetingTimes'],
  ['GET', "/v1.0/me/reminderView(startDateTime='2026-03-01T00:00:00',endDateTime='2026-03-02T00:00:00')"],
  ['POST', '/v1.0/me/translateExchangeIds'],
  ['GET', 'PATCH', '/v1.0/me/mailboxSettings'],
  ['GET', '/v1.0/me/mailboxSettings/timeZone'],
  ['GET', '/v1.0/me/outlook/supportedTimeZones'],
  ['GET', 'POST', '/v1.0/me/outlook/masterCategories'],
  ['POST', '/v1.0/me/revokeSignInSessions'],
  ['GET', '/v1.0/me'],
  ['GET', '/v1.0/me/messages'],
  ['GET', '/v1.0/users'],
  ['GET', 'POST', '/v1.0/subscriptions'],
  ['GET', 'PATCH', 'DELETE', '/v1.0/subscriptions/S'],
  ['POST', '/v1.0/subscriptions/S/reauthorize'],
  ['POST', '/v1.0/$batch'],
].flatMap((line): [string, string][] => line.slice(0, -1).map((method) => [method, line.at(-1) ?? '']))

test('each address of Graph’s calendars is played, or answered with 501 and its name, as the README lists', async () => {
  const refused = new Set<string>()
  for (const [method, path] of offered) {
    const known = [...playedKeys].some((key) => matchesGraph(key, method, path))
    const answer = await graph(method, path, method === 'GET' || method === 'DELETE' ? undefined : {})
    if (known) expect([method, path, answer.status]).not.toEqual([method, path, 501])
    else {
      expect([method, path, answer.status, codeOf(answer)]).toEqual([method, path, 501, 'notSupported'])
      expect(JSON.stringify(answer.body)).toContain(`The sandbox does not play ${method} ${path}.`)
      refused.add(/.*\/([a-z]\w+)/.exec(path.replace(/\(.*/, ''))?.[1] ?? path)
    }
  }
  expect([...refused].toSorted()).toEqual(notPlayed.microsoft)
})

function matchesGraph(key: string, method: string, path: string): boolean {
  return matches(
    key.replace('$', '\\$'),
    method,
    routeKey('', path.replace('/calendars/C', '/calendars/:c')).trim(),
  )
}

test('what no vendor knows is unknown here too', async () => {
  const google = await played.account('google', 'ada@example.com')
  for (const path of ['/calendar/v3/dreams', '/calendar/v3/calendars/primary/dreams'])
    expect((await google('GET', path)).status).toBe(404)
  for (const path of ['/v1.0/dreams', '/v1.0/me/dreams'])
    expect(codeOf(await graph('GET', path))).toBe('ResourceNotFound')
})

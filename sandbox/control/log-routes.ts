import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isCallbackAddress, post } from '../delivery.ts'
import { isObject, numberOf, type JsonObject } from '../json.ts'
import type { Log } from '../log.ts'
import { nowOf, type World } from '../world.ts'
import { bodyOf } from './account-routes.ts'
import { ControlError } from './errors.ts'
import { readFilter } from './filter.ts'

const requestTexts = ['vendor', 'account', 'method', 'route', 'status'] as const
const notificationTexts = ['vendor', 'account', 'kind', 'status', 'dropped'] as const
const mailTexts = ['vendor', 'account', 'kind', 'to', 'eventId'] as const

/** What was asked of the vendors, and what they sent. */
export function logRoutes(app: FastifyInstance, world: World): void {
  app.get('/_sandbox/requests', (request) => pageOf(world.requests, request, requestTexts, 'path'))
  app.get('/_sandbox/requests/counts', (request) => counts(world, request))
  app.get('/_sandbox/mail', (request) => pageOf(world.mail, request, mailTexts, 'subject'))
  app.get('/_sandbox/notifications', (request) =>
    pageOf(world.delivery.log, request, notificationTexts, 'address'),
  )
  for (const [name, log] of [
    ['requests', world.requests],
    ['mail', world.mail],
    ['notifications', world.delivery.log],
  ] as const) {
    app.delete(`/_sandbox/${name}`, (_request, reply) => {
      log.clear()
      return reply.status(204).send()
    })
  }
  app.post('/_sandbox/notifications', (request) => sendForged(world, bodyOf(request)))
}

const limitMax = 20_000

function pageOf<T extends object>(
  log: Log<T>,
  request: FastifyRequest,
  texts: readonly string[],
  path: string,
): JsonObject {
  const { limit: limitText, cursor: cursorText, ...query } = queryOf(request)
  const limit = wholeOf('limit', limitText, 1, limitMax) ?? limitMax
  const cursor = wholeOf('cursor', cursorText, 0, Number.MAX_SAFE_INTEGER) ?? 0
  const isMeant = readFilter(query, texts, path)
  const items: JsonObject[] = []
  for (const { number, record } of log.after(cursor)) {
    const item: JsonObject = { number, ...record }
    if (!isMeant(item)) continue
    if (items.length === limit) return { items, nextCursor: String(items.at(-1)?.['number']) }
    items.push(item)
  }
  return { items, nextCursor: null }
}

const countable = ['vendor', 'account', 'method', 'path', 'route', 'status']

/** How many requests there were, in all and by some of what is known of them. */
function counts(world: World, request: FastifyRequest): JsonObject {
  const { by = 'method', ...query } = queryOf(request)
  const names = String(by).split(',')
  const unknown = names.find((name) => !countable.includes(name))
  if (unknown !== undefined)
    throw new ControlError(400, `by is a list of ${countable.join(', ')}, and not ${unknown}.`)
  const isMeant = readFilter(query, requestTexts, 'path')
  const items = new Map<string, JsonObject & { count: number }>()
  let total = 0
  for (const { record } of world.requests.after(0)) {
    const known: JsonObject = { ...record }
    if (!isMeant(known)) continue
    total += 1
    const group = Object.fromEntries(names.map((name) => [name, known[name]]))
    const key = JSON.stringify(group)
    items.set(key, { ...group, count: (items.get(key)?.count ?? 0) + 1 })
  }
  return { total, items: [...items.values()], nextCursor: null }
}

/** Sends what anybody could send to an address, as it is: only the vendors know their secrets. */
async function sendForged(world: World, body: JsonObject): Promise<JsonObject> {
  const { address, headers = {}, body: text = '' } = body
  if (!isCallbackAddress(address))
    throw new ControlError(400, 'address must be an https address, or http on this machine.')
  if (!isTexts(headers)) throw new ControlError(400, 'headers must be an object of texts.')
  if (typeof text !== 'string' && !isObject(text))
    throw new ControlError(400, 'body must be a text or a JSON object.')
  const notification = {
    vendor: 'x-goog-channel-id' in headers ? ('google' as const) : ('microsoft' as const),
    account: '',
    address,
    kind: 'posted',
    headers,
    body: typeof text === 'string' ? text : JSON.stringify(text),
  }
  const status = await post(notification)
  const at = new Date(nowOf(world)).toISOString()
  world.delivery.log.push({ at, ...notification, attempt: 1, status, dropped: false, troubles: [] })
  return { status }
}

function isTexts(value: unknown): value is Record<string, string> {
  if (!isObject(value)) return false
  return Object.entries(value).every(
    ([name, text]) => /^[\w-]+$/.test(name) && typeof text === 'string' && !/[^\t\x20-\x7e]/.test(text),
  )
}

function wholeOf(name: string, value: unknown, min: number, max: number): number | undefined {
  if (value === undefined) return undefined
  const number = numberOf(value)
  if (number !== undefined && Number.isInteger(number) && number >= min && number <= max) return number
  throw new ControlError(400, `${name} must be a whole number from ${min} to ${max}.`)
}

function queryOf(request: FastifyRequest): JsonObject {
  return isObject(request.query) ? request.query : {}
}

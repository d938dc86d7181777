import { isCallbackAddress } from '../delivery.ts'
import { isObject, numberOf, textsOf, type JsonObject } from '../json.ts'
import { nowOf, type World } from '../world.ts'
import { GoogleError, invalid } from './errors.ts'
import { googleSwitch } from './switches.ts'
import type { Channel } from './types.ts'

const lifetimeUsualMs = 7 * 86_400_000
const latestMs = 8_640_000_000_000_000

type Wish = Pick<Channel, 'id' | 'address' | 'token' | 'expiresAtMs'>

/** The body of a watch call, checked in the order Google checks it (https://developers.google.com/calendar/api/guides/push). */
export function readChannelWish(world: World, body: unknown): Wish {
  const wish: JsonObject = isObject(body) ? body : {}
  return {
    id: idOf(wish),
    address: addressOf(wish),
    token: tokenOf(wish),
    expiresAtMs: expiryOf(world, wish),
  }
}

function idOf({ id, type }: JsonObject): string {
  if (id === undefined || id === null || id === '') throw required('id')
  if (typeof id !== 'string' || !/^[A-Za-z0-9\-_+/=]{1,64}$/.test(id))
    throw new GoogleError(400, 'channelIdInvalid', 'Invalid channel id', { domain: 'push' })
  if (type !== 'web_hook' && type !== 'webhook') {
    const message = `Channel type ${textsOf(type).join()} is not supported`
    throw new GoogleError(400, 'push.channelTypeNotSupported', message)
  }
  return id
}

function addressOf({ address }: JsonObject): string {
  if (address === undefined || address === null || address === '') throw required('address')
  if (isCallbackAddress(address)) return address
  if (typeof address !== 'string' || !URL.canParse(address))
    throw new GoogleError(400, 'push.webhookUrlNoHostOrAddress', 'WebHook callback has no host or address.')
  throw new GoogleError(400, 'push.webhookUrlNotHttps', `WebHook callback must be HTTPS: ${address}`)
}

function tokenOf({ token }: JsonObject): string | null {
  if (token === undefined || token === null || token === '') return null
  if (typeof token !== 'string' || token.length > 256) throw invalid('Invalid channel token.')
  return token
}

/** The soonest of what was asked for and what Google allows. */
function expiryOf(world: World, { expiration, params }: JsonObject): number {
  const now = nowOf(world)
  const wishes = [now + googleSwitch(world.state, 'channelLifetimeDaysMax') * 86_400_000]
  const ttl = isObject(params) ? params['ttl'] : undefined
  if (params !== undefined && params !== null && !isObject(params)) throw invalid('Invalid channel params.')
  if (ttl !== undefined && ttl !== null) {
    const seconds = numberOf(ttl)
    if (seconds === undefined || seconds <= 0) throw invalid('Invalid channel ttl.')
    wishes.push(now + seconds * 1000)
  }
  if (expiration !== undefined && expiration !== null) {
    const instantMs = numberOf(expiration)
    if (instantMs === undefined || instantMs > latestMs) throw invalid('Invalid channel expiration.')
    if (instantMs <= now) throw invalid('The channel expiration lies in the past.')
    wishes.push(instantMs)
  }
  if (wishes.length === 1) wishes.push(now + lifetimeUsualMs)
  return Math.floor(Math.min(...wishes))
}

function required(name: string): GoogleError {
  return new GoogleError(400, 'required', `Required: ${name}`)
}

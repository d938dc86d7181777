import type { JsonObject } from '../json.ts'
import type { State } from '../state.ts'
import { nowOf, type World } from '../world.ts'
import { microsoftSwitch } from './switches.ts'

export interface Message {
  account: string
  address: string
  kind: string
  items: JsonObject[]
}

/** How an address has answered lately, and until when nothing is sent to it. */
interface Endpoint {
  answers: { atMs: number; isSlow: boolean }[]
  droppedUntilMs: number
}

const windowMs = 10 * 60_000
const dropMs = 10 * 60_000
/** An address is not judged by less. */
const answersMin = 10

/** Repeats after so long: soon enough for a test, or as Graph does, growing up to four hours in all. */
const quickly = [100, 400, 1600]
const forFourHours = [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 4170].map((seconds) => seconds * 1000)

/** Kept with the state whose notifications they were. */
const endpoints = new WeakMap<State, Map<string, Endpoint>>()

/**
 * Sends a message as Graph does: any 2xx is an answer, others are asked again; an address that is slow gets its messages
 * late, and one that is very slow gets none for a while. `lost` is called when the message was given up.
 * https://learn.microsoft.com/graph/change-notifications-delivery-webhooks
 */
export function post(world: World, message: Message, lost: () => void): void {
  const { account, address, kind, items } = message
  const endpoint = endpointOf(world.state, address)
  const now = nowOf(world)
  const notification = {
    vendor: 'microsoft' as const,
    account,
    address,
    kind,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ value: items }),
  }
  if (now < endpoint.droppedUntilMs) {
    world.delivery.drop(notification)
    lost()
    return
  }
  const delays = microsoftSwitch(world.state, 'notificationRetries') === 'quick' ? quickly : forFourHours
  const send = (): void =>
    world.delivery.send(notification, isUndelivered, delays, {
      answered: (tookMs) => judge(world, endpoint, tookMs),
      gaveUp: lost,
    })
  const share = slowShare(endpoint, now)
  if (share > microsoftSwitch(world.state, 'slowPercent'))
    world.clock.after(microsoftSwitch(world.state, 'slowDelaySeconds') * 1000, send)
  else send()
}

export function isUndelivered(status: number | null): boolean {
  return status === null || status < 200 || status > 299
}

/** When an address that is told nothing will be told again; nothing while it is told. */
export function deafUntil(world: World, address: string): number | null {
  const { droppedUntilMs } = endpointOf(world.state, address)
  return droppedUntilMs > nowOf(world) ? droppedUntilMs : null
}

function endpointOf(state: State, address: string): Endpoint {
  const known = endpoints.get(state) ?? new Map<string, Endpoint>()
  endpoints.set(state, known)
  const endpoint = known.get(address) ?? { answers: [], droppedUntilMs: 0 }
  known.set(address, endpoint)
  return endpoint
}

function judge(world: World, endpoint: Endpoint, tookMs: number): void {
  const now = nowOf(world)
  const isSlow = tookMs > microsoftSwitch(world.state, 'slowAnswerMs')
  endpoint.answers.push({ atMs: now, isSlow })
  if (slowShare(endpoint, now) <= microsoftSwitch(world.state, 'dropPercent')) return
  endpoint.droppedUntilMs = now + dropMs
  endpoint.answers = []
}

/** The slow answers of the last while, in per cent. */
function slowShare(endpoint: Endpoint, now: number): number {
  endpoint.answers = endpoint.answers.filter(({ atMs }) => atMs > now - windowMs)
  const { answers } = endpoint
  if (answers.length < answersMin) return 0
  return (answers.filter(({ isSlow }) => isSlow).length / answers.length) * 100
}

import { STATUS_CODES } from 'node:http'
import type { World } from '../world.ts'
import { GraphError } from './errors.ts'
import { microsoftSwitch } from './switches.ts'

/**
 * Lets an address prove that it listens: it must answer 200 with the token it was sent, decoded and in plain text.
 * https://learn.microsoft.com/graph/change-notifications-delivery-webhooks#notificationurl-validation
 */
export async function shakeHands(world: World, address: string): Promise<void> {
  const token = `Validation: Testing client application reachability for subscription Request-Id: ${world.random.uuid()}`
  const url = new URL(address)
  url.searchParams.set('validationToken', token)
  const problem = await problemOf(url.href, token, microsoftSwitch(world.state, 'answerWithinMs'))
  if (problem === undefined) return
  throw new GraphError(400, microsoftSwitch(world.state, 'handshakeErrorCode'), problem)
}

async function problemOf(address: string, token: string, withinMs: number): Promise<string | undefined> {
  const failed = 'Subscription validation request failed.'
  const wantsOk = `${failed} Notification endpoint must respond with 200 OK to validation request.`
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: '',
      redirect: 'manual',
      signal: AbortSignal.timeout(withinMs),
    })
    const text = await response.text()
    if (response.status !== 200) {
      const name = STATUS_CODES[response.status]?.replaceAll(' ', '')
      return name === undefined ? wantsOk : `${failed} HTTP status code is '${name}'.`
    }
    const isPlain = /^text\/plain\b/i.test(response.headers.get('content-type') ?? '')
    return isPlain && text === token ? undefined : wantsOk
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    return isLate ? 'Subscription validation request timed out.' : wantsOk
  }
}

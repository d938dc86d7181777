import type { NotificationRecord } from '../support/sandbox-control.ts'
import type { Performance } from './attempts.ts'
import { listen } from './notifications.ts'
import { everyRow } from './state.ts'

interface Letter {
  address: string
  headers: Record<string, string>
  body: string
}

/** Somebody sends what they know of a message, and not its secret: it is refused, and nothing is written anywhere. */
export async function forgeMessage(play: Performance): Promise<void> {
  const { chance, world, story } = play
  const sent = (await world.control.notifications()).filter(({ kind }) => kind !== 'forged')
  if (sent.length === 0) return
  await listen(play)
  const letter = forged(play, chance.pick(sent), chance.pick(sent))
  play.counts.faults++
  const before = await everyRow(world)
  const { status } = await fetch(letter.address, {
    method: 'POST',
    headers: letter.headers,
    body: letter.body,
  })
  story.push(`a forged message is answered ${status}`)
  if (![400, 401, 404].includes(status)) throw new Error(`A forged message was answered ${status}.`)
  if ((await everyRow(world)) !== before) throw new Error('A forged message changed a row.')
}

/** `other`: another message, whose secret is not this one's. */
function forged({ chance }: Performance, message: NotificationRecord, other: NotificationRecord): Letter {
  const { vendor, headers, address } = message
  if (vendor === 'google') {
    const changes = chance.pick<Record<string, string>>([
      { 'x-goog-channel-token': secretOf(other, message) },
      { 'x-goog-channel-token': '' },
      { 'x-goog-channel-id': 'nobodys' },
      { 'x-goog-resource-id': 'another' },
    ])
    return { address, headers: { ...headers, 'x-goog-resource-state': 'exists', ...changes }, body: '' }
  }
  const body = chance.pick([
    message.body.replaceAll(/"clientState":"[^"]*"/g, `"clientState":"${secretOf(other, message)}"`),
    message.body.replaceAll(/"clientState":"[^"]*",?/g, ''),
    message.body.replaceAll(/"subscriptionId":"[^"]*"/g, '"subscriptionId":"nobodys"'),
    lifecycle(message, 'subscriptionRemoved'),
    lifecycle(message, 'reauthorizationRequired'),
    'no JSON at all',
  ])
  return { address, headers, body }
}

const lifecycle = ({ body }: NotificationRecord, lifecycleEvent: string): string => {
  const [, id = ''] = /"subscriptionId":"([^"]*)"/.exec(body) ?? []
  return JSON.stringify({ value: [{ subscriptionId: id, clientState: 'guess', lifecycleEvent }] })
}

/** The secret of another subscription, or a guess where it is the same one. */
function secretOf(
  { headers, body }: NotificationRecord,
  { headers: own, body: ownBody }: NotificationRecord,
): string {
  const secret = headers['x-goog-channel-token'] ?? /"clientState":"([^"]*)"/.exec(body)?.[1] ?? 'guess'
  const isOwn = secret === own['x-goog-channel-token'] || ownBody.includes(secret)
  return isOwn ? 'guess' : secret
}

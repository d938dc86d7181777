import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { forgetDeliveries } from '../../db/webhook-deliveries.ts'
import { deliveryScene, newSecret, type DeliveryScene } from '../support/delivery-scene.ts'
import { startReceiver, verified, type Receiver } from '../support/receiver.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let receiver: Receiver
let scene: DeliveryScene
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  receiver = await startReceiver()
  scene = await deliveryScene(world, receiver.url)
  return () => receiver.close()
})

const hour = 60 * 60_000
const received = () => receiver.calls.map(({ event }) => event.id)

/** Delivers and lets time pass until nothing waits, or so many rounds went by. Answers how long that was, in ms. */
async function deliverFor(rounds: number): Promise<number> {
  let passed = 0
  for (let round = 0; round < rounds; round++) {
    const outcome = await scene.deliver()
    if (outcome.kind !== 'waits') continue
    if (outcome.waitMs === null) break
    scene.pass(outcome.waitMs)
    passed += outcome.waitMs
  }
  return passed
}

test('an event arrives once, signed by the Standard Webhooks convention, with ids and times and no word of a calendar', async () => {
  const entryId = randomUUID()
  const id = await scene.happen(entryId, 'SCHEDULE_ENTRY_CREATED')
  expect(await scene.deliver()).toEqual({ kind: 'waits', waitMs: null })
  expect(await scene.deliver()).toEqual({ kind: 'waits', waitMs: null })
  expect(received()).toEqual([id])
  const [call] = receiver.calls
  expect(verified(scene.secret, call!)).toEqual({
    id,
    type: 'SCHEDULE_ENTRY_CREATED',
    timestamp: expect.stringMatching(/Z$/),
    position: 1,
    data: { subjectId: entryId, version: 1 },
  })
  expect(call?.headers['webhook-id']).toBe(id)
  expect(() => verified(newSecret(), call!)).toThrow('No matching signature found')
  const [delivery] = await scene.log()
  expect(delivery).toMatchObject({
    delivery: { state: 'delivered', attempts: 1 },
    calls: [{ attempt: 1, status: 204, error: null }],
  })
})

describe('order', () => {
  test('events of one entry arrive one after the other, those of others do not wait for them', async () => {
    const [slow, quick] = [randomUUID(), randomUUID()]
    const first = await scene.happen(slow)
    const second = await scene.happen(slow)
    const other = await scene.happen(quick)
    receiver.behave(({ event }) => (event.id === first ? 500 : 200))
    await scene.deliver()
    expect(new Set(received())).toEqual(new Set([first, other]))
    receiver.behave(() => 200)
    await deliverFor(5)
    expect(received().filter((id) => id !== other)).toEqual([first, first, second])
  })

  test('an entry changed a hundred times arrives in the order of its changes, whatever is refused in between', async () => {
    const entryId = randomUUID()
    const ids: string[] = []
    for (let change = 0; change < 100; change++) ids.push(await scene.happen(entryId))
    let calls = 0
    receiver.behave(() => (++calls % 7 === 0 ? 503 : 200))
    await deliverFor(60)
    const taken: string[] = []
    for (const id of received()) if (taken.at(-1) !== id) taken.push(id)
    expect(taken).toEqual(ids)
  })
})

describe('an event that is not taken', () => {
  test.each([
    ['a server error', 500],
    ['a refusal', 403],
    ['a redirect, which is not followed', 307],
  ])('is tried again after %s', async (_what, status) => {
    const elsewhere = await startReceiver()
    const id = await scene.happen()
    receiver.behave(() => (status === 307 ? { redirect: elsewhere.url } : status))
    const outcome = await scene.deliver()
    expect(outcome).toEqual({ kind: 'waits', waitMs: expect.closeTo(5_000, -3) })
    expect(elsewhere.calls).toEqual([])
    await elsewhere.close()
    receiver.behave(() => 200)
    await deliverFor(2)
    expect(received()).toEqual([id, id])
    expect((await scene.log())[0]?.calls.map((call) => call.status)).toEqual([status, 200])
    expect(await scene.endpoint()).toMatchObject({ failures: 0, failingSince: null })
  })

  test('is tried again when nobody listens, and the reason is in the log', async () => {
    await receiver.close()
    await scene.happen()
    await scene.deliver()
    expect((await scene.log())[0]?.calls).toMatchObject([{ status: null, error: 'unreachable' }])
  })

  test('is given up after three days, and the next of its entry goes out', async () => {
    const entryId = randomUUID()
    const first = await scene.happen(entryId)
    receiver.behave(({ event }) => (event.id === first ? 500 : 200))
    let passed = 0
    while ((await scene.state())[first] === 'waiting') passed += await deliverFor(1)
    expect(passed).toBeGreaterThan(72 * hour)
    expect(passed).toBeLessThan(82 * hour)
    const second = await scene.happen(entryId)
    await deliverFor(3)
    expect(await scene.state()).toEqual({ [first]: 'given-up', [second]: 'delivered' })
  })

  test('ends at once, and its endpoint with it, where 410 says that nothing is wanted any more', async () => {
    const id = await scene.happen()
    receiver.behave(() => 410)
    await scene.deliver()
    expect(await scene.state()).toEqual({ [id]: 'given-up' })
    expect(await scene.endpoint()).toMatchObject({
      enabled: false,
      disabledReason: 'It answered 410: it is gone.',
    })
    await scene.happen()
    await scene.deliver()
    expect(received()).toEqual([id])
  })
})

test('an endpoint that takes nothing is tried with one event at a time, and gets all of them when it is back', async () => {
  const ids: string[] = []
  for (let number = 0; number < 25; number++) ids.push(await scene.happen())
  receiver.behave(() => 500)
  await deliverFor(3)
  const before = receiver.calls.length
  for (let probe = 0; probe < 5; probe++) {
    const outcome = await scene.deliver()
    expect(outcome.kind).toBe('waits')
    if (outcome.kind === 'waits') scene.pass(outcome.waitMs ?? 0)
  }
  expect(receiver.calls.length - before).toBeLessThanOrEqual(5)
  receiver.behave(() => 200)
  await deliverFor(40)
  expect(new Set(Object.values(await scene.state()))).toEqual(new Set(['delivered']))
  expect(new Set(received())).toEqual(new Set(ids))
})

describe('a worker that dies', () => {
  test('between the call and its note: the event comes again, under the same id', async () => {
    const id = await scene.happen()
    const dies = () => {
      throw new Error('the worker is gone')
    }
    await expect(scene.deliver({ newId: dies })).rejects.toThrow('the worker is gone')
    expect(received()).toEqual([id])
    const waits = await scene.deliver()
    expect(waits.kind).toBe('waits')
    expect(received()).toEqual([id])
    await deliverFor(2)
    expect(received()).toEqual([id, id])
    expect(await scene.state()).toEqual({ [id]: 'delivered' })
  })

  test('leaves the others of the entry behind the one that nobody knows of', async () => {
    const entryId = randomUUID()
    const first = await scene.happen(entryId)
    const second = await scene.happen(entryId)
    const dies = () => {
      throw new Error('the worker is gone')
    }
    await expect(scene.deliver({ newId: dies })).rejects.toThrow('the worker is gone')
    await deliverFor(4)
    expect(received()).toEqual([first, first, second])
  })
})

test('two workers at once send nothing twice and nothing out of its order', async () => {
  const entries = Array.from({ length: 5 }, () => randomUUID())
  const expected = new Map<string, string[]>(entries.map((entryId) => [entryId, []]))
  for (let round = 0; round < 6; round++)
    for (const entryId of entries) expected.get(entryId)?.push(await scene.happen(entryId))
  await Promise.all([scene.deliver(), scene.deliver(), scene.deliver()])
  await deliverFor(10)
  expect(receiver.calls).toHaveLength(30)
  for (const [entryId, ids] of expected) {
    const ofEntry = receiver.calls.filter(({ event }) => event.data.subjectId === entryId)
    expect(ofEntry.map(({ event }) => event.id)).toEqual(ids)
  }
})

describe('redelivery', () => {
  test('sends a delivered event again, under its id and with its days counted anew', async () => {
    const id = await scene.happen()
    await scene.deliver()
    scene.pass(100 * hour)
    await scene.redeliver(id)
    receiver.behave(() => 500)
    await scene.deliver()
    expect(await scene.state()).toEqual({ [id]: 'waiting' })
    receiver.behave(() => 200)
    await deliverFor(3)
    expect(received()).toEqual([id, id, id])
    expect(await scene.state()).toEqual({ [id]: 'delivered' })
  })

  test('of an event keeps none of its entry waiting', async () => {
    const entryId = randomUUID()
    const first = await scene.happen(entryId)
    await scene.deliver()
    await scene.redeliver(first)
    const second = await scene.happen(entryId)
    receiver.behave(({ event }) => (event.id === first ? 500 : 200))
    await scene.deliver()
    expect(await scene.state()).toEqual({ [first]: 'waiting', [second]: 'delivered' })
  })
})

test('for a while after a change of secrets each call is signed with both', async () => {
  const former = scene.secret
  const next = newSecret()
  await scene.change({
    secretCiphertext: scene.sealed(next),
    formerSecretCiphertext: scene.sealed(former),
    formerSecretUntil: new Date(Date.now() + hour),
  })
  await scene.happen()
  await scene.deliver()
  const [both] = receiver.calls
  expect(verified(next, both!)).toEqual(verified(former, both!))
  await scene.change({ formerSecretUntil: new Date(Date.now() - 1) })
  await scene.happen()
  await scene.deliver()
  const alone = receiver.calls[1]
  expect(() => verified(former, alone!)).toThrow('No matching signature found')
  expect(verified(next, alone!)).toMatchObject({ position: 2 })
})

test('an endpoint is told of the types it asked for alone', async () => {
  await scene.change({ types: ['CALENDAR_SYNC_FAILED'] })
  await scene.happen()
  const id = await scene.happen(randomUUID(), 'CALENDAR_SYNC_FAILED')
  await scene.deliver()
  expect(received()).toEqual([id])
})

test('an address that is not allowed any more is not called, and the log says so', async () => {
  await scene.happen()
  await scene.deliver({ webhookNetworks: [] })
  expect(receiver.calls).toEqual([])
  expect((await scene.log())[0]?.calls).toMatchObject([{ status: null, error: 'address-refused' }])
})

test('a secret that no key opens is said to be that, and the event waits', async () => {
  const id = await scene.happen()
  await scene.change({ secretCiphertext: 'v1.gone.a.b.c' })
  await scene.deliver()
  expect(receiver.calls).toEqual([])
  expect((await scene.log())[0]?.calls).toMatchObject([{ error: 'key-mismatch' }])
  expect(await scene.state()).toEqual({ [id]: 'waiting' })
})

test('deliveries that ended long ago are forgotten with their calls, those that wait are not', async () => {
  const ended = await scene.happen()
  await scene.deliver()
  receiver.behave(() => 500)
  const waiting = await scene.happen()
  await scene.deliver()
  await world.database.system((db) => forgetDeliveries(db, new Date(Date.now() + hour)))
  expect(Object.keys(await scene.state())).toEqual([waiting])
  const left = await world.database.owner`select 1 from webhook_attempts where event_id = ${ended}`
  expect(left).toHaveLength(0)
})

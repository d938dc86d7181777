import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tomorrow } from '../support/scene.ts'
import { startStack, until, type Connected, type Stack } from '../support/stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

interface Deletion {
  name: string
  subscriptions: string | null
  consent: string | null
  finishedAt: string | null
}

const entriesOf = async (memberId: string) =>
  (await stack.api.get<{ items: { title: string }[] }>(`/entries?assignee=${memberId}`)).items

/** A connected calendar with one event, which the schedule holds and the vendor tells us of. */
async function synced(vendor: Connected['vendor']) {
  const memberId = await stack.makeMember()
  const calendar = await stack.connect(vendor, memberId)
  await calendar.person.create({ title: 'Visit', start: tomorrow(9), end: tomorrow(10) })
  await until(
    'in the schedule',
    () => entriesOf(memberId),
    (entries) => entries.length === 1,
  )
  await until(
    'told of changes',
    () => told(calendar),
    (state) => state === 'active',
  )
  return { memberId, calendar }
}

const told = async ({ id }: Connected) =>
  (await stack.api.get<{ subscription: { state: string } | null }>(`/providers/${id}`)).subscription?.state

const deletionOf = ({ id }: Connected) => stack.api.get<Deletion>(`/providers/${id}/deletion`)

describe.each([
  ['google', 'revoked'],
  ['microsoft', 'not-offered'],
] as const)('a deleted provider of %s', (vendor, consent) => {
  test('is taken apart by its workflow, which ends; event and entry stay, and nothing starts again', async () => {
    const { memberId, calendar } = await synced(vendor)
    const asked = await stack.api.delete<Deletion>(`/providers/${calendar.id}`)
    expect(asked).toMatchObject({ name: `${vendor} calendar` })
    const done = await until(
      'taken apart',
      () => deletionOf(calendar),
      ({ finishedAt }) => finishedAt !== null,
    )
    expect(done).toMatchObject({ subscriptions: 'stopped', consent })
    const handle = stack.temporal.workflow.getHandle(`provider/${calendar.id}`)
    await handle.result()

    // A change, a late message and a second wish find it gone.
    await calendar.person.create({ title: 'Later', start: tomorrow(12), end: tomorrow(13) })
    expect(await stack.api.delete<Deletion>(`/providers/${calendar.id}`)).toEqual(done)
    expect((await handle.describe()).status.name).toBe('COMPLETED')
    expect((await entriesOf(memberId)).map(({ title }) => title)).toEqual(['Visit'])
    expect(await calendar.titles()).toEqual(['Later', 'Visit'])
    await expect(stack.api.get(`/providers/${calendar.id}`)).rejects.toThrow('Forbidden')
    await expect(stack.api.post(`/providers/${calendar.id}/sync`)).rejects.toThrow('Forbidden')
  })
})

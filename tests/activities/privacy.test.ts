import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listEntryVersions } from '../../db/entry-versions.ts'
import type { Vendor } from '../../domain/event.ts'
import { calendarUnder } from '../support/policy-scene.ts'
import { tomorrow } from '../support/scene.ts'
import { tablesSaying } from '../support/stored-words.ts'
import { createWorld, settle, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const secret = () => `Clinic${randomUUID().slice(0, 8)}`
const other: Record<Vendor, Vendor> = { google: 'microsoft', microsoft: 'google' }

describe.each<Vendor>(['google', 'microsoft'])('with %s', (vendor) => {
  async function memberWithTwo() {
    const one = await calendarUnder(world, vendor)
    const two = await calendarUnder(world, other[vendor], {}, one.tenant)
    return { one, two, both: () => settle(world, one.provider, two.provider) }
  }

  test('no word of a private event is stored in any table, and edits of it add none', async () => {
    const { one, two, both } = await memberWithTwo()
    const word = secret()
    const { id } = await one.create({ title: word, body: word, place: word, isPrivate: true })
    await both()
    expect(await two.scene.vendorTitles(two.provider)).toEqual(['Busy'])
    await one.change(id, { title: `${word} moved`, body: `${word} edited` })
    await one.person.move(id, tomorrow(15), tomorrow(16))
    const entry = await one.scene.only(one.tenant)
    await one.scene.editEntry(one.tenant, entry, { showAs: 'free' })
    await both()
    expect(await tablesSaying(world, word)).toEqual([])
    expect(await one.scene.vendorTitles(one.provider)).toEqual([`${word} moved`])
  })

  test('an event that becomes private later has its words erased everywhere, its history too', async () => {
    const { one, two, both } = await memberWithTwo()
    const word = secret()
    const { id } = await one.create({ title: word, body: word, place: word })
    await both()
    await one.scene.editEntry(one.tenant, await one.scene.only(one.tenant), { title: `${word} second` })
    await both()
    expect(await two.scene.vendorTitles(two.provider)).toEqual([`${word} second`])
    await one.change(id, { isPrivate: true })
    await both()
    expect(await tablesSaying(world, word)).toEqual([])
    expect(await one.scene.vendorTitles(one.provider)).toEqual([`${word} second`])
    expect(await two.scene.vendorTitles(two.provider)).toEqual(['Busy'])
    const entry = await one.scene.only(one.tenant)
    const versions = await world.database.tenant(one.tenant.tenantId, (db) => listEntryVersions(db, entry.id))
    expect(versions.length).toBeGreaterThanOrEqual(3)
    expect(versions.map((version) => version.cause.kind).slice(0, 2)).toEqual(['provider', 'api-key'])
  })

  test('an event that becomes public gets its words, here and in the other calendar', async () => {
    const { one, two, both } = await memberWithTwo()
    const { id } = await one.create({ title: 'Visit', body: 'Bring tools', isPrivate: true })
    await both()
    await one.change(id, { isPrivate: false })
    await both()
    expect((await one.scene.only(one.tenant)).content).toMatchObject({ title: 'Visit', body: 'Bring tools' })
    expect(await two.scene.vendorTitles(two.provider)).toEqual(['Visit'])
  })

  test('words of a conflict go when its event becomes private', async () => {
    const { one, both } = await memberWithTwo()
    const word = secret()
    const { id } = await one.create({ title: word })
    await both()
    await one.scene.editEntry(one.tenant, await one.scene.only(one.tenant), { title: `${word} ours` })
    await one.change(id, { title: `${word} theirs` })
    await both()
    expect(await tablesSaying(world, `${word} theirs`)).toContain('conflicts')
    await one.change(id, { isPrivate: true })
    await both()
    expect(await tablesSaying(world, word)).toEqual([])
    expect(await one.scene.vendorTitles(one.provider)).toEqual([`${word} theirs`])
  })
})

// Google makes the whole series private with one of its occurrences.
test('a private occurrence of a series loses its words alone', async () => {
  const one = await calendarUnder(world, 'microsoft')
  const word = secret()
  const { id } = await one.create({ title: 'Round' }, 9, {
    recurrence: {
      pattern: { type: 'daily', interval: 1 },
      range: { type: 'numbered', startDate: tomorrow(9).slice(0, 10), numberOfOccurrences: 4 },
    },
  })
  const until = new Date(Date.now() + 9 * 86_400_000).toISOString()
  const { value } = await one.person.send<{ value: { id: string }[] }>(
    'GET',
    `${one.path}/${id}/instances?startDateTime=${tomorrow(0)}Z&endDateTime=${until}`,
  )
  const second = value[1]?.id ?? ''
  await one.change(second, { title: word })
  await one.settle()
  expect(await one.scene.titlesOf(one.tenant)).toEqual([word, 'Round'].toSorted())
  await one.change(second, { isPrivate: true })
  await one.settle()
  expect(await one.scene.titlesOf(one.tenant)).toEqual(['Busy', 'Round'])
  expect(await tablesSaying(world, word)).toEqual([])
})

test('an occurrence made private at Google takes the words of its whole series, in the copy too', async () => {
  const one = await calendarUnder(world, 'google')
  const two = await calendarUnder(world, 'microsoft', {}, one.tenant)
  const word = secret()
  const { id } = await one.create({ title: `${word} round` }, 9, { recurrence: ['RRULE:FREQ=DAILY;COUNT=4'] })
  const both = () => settle(world, one.provider, two.provider)
  await both()
  expect(await two.scene.vendorTitles(two.provider)).toEqual([`${word} round`])
  const { items } = await one.person.send<{ items: { id: string }[] }>('GET', `${one.path}/${id}/instances`)
  const second = items[1]?.id ?? ''
  await one.change(second, { title: `${word} alone` })
  await both()
  await one.change(second, { isPrivate: true })
  await both()
  expect(await tablesSaying(world, word)).toEqual([])
  expect(await one.scene.titlesOf(one.tenant)).toEqual(['Busy', 'Busy'])
  expect(await two.scene.vendorTitles(two.provider)).toEqual(['Busy'])
})

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { doesNotEnter } from '../../activities/decide-pair.ts'
import type { Vendor } from '../../domain/event.ts'
import { calendarUnder } from '../support/policy-scene.ts'
import { tomorrow } from '../support/scene.ts'
import { tablesSaying } from '../support/stored-words.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const secret = () => `Clinic${randomUUID().slice(0, 8)}`

describe.each<Vendor>(['google', 'microsoft'])('with %s', (vendor) => {
  test('only events that carry the marker enter, and the others leave no word', async () => {
    const { tenant, scene, create, settle } = await calendarUnder(world, vendor, {
      enters: 'marked',
      marker: '@acme',
    })
    const word = secret()
    await create({ title: 'Visit @acme' })
    await create({ title: 'Call', body: 'For @Acme.' })
    await create({ title: word, body: `Mail bob@acme.com about ${word}`, place: word })
    await settle()
    expect(await scene.titlesOf(tenant)).toEqual(['Call', 'Visit @acme'])
    expect(await tablesSaying(world, word)).toEqual([])
  })

  test('an event that loses its marker is not deleted: its entry stays without words, and follows again with the marker', async () => {
    const { tenant, provider, scene, create, change, read, settle } = await calendarUnder(world, vendor, {
      enters: 'marked',
      marker: '#work',
    })
    const word = secret()
    const { id } = await create({ title: `${word} #work`, body: word, place: word })
    await settle()
    const before = await scene.only(tenant)
    await change(id, { title: `${word} at home` })
    await settle()
    const released = await scene.only(tenant)
    expect(released).toMatchObject({ id: before.id, deletedAt: null, content: { title: 'Busy', body: '' } })
    expect((await scene.mappings(provider)).map(({ state, reason }) => ({ state, reason }))).toEqual([
      { state: 'unsupported', reason: doesNotEnter },
    ])
    expect(await tablesSaying(world, word)).toEqual([])
    expect(JSON.stringify(await read(id))).toContain(`${word} at home`)
    await change(id, { title: `${word} again #work` })
    await settle()
    expect(await scene.only(tenant)).toMatchObject({
      id: before.id,
      content: { title: `${word} again #work`, body: word, location: word },
    })
    expect(await scene.vendorTitles(provider)).toEqual([`${word} again #work`])
  })

  test('an event that no longer enters may be deleted in the calendar: the entry stays', async () => {
    const { tenant, provider, scene, person, create, change, settle } = await calendarUnder(world, vendor, {
      enters: 'marked',
      marker: '#work',
    })
    const { id } = await create({ title: 'Visit #work' })
    await settle()
    await change(id, { title: 'Visit' })
    await settle()
    await person.remove(id)
    await settle()
    expect((await scene.only(tenant)).deletedAt).toBeNull()
    expect(await scene.vendorTitles(provider)).toEqual([])
  })

  test('times alone enter under a fixed title, follow the event, and are never written over its words', async () => {
    const { tenant, provider, scene, person, create, read, settle } = await calendarUnder(world, vendor, {
      enters: 'busy-only',
    })
    const word = secret()
    const { id } = await create({ title: word, body: word, place: word })
    await settle()
    const entry = await scene.only(tenant)
    expect(entry.content).toMatchObject({ title: 'Busy', body: '', location: '' })
    await person.move(id, tomorrow(14), tomorrow(15))
    await settle()
    const moved = await scene.only(tenant)
    expect(moved.content.time).toMatchObject({ startsAt: `${tomorrow(14)}Z` })
    await scene.editEntry(tenant, moved, { title: 'Ours', showAs: 'free' })
    await settle()
    expect(await scene.vendorTitles(provider)).toEqual([word])
    expect(JSON.stringify(await read(id))).toContain(vendor === 'google' ? 'transparent' : '"free"')
    expect((await scene.only(tenant)).content.title).toBe('Ours')
    expect(await tablesSaying(world, word)).toEqual([])
  })

  test('where nothing enters, entries still go out, and what people do to the copies still comes back', async () => {
    const { tenant, provider, scene, person, create, settle } = await calendarUnder(world, vendor, {
      enters: 'none',
    })
    const word = secret()
    await create({ title: word }, 15)
    await scene.makeEntry(tenant, 'Repair')
    await scene.makeEntry(tenant, 'Visit', 11)
    await settle()
    expect(await scene.titlesOf(tenant)).toEqual(['Repair', 'Visit'])
    expect(await scene.vendorTitles(provider)).toEqual([word, 'Repair', 'Visit'].toSorted())
    const copies = await scene.vendorEvents(provider)
    const idOf = (title: string) => copies.find((event) => event.title === title)?.id ?? ''
    await person.rename(idOf('Repair'), 'Repair, second floor')
    await person.remove(idOf('Visit'))
    await settle()
    const living = (await scene.entriesOf(tenant)).filter((entry) => entry.deletedAt === null)
    expect(living.map((entry) => entry.content.title)).toEqual(['Repair, second floor'])
    expect(await tablesSaying(world, word)).toEqual([])
  })

  test('a create whose answer is lost is not doubled, and its copy keeps its words, where times alone enter', async () => {
    const { tenant, provider, scene, settle } = await calendarUnder(world, vendor, { enters: 'busy-only' })
    await settle()
    await scene.makeEntry(tenant, 'Repair')
    await world.control.fault({ kind: 'responseLost', vendor, method: 'POST', times: 1 })
    await settle().catch(() => {})
    await settle()
    expect(await scene.titlesOf(tenant)).toEqual(['Repair'])
    expect(await scene.vendorTitles(provider)).toEqual(['Repair'])
    const [copy] = await scene.vendorEvents(provider)
    await (await scene.person(provider)).rename(copy?.id ?? '', 'Repair, second floor')
    await settle()
    expect(await scene.titlesOf(tenant)).toEqual(['Repair, second floor'])
  })
})

test('kinds of events that are not wished never enter, and leave no word', async () => {
  const { tenant, scene, create, settle } = await calendarUnder(world, 'google')
  const word = secret()
  await create({ title: 'Away' }, 9, {
    eventType: 'outOfOffice',
    outOfOfficeProperties: { autoDeclineMode: 'declineNone' },
  })
  await create({ title: word }, 11, {
    eventType: 'workingLocation',
    visibility: 'public',
    transparency: 'transparent',
    workingLocationProperties: { type: 'customLocation', customLocation: { label: word } },
  })
  await settle()
  expect(await scene.titlesOf(tenant)).toEqual(['Away'])
  expect(await tablesSaying(world, word)).toEqual([])
})

test('a series enters with its changed occurrences by the marker of the series, and loses them with it', async () => {
  const { tenant, scene, create, change, path, person, settle } = await calendarUnder(world, 'google', {
    enters: 'marked',
    marker: '#work',
  })
  const word = secret()
  const { id } = await create({ title: `${word} #work` }, 9, { recurrence: ['RRULE:FREQ=DAILY;COUNT=5'] })
  const { items } = await person.send<{ items: { id: string }[] }>('GET', `${path}/${id}/instances`)
  await change(items[2]?.id ?? '', { title: `${word} moved` })
  await settle()
  expect(await scene.titlesOf(tenant)).toEqual([`${word} #work`, `${word} moved`].toSorted())
  await change(id, { title: `${word} at home` })
  await settle()
  expect(await scene.titlesOf(tenant)).toEqual(['Busy', 'Busy'])
  expect(await tablesSaying(world, word)).toEqual([])
  await change(id, { title: `${word} #work` })
  await settle()
  expect(await scene.titlesOf(tenant)).toEqual([`${word} #work`, `${word} moved`].toSorted())
})

import { randomUUID } from 'node:crypto'
import { assert, asyncProperty, type Arbitrary } from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { idempotencyKey } from '../../activities/idempotency-key.ts'
import { changedFields, sameContent, type EventContent, type Vendor } from '../../domain/event.ts'
import { projectFor } from '../../domain/projection.ts'
import { slotOf } from '../../domain/series.ts'
import { timedFromWall } from '../../domain/time.ts'
import { Refused } from '../../providers/errors.ts'
import type { CalendarProvider, ObservedEvent } from '../../providers/port.ts'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import { anyEvent } from '../support/any-event.ts'
import { patterns, seriesBy } from '../support/patterns.ts'
import { sandboxControl } from '../support/sandbox-control.ts'
import { openCalendar } from '../support/vendor-calendar.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
})
afterAll(() => sandbox.close())

const words = { title: 'Visit', body: '', location: '', showAs: 'busy', visibility: 'default' } as const

/** What a vendor rewrites, defaults and leaves out between a write and a read, over HTTP. */
describe.each<Vendor>(['google', 'microsoft'])('the %s calendar', (vendor) => {
  const open = async () => (await openCalendar(sandbox, sandboxControl(sandbox.control), vendor)).calendar

  test('holds any event that it says it can, and reads it back as it was written', async () => {
    const calendar = await open()
    await forAny(anyEvent, async (content) => {
      const wished = projectFor(vendor, content)
      if (calendar.unsupported(wished) !== null) return
      await expectHeld(calendar, await created(calendar, wished), wished)
    })
  })

  test('turns any event into any other by the fields that differ', async () => {
    const calendar = await open()
    const events: EventContent[] = []
    await forAny(anyEvent, async (content) => {
      const wished = projectFor(vendor, content)
      if (calendar.unsupported(wished) === null) events.push(plain(wished))
    })
    const [first, ...others] = events
    if (!first) throw new Error('There is no event to begin with.')
    let event = await created(calendar, first)
    let before = first
    for (const wished of others) {
      event = await calendar.updateEvent(event.externalId, changedFields(before, wished), event.etag)
      await expectHeld(calendar, event, wished)
      before = wished
    }
  })

  test('holds an event without length, or says why it cannot', async () => {
    const calendar = await open()
    const time = timedFromWall('2026-03-05T09:00:00', '2026-03-05T09:00:00', 'Europe/Berlin')
    const content: EventContent = { ...words, time, recurrence: null }
    const reason = calendar.unsupported(content)
    expect(reason).toBe(vendor === 'google' ? null : 'Outlook cannot hold an event that ends when it starts.')
    const creating = created(calendar, content)
    if (reason === null) await expectHeld(calendar, await creating, content)
    else await expect(creating).rejects.toBeInstanceOf(Refused)
  })

  test.each(patterns)('holds a series, with the slots it leaves out: %s', async (_pattern, rule) => {
    const calendar = await open()
    await forAny(
      seriesBy(rule),
      async (series) => {
        const content: EventContent = { ...words, ...series }
        await expectHeld(calendar, await created(calendar, content), content)
      },
      6,
    )
  })
})

async function forAny<T>(arbitrary: Arbitrary<T>, holds: (value: T) => Promise<void>, numRuns = 40) {
  await assert(asyncProperty(arbitrary, holds), { numRuns })
}

/** Makes the event as the product does: slots that are left out are taken from it once it stands. */
async function created(calendar: CalendarProvider, content: EventContent): Promise<ObservedEvent> {
  const { event } = await calendar.createEvent(idempotencyKey('google', randomUUID(), 1), content)
  if (event === 'gone') throw new Error('The event is gone.')
  for (const wall of content.recurrence?.exdates ?? []) {
    const slot = slotOf(wall, content.time)
    await calendar.cancelOccurrence({ seriesId: event.externalId, slot, vendorId: null }, null)
  }
  return event
}

async function expectHeld(
  calendar: CalendarProvider,
  event: ObservedEvent,
  wished: EventContent,
): Promise<void> {
  const held = await calendar.getEvent(event.externalId)
  if (held === 'gone') throw new Error('The event is gone.')
  expect(held.problem).toBeNull()
  expect({ ...held.content, time: null }).toEqual({ ...wished, time: null })
  expect(held.content && sameContent(held.content, wished)).toBe(true)
}

/** Slots left out are written one by one, never by a change of the series. */
const plain = (content: EventContent): EventContent =>
  content.recurrence ? { ...content, recurrence: { ...content.recurrence, exdates: [] } } : content

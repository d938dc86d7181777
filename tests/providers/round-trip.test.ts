import { assert, constantFrom, type Arbitrary, integer, oneof, property, record, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sameContent, type EventContent, type EventTime } from '../../domain/event.ts'
import { projectFor } from '../../domain/projection.ts'
import { addDays } from '../../domain/recurrence/walls.ts'
import { allDay, timedFromInstants, timedFromWall } from '../../domain/time.ts'
import * as google from '../../providers/google/mapping.ts'
import * as microsoft from '../../providers/microsoft/mapping.ts'
import { ianaZone } from '../../providers/microsoft/zones.ts'
import { anySeries } from '../support/rules.ts'

const words = oneof(
  string({ unit: 'grapheme', maxLength: 40 }),
  constantFrom(
    '',
    '  Größe \u00A0 ',
    'a\r\nb\rc',
    '<b>no tag</b> & so on',
    '&amp; as text',
    'x < y > z',
    'Line\n\nLine  \n',
  ),
)
const zones = constantFrom(
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/Mazatlan',
  'UTC',
)

/** Days around the changes of clocks, hours in which they happen, lengths to several days. */
const anyTime: Arbitrary<EventTime> = oneof(
  record({ day: integer({ min: 0, max: 800 }), days: integer({ min: 1, max: 9 }) }).map(({ day, days }) => {
    const start = addDays('2025-12-01', day)
    return allDay(start, addDays(start, days))
  }),
  record({
    quarter: integer({ min: 0, max: 800 * 96 }),
    quarters: integer({ min: 0, max: 300 }),
    zone: zones,
  }).map(({ quarter, quarters, zone }) => {
    const start = Date.UTC(2025, 11, 1) + quarter * 900_000
    return timedFromInstants(
      new Date(start).toISOString(),
      new Date(start + quarters * 900_000).toISOString(),
      zone,
    )
  }),
)

const anyContent = record({
  title: words,
  body: words,
  location: words,
  time: anyTime,
  showAs: constantFrom<EventContent['showAs']>('free', 'tentative', 'busy', 'oof', 'elsewhere'),
  visibility: constantFrom<EventContent['visibility']>('default', 'public', 'private', 'confidential'),
})

const anyEvent: Arbitrary<EventContent> = oneof(
  anyContent.map((content) => ({ ...content, recurrence: null })),
  record({ content: anyContent, series: anySeries }).map(({ content, series }) => ({
    ...content,
    ...series,
  })),
)

/** What Google answers to a write: members that were cleared are not there, times are in the event's own zone. */
function answeredByGoogle(content: EventContent): EventContent | null {
  const { start, end, ...body } = google.requestBody(content)
  const present = (time: typeof start) =>
    Object.fromEntries(Object.entries(time ?? {}).filter(([, value]) => value))
  const item = { id: 'abc', organizer: { self: true }, ...body, start: present(start), end: present(end) }
  const cleared = item.recurrence?.length === 0 ? { recurrence: null } : {}
  return google.observedEvent({ ...item, ...cleared }, 'Africa/Nairobi').content
}

/** What Graph answers when it is asked for UTC: wall times as instants, and the zone they were written in beside them. */
function answeredByGraph(content: EventContent): EventContent | null {
  const body = microsoft.requestBody(content)
  const zone = body.start?.timeZone ?? ''
  const inUtc = (time: typeof body.start) => {
    const wall = time?.dateTime ?? ''
    const at = timedFromWall(wall, wall, ianaZone(time?.timeZone) ?? '')
    return {
      dateTime: `${(at.kind === 'dateTime' ? at.startsAt : '').slice(0, 19)}.0000000`,
      timeZone: 'UTC',
    }
  }
  return microsoft.observedEvent({
    id: 'AAMk',
    type: body.recurrence ? 'seriesMaster' : 'singleInstance',
    ...body,
    start: inUtc(body.start),
    end: inUtc(body.end),
    originalStartTimeZone: zone,
    cancelledOccurrences: (content.recurrence?.exdates ?? []).map((wall) => `OID.AAMk.${wall.slice(0, 10)}`),
  }).content
}

describe('what we write is what we read back, in every field', () => {
  test('at Google', () => {
    assert(
      property(anyEvent, (content) => {
        const projected = projectFor('google', content)
        expect(answeredByGoogle(projected)).toEqual(projected)
      }),
      { numRuns: 150 },
    )
  })

  test('at Outlook, or the event says why Outlook cannot hold it', () => {
    let held = 0
    assert(
      property(anyEvent, (content) => {
        const projected = projectFor('microsoft', content)
        if (microsoft.unsupportedReason(projected) !== null) return
        held += 1
        const back = answeredByGraph(projected)
        expect(back && sameContent(back, projected)).toBe(true)
        expect(back?.recurrence).toEqual(projected.recurrence)
      }),
      { numRuns: 150 },
    )
    expect(held).toBeGreaterThan(50)
  })
})

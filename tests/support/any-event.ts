import { constantFrom, integer, oneof, record, string, type Arbitrary } from 'fast-check'
import type { EventContent, EventTime } from '../../domain/event.ts'
import { addDays } from '../../domain/recurrence/walls.ts'
import { allDay, timedFromInstants } from '../../domain/time.ts'
import { anySeries } from './rules.ts'

const words = oneof(
  string({ unit: 'grapheme', maxLength: 40 }),
  constantFrom(
    '',
    '  Größe \u00A0 ',
    'a\r\nb\rc',
    '<b>no tag</b> & so on',
    '<p>One</p><p>Two<br>Three</p>',
    '<a href="https://example.org/?a=1&b=2">here</a>',
    '<!-- no comment --> <script>alert(1)</script>',
    '&amp; as text, &lt;b&gt; and &nbsp; too',
    'x < y > z, a<b',
    'Line\n\nLine  \n',
    '- one\n- two\n    indented\n\n\n> quoted',
    'https://example.org/?a=1&copy=2',
    'e\u0301 = \u00E9, \u{1F468}\u200D\u{1F469}\u200D\u{1F467}, \u05E9\u05DC\u05D5\u05DD, \u65E5\u672C\u8A9E, \u200F\u202E',
    'long '.repeat(50),
  ),
)
const zones = constantFrom(
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/Mazatlan',
  'America/St_Johns',
  'America/Phoenix',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'Europe/Dublin',
  'Pacific/Chatham',
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

export const anyEvent: Arbitrary<EventContent> = oneof(
  anyContent.map((content) => ({ ...content, recurrence: null })),
  record({ content: anyContent, series: anySeries }).map(({ content, series }) => ({
    ...content,
    ...series,
  })),
)

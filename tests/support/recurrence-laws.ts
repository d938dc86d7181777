import { assert, integer, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isInWindow } from '../../domain/policy.ts'
import { explicit } from '../../domain/recurrence/canonical.ts'
import { startOnSlot } from '../../domain/recurrence/beginnings.ts'
import { shiftWalls } from '../../domain/recurrence/edits.ts'
import { parseRecurrence, recurrenceLines } from '../../domain/recurrence/lines.ts'
import { allSlots, occurrencesIn, ruleSlots, slotAt } from '../../domain/recurrence/occurrences.ts'
import { canonicalRule, readRule } from '../../domain/recurrence/read-rule.ts'
import { InvalidRecurrence, sameRecurrence, type Series } from '../../domain/recurrence/recurrence.ts'
import { datesFrom, firstDate, lastDateUntil, slotsOf } from '../../domain/recurrence/slots.ts'
import { addDays } from '../../domain/recurrence/walls.ts'
import { splitSeries } from '../../domain/recurrence/split.ts'
import { graphRecurrence, recurrenceFromGraph } from '../../providers/microsoft/recurrence.ts'
import { anyFirst, anyRule, anySeries } from './rules.ts'
import { firstAt } from './series.ts'

/** Slots by a year that lies far behind every start, so that endless series have an end to be compared at. */
function slotsBy2031(series: Series): string[] {
  const exdates = new Set(series.recurrence.exdates)
  return [...allSlots(series, '2000-01-01', '2031-01-01')].filter((wall) => !exdates.has(wall))
}

function canonicalOrNone(read: () => string): string | null {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof InvalidRecurrence)) throw error
    return null
  }
}

/** What holds for every series, tried on as many generated ones as are asked for. */
export function recurrenceLaws(numRuns: number): void {
  describe('the first and the last date of a series', () => {
    test('are those that walking through its dates comes to', () => {
      assert(
        property(anySeries, integer({ min: 0, max: 3_000 }), (series, days) => {
          const slots = ruleSlots(series)
          const [first] = datesFrom(slots, slots.first).take(1)
          expect(firstDate(slots)).toBe(first)
          const until = addDays(slots.first, days)
          expect(lastDateUntil(slots, until)).toBe([...datesFrom(slots, slots.first, until)].at(-1))
        }),
        { numRuns },
      )
    })
  })

  describe('the canonical form of a rule', () => {
    test('is its own canonical form', () => {
      assert(
        property(anyRule, anyFirst, (rule, { start, zone }) => {
          const time = firstAt(start, zone)
          const form = canonicalOrNone(() => canonicalRule(rule, time))
          if (form !== null) expect(canonicalRule(form, time)).toBe(form)
        }),
        { numRuns },
      )
    })

    test('means the same dates', () => {
      assert(
        property(anyRule, anyFirst, (rule, { start, zone }) => {
          const time = firstAt(start, zone)
          const form = canonicalOrNone(() => canonicalRule(rule, time))
          if (form === null) return
          const first = start.slice(0, 10)
          const dates = (text: string) => [
            ...datesFrom(slotsOf(explicit(readRule(text, time), first), first), first, '2031-01-01').take(
              200,
            ),
          ]
          expect(dates(form)).toEqual(dates(rule))
        }),
        { numRuns },
      )
    })
  })

  test('the lines of a series read back as the same series', () => {
    assert(
      property(anySeries, (series) => {
        const again = parseRecurrence(recurrenceLines(series), series.time)
        expect(again).toEqual(series.recurrence)
        expect(sameRecurrence(again, series.recurrence)).toBe(true)
      }),
      { numRuns },
    )
  })

  test('what Graph can say of a series reads back as the same series', () => {
    let exact = 0
    assert(
      property(anySeries, (series) => {
        const answer = graphRecurrence({ ...series, recurrence: { ...series.recurrence, rdates: [] } })
        if (answer.kind === 'unsupported') return
        exact += 1
        const cancelled = series.recurrence.exdates.map((wall) => `OID.AAMk.${wall.slice(0, 10)}`)
        expect(recurrenceFromGraph(answer.recurrence, series.time, cancelled)).toEqual({
          ...series.recurrence,
          rdates: [],
        })
      }),
      { numRuns },
    )
    expect(exact).toBeGreaterThan(numRuns / 10)
  })

  test('a window shows what the whole series shows there', () => {
    assert(
      property(
        anySeries,
        integer({ min: 0, max: 5000 }),
        integer({ min: 0, max: 400 }),
        (series, after, days) => {
          const from = new Date(Date.UTC(2024, 10, 1, 5) + after * 86_400_000)
          const window = {
            from: from.toISOString(),
            to: new Date(from.getTime() + days * 86_400_000).toISOString(),
          }
          const everything = occurrencesIn(series, { from: '2020-01-01T00:00:00Z', to: window.to })
          const expected = [...everything].filter(({ time }) => isInWindow(time, window))
          expect([...occurrencesIn(series, window)]).toEqual(expected)
        },
      ),
      { numRuns },
    )
  })

  test('every occurrence is found by its slot, and no slot is found between two', () => {
    assert(
      property(anySeries, (series) => {
        const window = { from: '2025-01-01T00:00:00Z', to: '2028-01-01T00:00:00Z' }
        for (const occurrence of occurrencesIn(series, window).take(20)) {
          expect(slotAt(series, occurrence.originalStart)).toEqual(occurrence)
        }
        for (const wall of series.recurrence.exdates) expect(slotAt(series, wall)?.originalStart).toBe(wall)
      }),
      { numRuns },
    )
  })

  test('the two halves of a split series are the series', () => {
    assert(
      property(anySeries, integer({ min: 0, max: 30 }), (series, index) => {
        const slots = [...allSlots(series, '2000-01-01', '2031-01-01')]
        const at = slots[index % slots.length]
        if (at === undefined) return
        const { before, after } = splitSeries(series, at)
        const early = before ? slotsBy2031(before) : []
        const late = after ? slotsBy2031(after) : []
        expect([...early, ...late]).toEqual(slotsBy2031(series))
        expect(early.every((wall) => wall < at) && late.every((wall) => wall >= at)).toBe(true)
        for (const half of [before, after].filter((half) => half !== null)) {
          expect(parseRecurrence(recurrenceLines(half), half.time)).toEqual(half.recurrence)
        }
      }),
      { numRuns },
    )
  })

  test('a series moved to its first slot has the same occurrences and starts on one', () => {
    assert(
      property(anySeries, (series) => {
        const moved = startOnSlot(series)
        expect(slotsBy2031(moved)).toEqual(slotsBy2031(series))
        // One that leaves out all it has has no slot to start on.
        const isLeft = moved.recurrence.rule !== null && slotsBy2031(moved).length > 0
        if (isLeft) expect(slotAt(moved, moved.time.start)).toBeDefined()
        expect(startOnSlot(moved)).toEqual(moved)
      }),
      { numRuns },
    )
  })

  test('a series at another time of day keeps its dates, and leaves the same ones out', () => {
    assert(
      property(anySeries, (series) => {
        if (series.time.kind === 'date') return
        const only = { ...series, recurrence: { ...series.recurrence, rdates: [] } }
        const date = series.time.start.slice(0, 10)
        const moved = shiftWalls(only, firstAt(`${date}T12:00:00`, 'Asia/Kolkata'))
        const dates = (one: Series) => slotsBy2031(one).map((wall) => wall.slice(0, 10))
        expect(dates(moved)).toEqual(dates(only))
        expect(moved.recurrence.exdates.length).toBe(only.recurrence.exdates.length)
      }),
      { numRuns },
    )
  })
}

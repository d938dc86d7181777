import { assert, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sameContent, type EventContent } from '../../domain/event.ts'
import { projectFor } from '../../domain/projection.ts'
import { unsupportedReason } from '../../providers/microsoft/mapping.ts'
import { answeredByGoogle, answeredByGraph } from '../support/answered.ts'
import { anyEvent } from '../support/any-event.ts'
import { patterns, seriesBy } from '../support/patterns.ts'

/** Graph knows zones by Windows names, each for a family of zones that keep one clock: which of them was meant is not told. */
function expectSame(back: EventContent | null, written: EventContent): void {
  expect(back && sameContent(back, written)).toBe(true)
  expect(back?.recurrence).toEqual(written.recurrence)
}

describe('what we write is what we read back, in every field', () => {
  test('at Google', () => {
    assert(
      property(anyEvent, (content) => {
        const projected = projectFor('google', content)
        expect(answeredByGoogle(projected)).toEqual(projected)
      }),
      { numRuns: 300 },
    )
  })

  test('at Outlook, or the event says why Outlook cannot hold it', () => {
    let held = 0
    assert(
      property(anyEvent, (content) => {
        const projected = projectFor('microsoft', content)
        if (unsupportedReason(projected) !== null) return
        held += 1
        expectSame(answeredByGraph(projected), projected)
      }),
      { numRuns: 300 },
    )
    expect(held).toBeGreaterThan(100)
  })
})

const words = { title: 'Visit', body: '', location: '', showAs: 'busy', visibility: 'default' } as const

describe('a series that both vendors can say comes back from both as it was', () => {
  test.each(patterns)('%s', (_pattern, rule) => {
    assert(
      property(seriesBy(rule), (series) => {
        const content: EventContent = { ...words, ...series }
        expect(unsupportedReason(content)).toBeNull()
        expect(answeredByGoogle(content)).toEqual(content)
        expectSame(answeredByGraph(content), content)
      }),
      { numRuns: 60 },
    )
  })
})

import { describe, expect, test } from 'vitest'
import { anchorNear } from '../../domain/recurrence/periods.ts'
import { canonicalRule, readRule } from '../../domain/recurrence/read-rule.ts'
import { datesFrom, slotsOf } from '../../domain/recurrence/slots.ts'
import { firstAt } from '../support/series.ts'

const first = '2016-03-07'
const readOf = (rule: string) => readRule(canonicalRule(rule, firstAt(first)), firstAt(first))

describe('a window of a series that is ten years old is expanded from where it begins', () => {
  test.each([
    ['FREQ=DAILY', '2026-03-15'],
    ['FREQ=DAILY;INTERVAL=3', '2026-03-15'],
    ['FREQ=WEEKLY', '2026-03-09'],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU', '2026-03-08'],
    ['FREQ=MONTHLY', '2026-03-01'],
    ['FREQ=MONTHLY;INTERVAL=7', '2026-02-01'],
    ['FREQ=YEARLY;INTERVAL=4', '2024-01-01'],
  ])('%s', (rule, anchor) => {
    expect(anchorNear(readOf(rule), first, '2026-03-15')).toBe(anchor)
  })
})

describe('the end of a COUNT is reckoned, not walked to, where every period has as many slots', () => {
  test.each([
    ['FREQ=DAILY;COUNT=10000', '2043-07-23'],
    ['FREQ=DAILY;INTERVAL=9;COUNT=1000', '2040-10-18'],
    ['FREQ=WEEKLY;COUNT=4;BYDAY=WE,FR', '2016-03-18'],
    ['FREQ=WEEKLY;INTERVAL=2;COUNT=5;BYDAY=SU,TU;WKST=SU', '2016-04-05'],
  ])('%s', (rule, last) => {
    const { last: reckoned } = slotsOf(readOf(rule), first)
    expect(reckoned).toBe(last)
    const endless = { rule: readOf(rule), first, last: null }
    const count = Number(/COUNT=(\d+)/.exec(rule)?.[1])
    expect([...datesFrom(endless, first).take(count)].at(-1)).toBe(last)
  })
})

test('a series without end is read no further than it is asked for', () => {
  const dates = datesFrom(slotsOf(readOf('FREQ=DAILY'), first), first)
  expect([dates.next().value, dates.next().value]).toEqual(['2016-03-07', '2016-03-08'])
})

import { InvalidRecurrence } from './recurrence.ts'
import type { Rule } from './rule.ts'

/**
 * Refuses what RFC 5545 §3.3.10 forbids, and the few combinations that calendars expand differently: such a rule would
 * show other dates here than there.
 */
export function refuseUnclear(rule: Rule): void {
  const reason = whyUnclear(rule)
  if (reason !== null) throw new InvalidRecurrence(reason)
}

function whyUnclear(rule: Rule): string | null {
  const { frequency, monthDays, yearDays, weekNumbers, positions } = rule
  const isNumbered = rule.days.some((part) => part.position !== 0)
  if (frequency === 'WEEKLY' && monthDays.length > 0)
    return 'A weekly rule cannot name days of the month (BYMONTHDAY); repeat monthly instead.'
  if (frequency !== 'YEARLY' && yearDays.length > 0)
    return 'Only a yearly rule can name days of the year (BYYEARDAY).'
  if (frequency !== 'YEARLY' && weekNumbers.length > 0)
    return 'Only a yearly rule can name weeks by number (BYWEEKNO).'
  if (isNumbered && (frequency === 'DAILY' || frequency === 'WEEKLY'))
    return 'A daily or weekly rule cannot count weekdays (such as the second Tuesday); repeat monthly or yearly instead.'
  if (isNumbered && monthDays.length + yearDays.length + weekNumbers.length > 0)
    return 'A rule that counts weekdays (such as the second Tuesday) cannot also name days of the month, days of the year or weeks.'
  const most = frequency === 'MONTHLY' || rule.months.length > 0 ? 5 : 52
  if (rule.days.some((part) => Math.abs(part.position) > most))
    return `A ${most === 5 ? 'month' : 'year'} does not have that many of one weekday; count to ${most} at most.`
  if (yearDays.length > 0 && rule.days.length + monthDays.length > 0)
    return 'Calendars disagree about a rule that names days of the year (BYYEARDAY) and other days besides; name days of one kind.'
  if (positions.length > 0) return whyUnclearPositions(rule)
  return weekNumbers.length > 0 ? whyUnclearWeeks(rule) : null
}

function whyUnclearPositions(rule: Rule): string | null {
  const { positions } = rule
  if (rule.frequency === 'DAILY')
    return 'BYSETPOS picks among the days of a period, and a daily rule has one day in each.'
  if (rule.days.length + rule.monthDays.length + rule.yearDays.length === 0)
    return 'BYSETPOS picks among days, and the rule names none (BYDAY, BYMONTHDAY).'
  if (rule.weekNumbers.length > 0) return weeksReason
  const isBeyond =
    rule.frequency === 'WEEKLY' && positions.some((position) => Math.abs(position) > rule.days.length)
  return isBeyond ? 'BYSETPOS picks a day that the week does not have; the rule names fewer (BYDAY).' : null
}

function whyUnclearWeeks(rule: Rule): string | null {
  if (rule.interval > 1 || rule.days.length === 0) return weeksReason
  return rule.monthDays.length + rule.yearDays.length + rule.months.length > 0 ? weeksReason : null
}

const weeksReason =
  'Calendars disagree about numbered weeks (BYWEEKNO) unless the rule is every year and names weekdays and nothing else; repeat by month and weekday instead.'

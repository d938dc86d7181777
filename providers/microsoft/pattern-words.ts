import type { DayOfWeek, WeekIndex } from '@microsoft/microsoft-graph-types'
import type { Weekday } from '../../domain/recurrence/rule.ts'

/** BYSETPOS and numbered weekdays as Graph names them. */
export const indexes = new Map<number, WeekIndex>([
  [1, 'first'],
  [2, 'second'],
  [3, 'third'],
  [4, 'fourth'],
  [-1, 'last'],
])

export const dayNames = {
  MO: 'monday',
  TU: 'tuesday',
  WE: 'wednesday',
  TH: 'thursday',
  FR: 'friday',
  SA: 'saturday',
  SU: 'sunday',
} as const satisfies Record<Weekday, DayOfWeek>

import { sameRecurrence, type Recurrence } from './recurrence.ts'

/** Whether two series have the same slots by rule. Slots left out are not looked at: each is decided by itself. */
export function sameRule(one: Recurrence | null, other: Recurrence | null): boolean {
  return sameRecurrence(ruleOf(one), ruleOf(other))
}

function ruleOf(recurrence: Recurrence | null): Recurrence | null {
  return recurrence && { ...recurrence, exdates: [] }
}

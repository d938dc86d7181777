import { describe } from 'vitest'
import { reconcileLaws } from '../support/reconcile-laws.ts'
import { slotLaws } from '../support/slot-laws.ts'

describe('for 1,000,000 bases, pairs of sides and policies each', () => {
  reconcileLaws(1_000_000)
})

describe('for 1,000,000 slots, pairs of sides and policies each', () => {
  slotLaws(1_000_000)
})

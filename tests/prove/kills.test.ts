import { afterAll, beforeAll, describe, test } from 'vitest'
import type { Vendor } from '../../domain/event.ts'
import { importWhileDying, pushWhileDying, pushWhileFrozen } from '../support/kills.ts'
import { startStack, type Stack } from '../support/stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

const shares = (count: number) => Array.from({ length: count }, () => 0.05 + Math.random() * 0.9)

describe.each<Vendor>(['google', 'microsoft'])('with %s', (vendor) => {
  test.each([1, 2, 3])(
    'a first import of 2,000 events, its worker killed three times (round %i)',
    async () => {
      await importWhileDying(stack, vendor, 2_000, shares(3))
    },
    600_000,
  )

  test.each([1, 2, 3])(
    'a push of 200 entries, its worker killed three times (round %i)',
    async () => {
      await pushWhileDying(stack, vendor, 200, shares(3))
    },
    600_000,
  )

  test.each([1, 2])(
    'a push whose worker is frozen while another takes over (round %i)',
    async () => {
      await pushWhileFrozen(stack, vendor, 100, 0.1 + Math.random() * 0.7)
    },
    600_000,
  )
})

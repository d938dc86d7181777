import { afterAll, beforeAll, test } from 'vitest'
import { importWhileDying, pushWhileDying, pushWhileFrozen } from '../support/kills.ts'
import { startStack, type Stack } from '../support/stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

test('a worker killed twice in a first import of 2,000 events loses none and doubles none', async () => {
  await importWhileDying(stack, 'google', 2_000, [0.2 + Math.random() * 0.2, 0.6 + Math.random() * 0.3])
}, 400_000)

test('a worker killed twice in a push of 200 entries loses none and doubles none', async () => {
  await pushWhileDying(stack, 'google', 200, [0.1 + Math.random() * 0.3, 0.5 + Math.random() * 0.4])
}, 400_000)

test('a worker frozen in a push, and another that took over, write nothing twice', async () => {
  await pushWhileFrozen(stack, 'microsoft', 100, 0.1 + Math.random() * 0.5)
}, 400_000)

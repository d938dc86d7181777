import { test } from 'vitest'
import { importWhileDying, pushWhileDying, pushWhileFrozen } from '../support/kills.ts'
import { startStack, type Stack } from '../support/stack.ts'

/** Most of the time Temporal waits for a sign of life of who is dead: beside each other, each on a product of its own. */
async function onItsOwn(play: (stack: Stack) => Promise<void>): Promise<void> {
  const stack = await startStack()
  try {
    await play(stack)
  } finally {
    await stack.close()
  }
}

test.concurrent(
  'a worker killed twice in a first import of 2,000 events loses none and doubles none',
  () =>
    onItsOwn((stack) =>
      importWhileDying(stack, 'google', 2_000, [0.2 + Math.random() * 0.2, 0.6 + Math.random() * 0.3]),
    ),
  400_000,
)

test.concurrent(
  'a worker killed twice in a push of 200 entries loses none and doubles none',
  () =>
    onItsOwn((stack) =>
      pushWhileDying(stack, 'google', 200, [0.1 + Math.random() * 0.3, 0.5 + Math.random() * 0.4]),
    ),
  400_000,
)

test.concurrent(
  'a worker frozen in a push, and another that took over, write nothing twice',
  () => onItsOwn((stack) => pushWhileFrozen(stack, 'microsoft', 100, 0.1 + Math.random() * 0.5)),
  400_000,
)

import { allItems, changedItems, nothingKept, settle, type KeptItem } from './kept-items.ts'
import { putBack } from './put-back.ts'
import { createStateFile, readState } from './state-file.ts'
import type { World } from './world.ts'

const itemsPerLine = 1000
const spareBytes = 16 * 1024 * 1024

/**
 * Lets a world live on in a file: takes up what an earlier one left there, and from then on adds what changed at every
 * commit. When the file has grown well beyond what it tells, it is written anew.
 */
export function keepWorld(world: World, file: string): { close(): void } {
  putBack(world, readItems(file))
  const kept = nothingKept()
  const stateFile = createStateFile(file, lines(allItems(world)))
  let state = world.state
  let bytesMax = 0

  const settleAll = (): void => {
    settle(world, kept)
    state = world.state
    bytesMax = stateFile.size() * 2 + spareBytes
  }
  settleAll()

  world.commit = () => {
    const before = stateFile.size()
    // After a reset or a restore nothing is as it was.
    if (world.state !== state || before > bytesMax) {
      stateFile.replace(lines(allItems(world)))
      settleAll()
      return
    }
    stateFile.append(lines(changedItems(world, kept)))
    if (stateFile.size() > before) settle(world, kept)
  }
  return { close: () => stateFile.close() }
}

function* readItems(file: string): Generator<KeptItem> {
  // The first line said that we wrote the others.
  for (const line of readState(file)) yield* line as KeptItem[]
}

/** A commit is one line, there as a whole or not at all, unless it is very long. */
function* lines(items: Iterable<KeptItem>): Generator<KeptItem[]> {
  let line: KeptItem[] = []
  for (const item of items) {
    if (line.push(item) < itemsPerLine) continue
    yield line
    line = []
  }
  if (line.length > 0) yield line
}

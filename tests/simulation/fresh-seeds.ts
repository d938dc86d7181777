import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../scripts/parts/command.ts'
import { seedsFrom } from './many.ts'

/** What a history plays with: a change of any of it is tried on histories nobody has seen. */
const played = ['activities', 'db', 'domain', 'providers', 'sandbox', 'tests/simulation']

/**
 * The seeds of so many histories that the sources themselves draw, from one place in the row on: every change of them plays
 * others, and the same sources the same again, so that what was tried before a change arrives is what is tried after.
 */
export function freshSeeds(from: number, runs: number): Iterable<number> {
  return seedsFrom(seedOfSources() + from, runs)
}

function seedOfSources(): number {
  const hash = createHash('sha256')
  for (const folder of played) {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    for (const file of files.filter((name) => name.endsWith('.ts')).toSorted()) {
      hash.update(`${folder}/${file}\n`).update(readFileSync(join(root, folder, file)))
    }
  }
  return hash.digest().readUInt32LE() % 2 ** 31
}

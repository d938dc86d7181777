import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { root } from './command.ts'

/** Files that take longest, the longest first: begun last, one of them would run alone at the end. */
const long = [
  'tests/simulation/fresh-1.test.ts',
  'tests/simulation/fresh-2.test.ts',
  'tests/simulation/fresh-3.test.ts',
  'tests/simulation/fresh-4.test.ts',
  'tests/journeys/kills.test.ts',
  'tests/sandbox/pages-browser.test.ts',
  'tests/console/first-page.test.ts',
  'tests/journeys/vendors.test.ts',
]

/** Vitest's own order, but for the files that are known to be long. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const place = ({ moduleId }: TestSpecification) => {
      const found = long.indexOf(relative(root, moduleId))
      return found === -1 ? long.length : found
    }
    return sorted.toSorted((one, other) => place(one) - place(other))
  }
}

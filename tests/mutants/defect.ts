import type { About } from '../simulation/history.ts'

/** A mistake that systems of this kind really make, as a change of our own code. */
export interface Defect {
  /** What goes wrong, as somebody who meets it would say. */
  name: string
  changes: Change[]
  /** Each of them has to notice the defect. */
  caughtBy: Guard[]
}

/** `find` stands exactly once in the file. */
export interface Change {
  file: string
  find: string
  replace: string
}

export type Guard = TestGuard | HistoryGuard

/** A test of the product by its file and the words of its name; of several with these words one has to fail. */
export interface TestGuard {
  file: string
  test: string
}

/** The rules of the simulation: one of its first `atMost` histories of a kind has to break one. */
export interface HistoryGuard {
  histories: About
  atMost: number
}

/** The code with the mistake in it. Throws when the code has changed so that the defect has to be written anew. */
export function planted(code: string, { find, replace }: Change): string {
  const parts = code.split(find)
  if (parts.length === 2 && find !== replace) return parts.join(replace)
  throw new Error(
    `"${find}" stands ${parts.length - 1} times in the code: a defect is planted in exactly one place.`,
  )
}

import { relative } from 'node:path'
import type { Guard } from '../../../tests/mutants/defect.ts'

/** What vitest's JSON report says of each test. */
export interface Report {
  testResults: {
    name: string
    message: string
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[]
  }[]
}

/** How a test noticed: it expected something else, a law or a rule broke, or a vendor or the database refused. */
export type How = 'expectation' | 'law' | 'rule' | 'refusal' | 'constraint'

/** A test by its file and its full name. */
export interface Named {
  file: string
  test: string
}

export interface Caught extends Named {
  how: How
  /** The rule, law, refusal or constraint, where it has words of its own. */
  words: string
}

export interface Verdict {
  caught: Caught[]
  /** Failures that say nothing about the product: the changed code fell over by itself. */
  crashed: string[]
  /** Every test that ran. */
  ran: Named[]
}

export function verdictOf(report: Report, folder: string): Verdict {
  const verdict: Verdict = { caught: [], crashed: [], ran: [] }
  for (const { name, message, assertionResults } of report.testResults) {
    const file = relative(folder, name)
    const ran = assertionResults.filter(({ status }) => status === 'passed' || status === 'failed')
    verdict.ran.push(...ran.map(({ fullName }) => ({ file, test: fullName })))
    const failed = ran.filter(({ status }) => status === 'failed')
    if (ran.length === 0 && message !== '') verdict.crashed.push(`${file}: ${message}`)
    for (const { fullName, failureMessages } of failed) {
      const [said = ''] = failureMessages
      const how = howOf(said)
      if (how) verdict.caught.push({ file, test: fullName, ...how })
      else verdict.crashed.push(`${fullName}: ${said.split('\n')[0]}`)
    }
  }
  return verdict
}

/**
 * Errors that our own code ends with, by the names it gives them: the sandbox takes no request that the vendor would not take,
 * and what cannot be read says so.
 */
const refusals = new Set([
  'Refused',
  'NotFound',
  'PreconditionFailed',
  'CursorExpired',
  'ConsentRevoked',
  'Throttled',
  'InvalidTime',
])

/** What a failure says; undefined for one that says nothing about the product. */
export function howOf(said: string): Pick<Caught, 'how' | 'words'> | undefined {
  const first = (said.split('\n')[0] ?? '').trim()
  const [, name = '', words = ''] = /^(\w+)(?:: (.*))?$/.exec(first) ?? []
  if (/\b(Type|Reference|Syntax|Range)Error\b/.test(said)) return undefined
  if (name === 'AssertionError' || /^promise (resolved|rejected) /.test(words))
    return { how: 'expectation', words: '' }
  if (name === 'RuleBroken') return { how: 'rule', words }
  if (words.startsWith('Property failed after')) return { how: 'law', words: '' }
  if (refusals.has(name)) return { how: 'refusal', words }
  const constraint = /unique constraint "(\w+)"/.exec(said)?.[1]
  return constraint ? { how: 'constraint', words: constraint } : undefined
}

/** Whether this test is the guard's. */
export const isBy = (guard: Guard, { file, test }: Named): boolean =>
  'histories' in guard
    ? file === historiesFile && test.includes(`of ${guard.histories} `)
    : file === guard.file && test.includes(guard.test)

export const historiesFile = 'tests/mutants/histories.ts'

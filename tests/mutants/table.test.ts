import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { changedFiles } from '../../scripts/parts/mutants/copy.ts'
import { howOf, isBy, verdictOf } from '../../scripts/parts/mutants/verdict.ts'
import { planted } from './defect.ts'
import { defects } from './defects.ts'

const root = join(import.meta.dirname, '..', '..')
const all = Object.values(defects).flat()

describe('a planted defect', () => {
  test.each(all.map((defect) => [defect.name, defect] as const))(
    '%s: fits the code of today and names who notices it',
    (_name, defect) => {
      expect([...changedFiles(defect).values()].every(({ before, after }) => before !== after)).toBe(true)
      expect(defect.caughtBy.length).toBeGreaterThan(0)
      const files = defect.caughtBy.flatMap((guard) => ('file' in guard ? guard.file : []))
      expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
    },
  )

  test('has a name of its own', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
  })

  test('stands in exactly one place, or the table has to be written anew', () => {
    const change = { file: 'any.ts', find: 'a < b', replace: 'a > b' }
    expect(planted('if (a < b) return', change)).toBe('if (a > b) return')
    expect(() => planted('return', change)).toThrow('stands 0 times')
    expect(() => planted('a < b || a < b', change)).toThrow('stands 2 times')
    expect(() => planted('a < b', { ...change, replace: 'a < b' })).toThrow('exactly one place')
  })

  test('is of every kind that this code could have: more than fifty', () => {
    expect(all.length).toBeGreaterThan(50)
  })
})

describe('a failure', () => {
  test.each([
    ['an expectation', 'AssertionError: expected 2 to be 1', 'expectation'],
    ['a law', 'Error: Property failed after 3 tests', 'law'],
    ['a rule of the histories', 'RuleBroken: T2 is twice in google 0', 'rule'],
    ['a refusal by a vendor', 'NotFound: Microsoft: not found (ErrorItemNotFound).', 'refusal'],
    ['a constraint', 'PostgresError: violates unique constraint "one_meeting"', 'constraint'],
  ])('says something about the product when it is %s', (_kind, said, how) => {
    expect(howOf(said)?.how).toBe(how)
  })

  test.each([
    ['a crash', "TypeError: Cannot read properties of undefined (reading 'id')"],
    ['a crash within a law', 'Error: Property failed after 1 tests\nGot TypeError: x is not a function'],
    ['a name that is not there', 'ReferenceError: nobody is not defined'],
    ['a test that took too long', 'Error: Test timed out in 60000ms.'],
  ])('says nothing when it is %s', (_kind, said) => {
    expect(howOf(said)).toBeUndefined()
  })

  test('is the guard’s when it is of its test', () => {
    const assertionResults = [
      { fullName: 'with google an entry stays', status: 'failed', failureMessages: ['AssertionError: no'] },
      { fullName: 'with google another one', status: 'passed', failureMessages: [] },
    ]
    const testResults = [{ name: '/copy/tests/one.test.ts', message: '', assertionResults }]
    const { caught, crashed, ran } = verdictOf({ testResults }, '/copy')
    expect({ ran: ran.length, crashed }).toEqual({ ran: 2, crashed: [] })
    const [first] = caught
    if (!first) throw new Error('Nothing was caught.')
    expect(isBy({ file: 'tests/one.test.ts', test: 'an entry stays' }, first)).toBe(true)
    expect(isBy({ file: 'tests/one.test.ts', test: 'another one' }, first)).toBe(false)
    expect(isBy({ histories: 'events', atMost: 1 }, first)).toBe(false)
  })

  test('of a file that does not load says nothing', () => {
    const testResults = [
      { name: '/copy/tests/one.test.ts', message: 'SyntaxError: no', assertionResults: [] },
    ]
    expect(verdictOf({ testResults }, '/copy')).toEqual({
      caught: [],
      crashed: ['tests/one.test.ts: SyntaxError: no'],
      ran: [],
    })
  })
})

test('the names of the tests that are to notice something are names of tests', () => {
  const lost = all
    .flatMap(({ caughtBy }) => caughtBy)
    .flatMap((guard) => ('file' in guard ? guard : []))
    .filter(({ file, test: words }) => !mentions(readFileSync(join(root, file), 'utf8'), words))
  expect(lost).toEqual([])
})

/** Laws are named where they are stated, and words of a table's case stand in a row of it. */
function mentions(code: string, words: string): boolean {
  const spoken = code.replaceAll("\\'", "'")
  if (spoken.includes(words) || words.split(': ').every((part) => spoken.includes(part))) return true
  const imported = [...code.matchAll(/from '(\.\.\/support\/[\w-]+\.ts)'/g)].map(([, file = '']) =>
    readFileSync(join(root, 'tests', file.replace('../', '')), 'utf8'),
  )
  return imported.some((other) => other.includes(words))
}

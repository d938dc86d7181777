import { parseArgs } from 'node:util'
import { giveUp } from '../../scripts/parts/command.ts'

/** The sizes of a measurement, each a whole number over 0, with those that were not given at their defaults. */
export function sizesFrom<Name extends string>(defaults: Record<Name, number>): Record<Name, number> {
  try {
    const names = Object.keys(defaults) as Name[]
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
    const { values } = parseArgs({ options })
    return Object.fromEntries(
      names.map((name) => [name, wholeNumber(name, values[name] ?? defaults[name])]),
    ) as Record<Name, number>
  } catch (error) {
    return giveUp(error)
  }
}

function wholeNumber(name: string, given: string | number | boolean): number {
  const value = Number(given)
  if (Number.isInteger(value) && value > 0) return value
  throw new Error(`--${name} is "${given}": give a whole number over 0.`)
}

import { googleSwitches } from './google/switches.ts'
import { microsoftSwitches } from './microsoft/switches.ts'
import type { Switch, SwitchValue } from './switch.ts'

/** Raised for a switch that there is not, or a value that it cannot have. */
export class UnknownChoice extends Error {
  override readonly name = 'UnknownChoice'
}

/** Every switch there is, by its full name. */
export function allSwitches(): Map<string, Switch> {
  const named = (prefix: string, list: Record<string, Switch>): [string, Switch][] =>
    Object.entries(list).map(([name, one]) => [`${prefix}.${name}`, one])
  return new Map([...named('google', googleSwitches), ...named('microsoft', microsoftSwitches)])
}

/** The wishes for switches, checked: either every wish can be met or none is. */
export function checkedSwitches(wishes: Record<string, unknown>): [string, SwitchValue][] {
  const switches = allSwitches()
  return Object.entries(wishes).map(([name, wish]) => {
    const known = switches.get(name)
    if (known === undefined)
      throw new UnknownChoice(`There is no switch ${name}; GET /_sandbox/switches lists them.`)
    const value = known.choices.find((choice) => choice === wish)
    if (value === undefined) {
      const choices = known.choices.map((choice) => JSON.stringify(choice)).join(', ')
      throw new UnknownChoice(`${name} is one of ${choices}.`)
    }
    return [name, value]
  })
}

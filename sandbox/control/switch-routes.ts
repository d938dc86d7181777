import type { FastifyInstance } from 'fastify'
import { googleSwitches } from '../google/switches.ts'
import { isObject } from '../json.ts'
import { microsoftSwitches } from '../microsoft/switches.ts'
import type { Switch, SwitchValue } from '../switch.ts'
import type { World } from '../world.ts'
import { ControlError } from './errors.ts'

/** Every switch there is, by its full name. */
function allSwitches(): Map<string, Switch> {
  const named = (prefix: string, list: Record<string, Switch>): [string, Switch][] =>
    Object.entries(list).map(([name, one]) => [`${prefix}.${name}`, one])
  return new Map([...named('google', googleSwitches), ...named('microsoft', microsoftSwitches)])
}

/** What the vendors leave open and how the sandbox decides it. */
export function switchRoutes(app: FastifyInstance, world: World): void {
  const list = () => {
    const items = [...allSwitches()].map(([name, { about, choices }]) => {
      const value = world.state.switches.get(name) ?? choices[0]
      return { name, value, isDefault: value === choices[0], choices, about }
    })
    return { items, nextCursor: null }
  }
  app.get('/_sandbox/switches', list)
  app.post('/_sandbox/switches', (request) => {
    const wishes = checkedWishes(request.body)
    for (const [name, value] of wishes) world.state.switches.set(name, value)
    return list()
  })
  app.delete('/_sandbox/switches', (_request, reply) => {
    world.state.switches.clear()
    return reply.status(204).send()
  })
}

/** Either every wish can be met or none is. */
function checkedWishes(body: unknown): [string, SwitchValue][] {
  if (!isObject(body)) throw new ControlError(400, 'Give an object of switch names and values.')
  const switches = allSwitches()
  return Object.entries(body).map(([name, wish]) => {
    const known = switches.get(name)
    if (known === undefined)
      throw new ControlError(400, `There is no switch ${name}; GET /_sandbox/switches lists them.`)
    const value = known.choices.find((choice) => choice === wish)
    if (value === undefined) {
      throw new ControlError(
        400,
        `${name} is one of ${known.choices.map((choice) => JSON.stringify(choice)).join(', ')}.`,
      )
    }
    return [name, value]
  })
}

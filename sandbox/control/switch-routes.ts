import type { FastifyInstance } from 'fastify'
import { allSwitches, checkedSwitches, UnknownChoice } from '../all-switches.ts'
import { isObject } from '../json.ts'
import type { SwitchValue } from '../switch.ts'
import type { World } from '../world.ts'
import { ControlError } from './errors.ts'

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
    for (const [name, value] of world.beginning.switches ?? []) world.state.switches.set(name, value)
    return reply.status(204).send()
  })
}

function checkedWishes(body: unknown): [string, SwitchValue][] {
  if (!isObject(body)) throw new ControlError(400, 'Give an object of switch names and values.')
  try {
    return checkedSwitches(body)
  } catch (error) {
    if (error instanceof UnknownChoice) throw new ControlError(400, error.message)
    throw error
  }
}

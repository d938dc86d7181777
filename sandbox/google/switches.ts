import type { State } from '../state.ts'
import { chosen, type Choice } from '../switch.ts'

/** What Google's documentation leaves open. */
export const googleSwitches = {
  malformedSyncToken: {
    about: 'The status of a sync token that was never given out.',
    choices: [410, 400],
  },
} as const

type List = typeof googleSwitches

/** How a switch of Google's stands. */
export function googleSwitch<N extends keyof List>(state: State, name: N): Choice<List, N> {
  return chosen(googleSwitches, name, state.switches, 'google')
}

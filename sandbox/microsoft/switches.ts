import type { State } from '../state.ts'
import { chosen, type Choice } from '../switch.ts'

/** What Microsoft's documentation leaves open. */
export const microsoftSwitches = {
  duplicateTransactionStatus: {
    about: 'The status of a create whose transactionId made another event before.',
    choices: [400, 409],
  },
} as const

type List = typeof microsoftSwitches

/** How a switch of Microsoft's stands. */
export function microsoftSwitch<N extends keyof List>(state: State, name: N): Choice<List, N> {
  return chosen(microsoftSwitches, name, state.switches, 'microsoft')
}

import type { MicrosoftAccount } from '../microsoft/types.ts'
import type { World } from '../world.ts'
import type { AadstsCode } from './aadsts.ts'
import { requirementOf, setRequirement } from './sign-ins.ts'

/** What nobody who signs in can do anything about. */
export function blockOf(world: World, account: MicrosoftAccount): AadstsCode | null {
  switch (requirementOf(world, 'microsoft', account.email)) {
    case 'disabled':
      return 50057
    case 'conditional-access':
      return 53003
    case 'compliant-device':
      return 53000
    default:
      return null
  }
}

/** What a person has to come and do; without one it is refused. */
export function interactionFor(world: World, account: MicrosoftAccount): AadstsCode | null {
  switch (requirementOf(world, 'microsoft', account.email)) {
    case 'mfa':
      return 50076
    case 'mfa-enrolment':
      return 50079
    case 'sign-in-frequency':
      return 70043
    default:
      return null
  }
}

/** A person who signs in does what was asked of them. */
export function fulfil(world: World, account: MicrosoftAccount): void {
  if (interactionFor(world, account) !== null) setRequirement(world, 'microsoft', account.email, null)
}

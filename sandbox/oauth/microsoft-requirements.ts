import type { MicrosoftAccount } from '../microsoft/types.ts'
import type { World } from '../world.ts'
import type { AadstsCode } from './aadsts.ts'
import { requirementOf, setRequirement } from './sign-ins.ts'
import type { Requirement } from './types.ts'

const blocks: Partial<Record<Requirement, AadstsCode>> = {
  disabled: 50057,
  'conditional-access': 53003,
  'compliant-device': 53000,
}

const interactions: Partial<Record<Requirement, AadstsCode>> = {
  mfa: 50076,
  'mfa-enrolment': 50079,
  'sign-in-frequency': 70043,
}

/** What nobody who signs in can do anything about. */
export function blockOf(world: World, account: MicrosoftAccount): AadstsCode | null {
  const requirement = requirementOf(world, 'microsoft', account.email)
  return requirement === null ? null : (blocks[requirement] ?? null)
}

/** What a person has to come and do; without one it is refused. */
export function interactionFor(world: World, account: MicrosoftAccount): AadstsCode | null {
  const requirement = requirementOf(world, 'microsoft', account.email)
  return requirement === null ? null : (interactions[requirement] ?? null)
}

/** A person who signs in does what was asked of them. */
export function fulfil(world: World, account: MicrosoftAccount): void {
  if (interactionFor(world, account) !== null) setRequirement(world, 'microsoft', account.email, null)
}

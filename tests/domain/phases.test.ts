import { expect, test } from 'vitest'
import { follow, isHalted, phaseAtRest, phases, type Phase } from '../../domain/phases.ts'

const all: readonly Phase[] = phases
const onward = all.filter((phase) => phase !== 'unauthorized')

test.each<[Phase, Phase[]]>([
  ['unauthorized', [...all]],
  ['connected', onward],
  ['syncing', onward],
  ['paused', onward],
  ['paused-by-conflict', onward],
  ['paused-by-brake', onward],
  ['backing-off', onward],
  ['reauthorization-required', onward],
  ['disconnecting', ['disconnecting']],
])('%s is foreseen to stay or to become one of %j', (from, foreseen) => {
  expect(all.filter((to) => follow(from, to).isForeseen)).toEqual(foreseen)
})

test('a step that nobody foresaw is taken, because the row is the truth', () => {
  expect(follow('syncing', 'unauthorized')).toEqual({ phase: 'unauthorized', isForeseen: false })
})

test('nothing leads out of a disconnect, and nothing that tries is an error', () => {
  for (const to of onward.filter((phase) => phase !== 'disconnecting'))
    expect(follow('disconnecting', to)).toEqual({ phase: 'disconnecting', isForeseen: false })
})

test.each([
  [{ conflicts: 0, isHeld: false }, 'connected'],
  [{ conflicts: 0, isHeld: true }, 'paused-by-brake'],
  [{ conflicts: 2, isHeld: false }, 'paused-by-conflict'],
  [{ conflicts: 2, isHeld: true }, 'paused-by-conflict'],
])('a provider at rest with %j is %s', (paused, phase) => {
  expect(phaseAtRest(paused)).toBe(phase)
})

test('only what waits for a person does without polls', () => {
  expect(all.filter(isHalted)).toEqual(['unauthorized', 'paused', 'reauthorization-required'])
})

import { expect, test } from 'vitest'
import { alertsFor, type AlertEvidence } from '../../domain/alerts.ts'

const well: AlertEvidence = {
  vendor: 'google',
  authorization: 'connected',
  failures: 0,
  lastError: null,
  subscriptionError: null,
  isStuck: false,
}
const kinds = (evidence: Partial<AlertEvidence>) => [...alertsFor({ ...well, ...evidence }).keys()]

test.each<[string, Partial<AlertEvidence>, string[]]>([
  ['nothing is wrong', {}, []],
  ['it failed twice', { failures: 2 }, []],
  ['it failed three times in a row', { failures: 3 }, ['failing']],
  ['its consent is gone', { authorization: 'reauthorization-required' }, ['consent-revoked']],
  ['its subscription has ended', { subscriptionError: 'gone' }, ['subscription-expired']],
  ['its workflow is stuck', { isStuck: true }, ['workflow-stuck']],
  [
    'its consent is gone, and with it its subscription',
    { authorization: 'reauthorization-required', subscriptionError: 'gone', failures: 3 },
    ['consent-revoked', 'failing'],
  ],
])('when %s, these alerts are open: %j', (_when, evidence, open) => {
  expect(kinds(evidence)).toEqual(open)
})

test('an alert says what the vendor said last', () => {
  const said = alertsFor({ ...well, failures: 4, lastError: 'Google: a server error (backendError).' })
  expect(said.get('failing')).toBe(
    'It failed 4 times in a row. The last time: Google: a server error (backendError).',
  )
})

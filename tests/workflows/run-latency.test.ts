import { expect, test } from 'vitest'
import { withWaits } from '../../domain/latency.ts'
import { renderLatency } from '../../workflows/run-latency.ts'

test('the details of a run say for each direction how many changes were measured, and how long they took', () => {
  const inbound = withWaits(undefined, [100, 301])
  const outbound = withWaits(undefined, [7])
  if (!inbound || !outbound) throw new Error('Nothing was measured.')
  expect(renderLatency({ inbound, outbound })).toEqual([
    '| inbound: change → applied | 2 measured, mean 201 ms, slowest 301 ms |',
    '| outbound: change → applied | 1 measured, mean 7 ms, slowest 7 ms |',
  ])
})

test('a run that measured nothing says nothing of it', () => {
  expect(renderLatency({})).toEqual([])
})

import { expect, test } from 'vitest'
import { type InputLatency, inputLatency } from '../../../src/dynamics/timeline/kernel-input.js'
import { ReceivedBatches } from '../../../src/dynamics/timeline/received-batches.js'
import type { Slice } from '../../../src/network/slices/blocks.js'
import { trainsOf } from '../../learning/trains.js'

const REACH = 2

const DEAF = 1

function segmented(latency: InputLatency | null, units: Slice, reachOf: (unit: number) => number): ReceivedBatches {
  const input = { projection: 0, slice: 0, units, latency, source: 'in', order: 0, key: 'in->out' }
  const received = new ReceivedBatches([input])
  const reach = { most: () => REACH, ofUnit: (_: number, unit: number) => reachOf(unit) }
  received.begin({ segmented: true, gradients: false, reach, leastDelay: () => 0 })
  return received
}

/** Of one input, with spikes at 1, 2, … ms, some of a unit that nobody hears. */
function received(...ends: readonly number[]): ReceivedBatches {
  const units = { start: 0, end: 2 }
  const recent = segmented(null, units, (unit) => (unit === DEAF ? -Infinity : REACH))
  let start = 0
  for (const [sequence, end] of ends.entries()) {
    const times = Array.from({ length: end - start }, (_, k) => start + k).filter((time) => time > 0)
    const trains = trainsOf([times.flatMap((time) => [0, DEAF].map((unit) => ({ time, unit })))])
    recent.receive(0, { stream: 'in', sequence, window: { start, end }, ...trains })
    start = end
  }
  return recent
}

test('what arrives at the very instant is in flight still', () => {
  expect([...received(6).inFlight(5, 1)['in->out']!.times]).toEqual([3, 4, 5])
})

test('nothing is forgotten that may still arrive', () => {
  const recent = received(2, 4, 6)
  for (const time of [4, 5, 6]) {
    recent.forget(time)
    expect(recent.inFlight(time, 1)['in->out']!.times[0]).toBe(time - REACH)
  }
})

test('what is known late arrives late, and is kept as it was sent', () => {
  const units = { start: 0, end: 3 }
  const latency = inputLatency(Float64Array.of(0, 0, 4))
  const recent = segmented(latency, units, () => REACH)
  const trains = trainsOf([[0, 2].map((unit) => ({ time: 1, unit }))])
  recent.receive(0, { stream: 'in', sequence: 0, window: { start: 0, end: 2 }, ...trains })
  const inFlight = (time: number) => {
    recent.forget(time)
    const { times, units } = recent.inFlight(time, 1)['in->out']!
    return [...units].map((unit, place) => [times[place], unit])
  }
  expect(inFlight(3)).toEqual([
    [1, 0],
    [1, 2],
  ])
  for (const time of [3.1, 5, 7]) expect(inFlight(time)).toEqual([[1, 2]])
  expect(inFlight(7.1)).toEqual([])
})

import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { spikeTimes } from '../../src/data/patterns/spike-times.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { spikeTimes as spikeTimesLoss } from '../../src/learning/define-loss.js'
import { evaluateSplit } from '../../src/learning/evaluate-split.js'
import { openSurrogate } from '../../src/learning/surrogate/open-surrogate.js'
import { createTimingTally } from '../../src/learning/timing-error.js'

function trainsOf(trials: readonly (readonly (readonly [time: number, unit: number])[])[]): SpikeTrains {
  const spikes = trials.flat()
  const ends = trials.map((_, trial) => trials.slice(0, trial + 1).flat().length)
  return {
    offsets: Uint32Array.of(0, ...ends),
    times: Float64Array.from(spikes, ([time]) => time),
    units: Uint32Array.from(spikes, ([, unit]) => unit),
  }
}

// Label 0 asks for unit 0 at 10 and 20 and unit 1 at 15, label 1 for unit 1 at 5.
const targets = trainsOf([
  [
    [10, 0],
    [15, 1],
    [20, 0],
  ],
  [[5, 1]],
])
const tallyOf = (trains: SpikeTrains, ...labels: number[]) => {
  const tally = createTimingTally(spikeTimesLoss('output', { targets }))
  tally.add(trains, Uint8Array.from(labels))
  return tally.result()
}

test('spikes that are their targets are 0 ms off', () => {
  expect(tallyOf(targets, 0, 1)).toEqual({ error: 0, missed: 0 })
})

test('the k-th spike of a unit counts against its k-th target, further ones and other units do not', () => {
  const trial = [
    [8, 0],
    [9, 2],
    [19, 1],
    [20.5, 0],
    [40, 0],
    [41, 1],
  ] as const
  expect(tallyOf(trainsOf([trial]), 0).error).toBeCloseTo((2 + 4 + 0.5) / 3, 12)
})

test('targets without a spike are missed, and not part of the error', () => {
  expect(tallyOf(trainsOf([[[12, 0]], []]), 0, 1)).toEqual({ error: 2, missed: 3 / 4 })
  expect(tallyOf(trainsOf([[], []]), 0, 1)).toEqual({ error: null, missed: 1 })
})

test.each([['exact'], ['surrogate']])(
  'a split has the error of its spikes, whatever the batches, with the %s method',
  async (method) => {
    const sizes = { train: 3, validation: 7, test: 3 }
    const weights = { output: { drive: 25, spread: 4 } }
    const task = spikeTimes({ patterns: 3, outputs: 2, jitter: 0.5, sizes, weights })
    await using session = method === 'exact' ? await open(task.network) : openSurrogate(task.network)
    const { timing } = await evaluateSplit(session, task.validation, { ...task, batch: 7 })
    expect(timing?.error).toBeGreaterThan(0)
    const small = await evaluateSplit(session, task.validation, { ...task, batch: 2 })
    expect(small.timing).toEqual(timing)
    const counts = await evaluateSplit(session, task.validation, {
      ...task,
      loss: { kind: 'spikeCount', group: 'hidden', tau: 20 },
    })
    expect(counts).not.toHaveProperty('timing')
  },
)

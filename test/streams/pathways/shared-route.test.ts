import { describe, expect, test } from 'vitest'
import type { GradientBatch } from '../../../src/events/gradient-batch.js'
import type { SpikeBatch } from '../../../src/events/spike-batch.js'
import { unitSet } from '../../../src/events/unit-set.js'
import { createLocalPathway } from '../../../src/streams/pathways/local-ends.js'
import { createSharedRoute } from '../../../src/streams/pathways/shared-route.js'
import { trainsOf } from '../../learning/trains.js'
import { gradientBatch, spikeBatch } from '../batches.js'

/** Both ends of a shared route of a slice whose first unit is 32, with branches that return so many sums. */
function joinTrunk(sums: readonly number[], isWhole: boolean) {
  const way = createLocalPathway((deliver) => deliver())
  const options = { sums, first: 32, isWhole }
  const [spiking, listening] = [createSharedRoute({ ...options, way }), createSharedRoute({ ...options, way })]
  const sent: SpikeBatch[] = []
  const returned: GradientBatch[] = []
  way.spikes$.subscribe((batch) => sent.push(batch))
  way.gradients$.subscribe((batch) => returned.push(batch))
  const heard = sums.map((): SpikeBatch[] => [])
  const heardBack = sums.map((): GradientBatch[] => [])
  listening.branches.forEach(({ spikes$ }, k) => {
    spikes$.subscribe((batch) => heard[k]!.push(batch))
  })
  spiking.branches.forEach(({ gradients$ }, k) => {
    gradients$.subscribe((batch) => heardBack[k]!.push(batch))
  })
  const begin = () => {
    for (const end of [spiking, listening]) end.begin(true)
  }
  begin()
  const give = (batch: SpikeBatch) => {
    for (const { sendSpikes } of spiking.branches) sendSpikes(batch)
  }
  return { spiking, listening, sent, returned, heard, heardBack, begin, give }
}

/** Spikes at 1, 2, … of some units, in one trial. */
function batchOf(sequence: number, units: readonly number[]): SpikeBatch {
  const trains = trainsOf([units.map((unit, k) => ({ time: k + 1, unit }))])
  return { stream: 's', sequence, window: { start: 0, end: 9 }, ...trains }
}

describe('a shared route', () => {
  test('sends what all branches are given once, and every branch hears it', () => {
    const { spiking, sent, heard } = joinTrunk([1, 2], true)
    const batch = batchOf(0, [32, 40])
    spiking.branches[0]!.sendSpikes(batch)
    expect(sent).toEqual([])
    spiking.branches[1]!.sendSpikes(batch)
    expect(sent).toEqual([batch])
    expect(heard).toEqual([[batch], [batch]])
  })

  test('returns gradients once all branches have, and each gets its own sums', () => {
    const { listening, give, returned, heardBack } = joinTrunk([1, 2], true)
    give(batchOf(0, [32]))
    give(batchOf(1, [32, 40]))
    listening.branches[1]!.sendGradients(gradientBatch(1, 3, 4, 5, 6))
    listening.branches[1]!.sendGradients(gradientBatch(0, 8, 9))
    expect(returned).toEqual([])
    listening.branches[0]!.sendGradients(gradientBatch(1, 1, 2))
    listening.branches[0]!.sendGradients(gradientBatch(0, 7))
    expect(returned).toEqual([gradientBatch(1, 1, 2, 3, 4, 5, 6), gradientBatch(0, 7, 8, 9)])
    expect(heardBack).toEqual([
      [gradientBatch(1, 1, 2), gradientBatch(0, 7)],
      [gradientBatch(1, 3, 4, 5, 6), gradientBatch(0, 8, 9)],
    ])
  })

  test('leaves out spikes that nobody hears, and returns 0 for them', () => {
    const { spiking, listening, give, sent, heardBack } = joinTrunk([1, 2], false)
    spiking.hear(unitSet(16, (unit) => unit === 1 || unit === 9))
    give(batchOf(0, [32, 33, 41, 42]))
    give(batchOf(1, [32]))
    expect(sent.map(({ sequence, window, times, units }) => [sequence, window.end, [...times], [...units]])).toEqual([
      [0, 9, [2, 3], [33, 41]],
      [1, 9, [], []],
    ])
    for (const { sendGradients } of listening.branches) sendGradients(gradientBatch(1))
    listening.branches[0]!.sendGradients(gradientBatch(0, 1, 2))
    listening.branches[1]!.sendGradients(gradientBatch(0, 3, 4, 5, 6))
    expect(heardBack).toEqual([
      [gradientBatch(1, 0), gradientBatch(0, 0, 1, 2, 0)],
      [gradientBatch(1, 0, 0), gradientBatch(0, 0, 3, 4, 0, 0, 5, 6, 0)],
    ])
  })

  test('is closed until it is known who is heard, and then sends what waited', () => {
    const { spiking, give, sent } = joinTrunk([1, 1], false)
    let opened = 0
    for (const { opened$ } of spiking.branches) opened$.subscribe(() => opened++)
    give(batchOf(0, [32, 33]))
    expect(spiking.branches.map(({ isOpen }) => isOpen())).toEqual([false, false])
    expect(sent).toEqual([])
    spiking.hear(unitSet(2, () => true))
    expect(sent).toEqual([batchOf(0, [32, 33])])
    expect(spiking.branches.map(({ isOpen }) => isOpen())).toEqual([true, true])
    expect(opened).toBe(2)
  })

  test('keeps nothing of a run that is over', () => {
    const { spiking, listening, begin, give, sent, returned } = joinTrunk([1, 1], false)
    give(batchOf(0, [32]))
    begin()
    spiking.hear(unitSet(2, () => true))
    expect(sent).toEqual([])
    spiking.branches[0]!.sendSpikes(batchOf(0, [32]))
    listening.branches[0]!.sendGradients(gradientBatch(0, 5))
    begin()
    give(batchOf(0, [33]))
    expect(sent).toEqual([batchOf(0, [33])])
    for (const { sendGradients } of listening.branches) sendGradients(gradientBatch(0, 6))
    expect(returned).toEqual([gradientBatch(0, 6, 6)])
  })

  test('is given no batch before all branches have been given the one before, nor another', () => {
    const { spiking } = joinTrunk([1, 1], true)
    spiking.branches[0]!.sendSpikes(spikeBatch(0, 0, 1))
    expect(() => spiking.branches[0]!.sendSpikes(spikeBatch(1, 1, 2))).toThrow('before all had given batch 0')
  })

  test('joins no gradients of different batches', () => {
    const { listening } = joinTrunk([1, 1], true)
    listening.branches[0]!.sendGradients(gradientBatch(1))
    expect(() => listening.branches[1]!.sendGradients(gradientBatch(0))).toThrow('would be returned as one')
  })
})

import { expect, test } from 'vitest'
import { open } from '../../../../src/actors/open.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { connect, dense } from '../../../../src/network/description/projections.js'
import { type LifParameters, lif } from '../../../../src/network/models/lif.js'
import { nextDown } from '../../../../src/numerics/neighbours.js'
import { trainsOf } from '../../../learning/trains.js'
import { streamed } from '../../../support/streamed.js'

const [UNTIL, SEGMENT] = [40, 1.5]
const record = ['n']
const inputs = { in: trainsOf([[2, 2.5, 20, 21, 33].map((time, k) => ({ time, unit: k % 2 }))]) }

type Changes = Pick<LifParameters, 'bias' | 'refractory' | 'adaptStep'>

/** Two neurons that share their arrivals and the lanes that they are run in. */
async function openWith(tauSyn: number, parameters: Changes) {
  const groups = { in: source(2), n: lif(2, { tauMem: 20, tauSyn, threshold: 1, ...parameters }) }
  const weights = dense([
    [12, 9],
    [5, 8],
  ])
  return await open(defineNetwork({ groups, projections: [connect('in', 'n', weights)] }), { kernel: 'simd' })
}

/** Spike times of the first neuron: saved by one network at the end of some segment, and gone on with by another one. */
async function timesOver(stop: number, saving: Opened, resuming: Opened): Promise<readonly number[]> {
  const options = { record, until: UNTIL, inputs, segment: SEGMENT }
  const before = await streamed(saving, options, stop)
  const after = await streamed(resuming, { ...options, from: before.state! })
  return [before, after].flatMap(({ spikes }) => [...spikes.n!.times].filter((_, k) => spikes.n!.units[k] === 0))
}

type Opened = Awaited<ReturnType<typeof openWith>>

function expectNear(found: readonly number[], expected: readonly number[], within = 1e-9): void {
  expect(found.length).toBe(expected.length)
  for (const [k, time] of expected.entries()) expect(Math.abs(found[k]! - time)).toBeLessThan(within)
}

test.each<[string, number, Changes]>([
  ['fires by itself, 4', 5, { bias: [0, 1.5] }],
  ['fires by itself, 2', 10, { bias: [0, 1.5] }],
  ['has a refractory period, 4', 5, { refractory: [0, 2] }],
  ['adapts, 2', 10, { adaptStep: [0, 0.3] }],
])(
  'a neuron goes on from any state where another one of its lanes %s times tauSyn, and back',
  async (_, tauSyn, changed) => {
    await using plain = await openWith(tauSyn, {})
    await using other = await openWith(tauSyn, changed)
    const expected = await timesOver(1, plain, plain)
    expect(expected.length).toBeGreaterThan(8)
    for (let stop = 1; stop < UNTIL / SEGMENT; stop++) {
      expectNear(await timesOver(stop, plain, other), expected)
      expectNear(await timesOver(stop, other, plain), expected)
      expect(await timesOver(stop, plain, plain)).toEqual(expected)
    }
  },
)

test('what spikes have added to a threshold decays where none adds anything any more', async () => {
  await using adapting = await openWith(5, { adaptStep: 3 })
  await using plain = await openWith(5, {})
  await using hardly = await openWith(5, { adaptStep: 1e-300 })
  const unadapted = await timesOver(1, plain, plain)
  for (const stop of [4, 8, 14]) {
    const expected = await timesOver(stop, adapting, hardly)
    expectNear(await timesOver(stop, adapting, plain), expected)
    expect(expected.length).toBeLessThan(unadapted.length)
  }
})

test.each([10, 5])(
  'the rounded time decides whether a spike comes before an arrival: with tauSyn = %d',
  async (tauSyn) => {
    const groups = { in: source(2), n: lif(1, { tauMem: 20, tauSyn, threshold: 1 }) }
    await using session = await open(
      defineNetwork({ groups, projections: [connect('in', 'n', dense([[9, -1000]]))] }),
      { kernel: 'simd' },
    )
    const spikesOf = async (...spikes: { time: number; unit: number }[]) =>
      (await session.simulate({ count: 1, until: UNTIL, inputs: { in: trainsOf([spikes]) } }, { record })).spikes.n!
        .times
    for (let k = 0; k < 40; k++) {
      const first = { time: 0.1 + 0.37 * k ** 1.3, unit: 0 }
      if (first.time > UNTIL - 20) break
      const [time] = await spikesOf(first)
      // It ends what the first arrival has begun.
      expect([...(await spikesOf(first, { time: time!, unit: 1 }))]).toEqual([time])
      expect([...(await spikesOf(first, { time: nextDown(time!), unit: 1 }))]).toEqual([])
    }
  },
)

test.each([10, 5])(
  'an arrival that moves nothing takes no spike away, wherever it falls: tauSyn = %d',
  async (tauSyn) => {
    const size = 640
    const groups = { in: source(2), n: lif(size, { tauMem: 20, tauSyn, threshold: 1 }) }
    // So many that some have their maximum just above the threshold, after any number of spikes.
    const weights = Array.from({ length: size }, (_, k) => [3.001 + 0.02 * ((k * 37) % size), 0])
    await using session = await open(defineNetwork({ groups, projections: [connect('in', 'n', dense(weights))] }), {
      kernel: 'simd',
    })
    const timesWith = async (...arrivals: number[]) => {
      const trial = [{ time: 1, unit: 0 }, ...arrivals.map((time) => ({ time, unit: 1 }))]
      const { times, units } = (
        await session.simulate({ count: 1, until: 100, inputs: { in: trainsOf([trial]) } }, { record })
      ).spikes.n!
      const ofNeurons = Array.from({ length: size }, (): number[] => [])
      for (const [k, unit] of units.entries()) ofNeurons[unit]!.push(times[k]!)
      return ofNeurons
    }
    const undisturbed = await timesWith()
    expect(undisturbed.filter(({ length }) => length > 1).length).toBeGreaterThan(size / 4)
    for (let arrival = 2; arrival < 60; arrival++) {
      const found = await timesWith(arrival)
      const before = (times: readonly number[]) => times.filter((time) => time <= arrival)
      expect(found.map(before)).toEqual(undisturbed.map(before))
      // Where a spike grazes the threshold, roundings of the state move it far.
      for (const [n, times] of undisturbed.entries()) expectNear(found[n]!, times, 1e-6)
    }
  },
)

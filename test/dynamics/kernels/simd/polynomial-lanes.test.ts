import { expect, test } from 'vitest'
import { open } from '../../../../src/actors/open.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { type LifParameters, lif, source } from '../../../../src/network/description/groups.js'
import { connect, dense } from '../../../../src/network/description/projections.js'
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

function expectNear(found: readonly number[], expected: readonly number[]): void {
  expect(found.length).toBe(expected.length)
  for (const [k, time] of expected.entries()) expect(Math.abs(found[k]! - time)).toBeLessThan(1e-9)
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

import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { StreamingSession } from '../../src/actors/streaming/spike-stream.js'
import { createFusedKernel } from '../../src/dynamics/kernels/fused-kernel.js'
import type { KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import { chosenKernelOfGroup } from '../../src/dynamics/kernels/kernel-of-group.js'
import { SpikeLimiter } from '../../src/dynamics/kernels/spike-limiter.js'
import { DEFAULT_SPIKE_LIMIT } from '../../src/dynamics/models/spike-limit.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { lif, source } from '../../src/network/description/groups.js'
import { normal, uniform } from '../../src/network/description/initializers.js'
import { connect, dense, fixedInDegree, perSynapse } from '../../src/network/description/projections.js'
import { instantiate } from '../../src/network/instance/instantiate.js'
import { WHOLE } from '../dynamics/kernels/kernel-for.js'
import { trainsOf } from '../learning/trains.js'
import { isLong } from '../support/cases-of.js'
import { inTurn } from '../support/in-turn.js'
import { randomTrains } from '../support/window-case.js'
import { built } from './built-cluster.js'

const SOURCES = 70
const SIZE = 40
const UNTIL = 10
const TRIALS = 2
const NEURON = { tauMem: 10, tauSyn: 5, threshold: 1 }

/** A group that hears itself after `delay` ms, or not; what each of them is run by is said by its projections. */
function network(joins: 'dense' | 'per synapse' | 'sparse', delay: number | null, weight = 0.02) {
  const rule = (count: number, mean: number) => fixedInDegree(count, normal(mean, mean / 4))
  const into = joins === 'sparse' ? rule(10, 1) : dense(normal(0.25, 0.2))
  const way = joins === 'per synapse' ? { delay: perSynapse(uniform(0, 2)) } : {}
  const back = joins === 'sparse' ? rule(10, 4 * weight) : dense(weight)
  return defineNetwork({
    groups: { in: source(SOURCES), x: lif(SIZE, NEURON) },
    projections: [connect('in', 'x', into, way), ...(delay === null ? [] : [connect('x', 'x', back, { delay })])],
  })
}

const NETWORKS = [
  ['in whole trials', network('dense', null)],
  ['in whole trials, own arrivals', network('per synapse', null)],
  ['shared arrivals on a cycle', network('dense', 1)],
  ['own arrivals on a cycle', network('per synapse', 1)],
  ['in bins of the window kernel', network('sparse', 1)],
  ['shared arrivals, fused', network('dense', 0)],
  ['own arrivals, fused', network('sparse', 0)],
  ['own arrivals, fused in windows', network('sparse', 0.05)],
] as const

const INPUTS = { in: randomTrains(SOURCES, 0.2, UNTIL, TRIALS, 'limit') }
const RUN = { count: TRIALS, inputs: INPUTS, until: UNTIL }

/** Where most spikes per neuron of a block are in a millisecond, worked out by hand: the first of several. */
function crowdOf({ offsets, times, units }: SpikeTrains) {
  const crowds = new Map<
    string,
    { trial: number; firstUnit: number; endUnit: number; time: number; perNeuron: number; last: number }
  >()
  for (let trial = 0; trial + 1 < offsets.length; trial++)
    for (let k = offsets[trial] as number; k < (offsets[trial + 1] as number); k++) {
      const last = times[k] as number
      const firstUnit = 32 * Math.floor((units[k] as number) / 32)
      const endUnit = Math.min(SIZE, firstUnit + 32)
      const time = Math.floor(last)
      const known = crowds.get(`${trial} ${firstUnit} ${time}`)
      const perNeuron = (known?.perNeuron ?? 0) + 1 / (endUnit - firstUnit)
      crowds.set(`${trial} ${firstUnit} ${time}`, { trial, firstUnit, endUnit, time, perNeuron, last })
    }
  const most = Math.max(...[...crowds.values()].map(({ perNeuron }) => perNeuron))
  const [first] = [...crowds.values()].filter(({ perNeuron }) => perNeuron === most).sort((a, b) => a.last - b.last)
  if (first === undefined) throw new Error('nothing fires')
  return first
}

const ONE = [0, INPUTS.in.offsets[1] as number] as const
const OF_ONE = {
  offsets: Uint32Array.from(ONE),
  times: INPUTS.in.times.subarray(...ONE),
  units: INPUTS.in.units.subarray(...ONE),
}

describe.each(NETWORKS.map(([name, cells], turn) => ({ name, cells, turn })))(
  'what a group fires in a millisecond: $name',
  ({ cells, turn }) => {
    const isCut = cells.projections.every(({ delays }) => delays.kind !== 'scalar' || delays.value >= 0.1)
    const runs: readonly (readonly [KernelKind, number])[] = [
      ['simd', 1],
      ['reference', 1],
      ...(isCut ? [['simd', 2] as const] : []),
    ]
    test.each(inTurn(runs, turn))('is counted on %s and %i core(s), to the spike', async (kernel, cores) => {
      const placement = placeOnCores(cells, cores)
      const openWith = (spikeLimit: number) => open(cells, { seed: 3, kernel, placement, spikeLimit })
      /** What has to pass under a limit, and what has to fail under any lower one. */
      async function check(spikes: SpikeTrains, run: (session: StreamingSession) => Promise<unknown>) {
        const { perNeuron, last: _last, ...where } = crowdOf(spikes)
        await using enough = await openWith(perNeuron * (1 + 1e-9))
        await run(enough)
        const limit = perNeuron * (1 - 1e-9)
        await using tight = await openWith(limit)
        const fault = { code: 'SPIKES_TOO_MANY', details: { ...where, group: 'x', limit } }
        await expect(run(tight)).rejects.toMatchObject(fault)
      }
      await using free = await openWith(1e9)
      const { spikes } = await free.simulate(RUN, { record: ['x'] })
      const alone = await free.simulate({ ...RUN, count: 1, inputs: { in: OF_ONE } }, { record: ['x'] })
      expect(crowdOf(spikes.x as SpikeTrains).perNeuron).toBeGreaterThan(0.1)
      await check(spikes.x as SpikeTrains, (session) => session.simulate(RUN))
      // Segments that end inside of a millisecond change nothing.
      await check(alone.spikes.x as SpikeTrains, (session) => {
        return session.stream({ until: UNTIL, segment: 0.7, inputs: { in: OF_ONE } }).done
      })
    })
  },
)

test('of several that fire too often the first is named, whichever trial it is in', () => {
  const limiter = new SpikeLimiter({ name: 'x', start: 32, size: 64, total: 200 })
  limiter.begin({ ...WHOLE, trials: 3, until: UNTIL, gradients: false, spikeLimit: 1 / 32 })
  // One spike a block and ms is allowed.
  const spikes = trainsOf([
    [4.1, 4.7].map((time) => ({ time, unit: 40 })),
    [2.5, 2.9].map((time) => ({ time, unit: 70 })),
    [3.1, 3.2].map((time) => ({ time, unit: 33 })),
  ])
  expect(() => limiter.count(spikes)).toThrow(
    expect.objectContaining({
      code: 'SPIKES_TOO_MANY',
      details: { group: 'x', firstUnit: 64, endUnit: 96, trial: 1, time: 2, spikes: 1, limit: 1 / 32 },
    }),
  )
})

describe('excitation that feeds itself', () => {
  const wild = (joins: 'dense' | 'sparse', delay: number) => network(joins, delay, 2)

  interface SpikeLimit {
    readonly spikeLimit?: number
  }
  /** Without a delay every spike is an event of its own: until the limit of default is reached takes seconds. */
  const lower: SpikeLimit = isLong() ? {} : { spikeLimit: 50 }

  test.each<['dense' | 'sparse', number, SpikeLimit]>([
    ['dense', 0, lower],
    ['sparse', 0, lower],
    ['sparse', 0.05, lower],
    ['dense', 1, {}],
    ['sparse', 1, {}],
  ])('ends by default, with the name of the group: %s, delay %d', async (joins, delay, options) => {
    await using session = await open(wild(joins, delay), { seed: 3, ...options })
    const message = expect.stringMatching(/group "x" .* trial \d/)
    await expect(session.simulate(RUN)).rejects.toMatchObject({
      code: 'SPIKES_TOO_MANY',
      message,
      details: { limit: options.spikeLimit ?? DEFAULT_SPIKE_LIMIT },
    })
  })

  test('ends alike in a thread of its own', async () => {
    const cells = wild('dense', 1)
    const options = { seed: 3, transport: 'thread', spikeLimit: 50 } as const
    await using session = await built.openCluster(cells, placeOnCores(cells, 1), options)
    await expect(session.simulate(RUN)).rejects.toMatchObject({ code: 'SPIKES_TOO_MANY', details: { limit: 50 } })
  })

  test.each(['simd', 'reference'] as const)('shows signs of life until then: %s', (kind) => {
    const instance = instantiate(wild('sparse', 0), 3)
    const component = createFusedKernel(instance, ['x'], undefined, (name) => chosenKernelOfGroup(kind, instance, name))
    let beats = 0
    const beat = () => beats++
    component.begin(() => ({ ...WHOLE, trials: TRIALS, until: UNTIL, gradients: false, spikeLimit: 30, beat }))
    component.receive(0, { stream: 'in', sequence: 0, window: { start: 0, end: UNTIL }, ...INPUTS.in })
    expect(() => {
      for (let time = 0.1; time <= UNTIL; time += 0.1) component.advance(time)
    }).toThrow(expect.objectContaining({ code: 'SPIKES_TOO_MANY' }))
    expect(beats).toBeGreaterThan(100)
  })
})

import { expect, test } from 'vitest'
import type { Run } from '../../src/actors/group/run.js'
import { loadModules } from '../../src/actors/modules/load-modules.js'
import { ANY_MODULE } from '../../src/actors/modules/module-policy.js'
import type { RunReport } from '../../src/actors/partition/partition.js'
import { createPartition } from '../../src/actors/partition/wiring/create-partition.js'
import { KERNEL_KINDS } from '../../src/dynamics/kernels/kernel-kind.js'
import { type TrialRange, trialsOf } from '../../src/events/trial-range.js'
import { singleCore } from '../../src/hardware/single-core.js'
import { actor } from '../../src/network/description/actor-group.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { inhomogeneousPoisson, poisson, regular } from '../../src/network/description/emitting-sources.js'
import { source } from '../../src/network/description/groups.js'
import { normal, uniform } from '../../src/network/description/initializers.js'
import type { Network } from '../../src/network/description/network.js'
import { connect, dense, fixedInDegree, oneToOne, operator } from '../../src/network/description/projections.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import { trainsOf } from '../learning/trains.js'
import { failureOf } from '../support/failure-of.js'
import { expectSameBits } from '../support/same-bits.js'

const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 } as const
const READOUT = { tauMem: 20, tauSyn: 5 } as const
const UNTIL = 30
const TRIALS = 5
const RANGES: readonly TrialRange[] = [
  { start: 0, end: 2 },
  { start: 2, end: 5 },
  { start: 3, end: 5 },
  // With as many trials as the one before.
  { start: 1, end: 3 },
]
const GIVEN = trainsOf(
  Array.from({ length: TRIALS }, (_, trial) =>
    Array.from({ length: 24 }, (_, k) => ({ time: 1 + k + 0.1 * trial, unit: (k + trial) % 6 })),
  ),
)
const module = (path: string) => new URL(path, import.meta.url)

/** Whatever is drawn by the number of the trial. */
const NETWORKS: Readonly<Record<string, Network>> = {
  'sources that emit': defineNetwork({
    groups: {
      in: source(6),
      poisson: poisson(6, { rate: 300 }),
      varying: inhomogeneousPoisson(6, { times: [0, 15], rates: [500, 100] }),
      regular: regular(6, { period: uniform(3, 9), start: 1 }),
      a: lif(40, { ...LIF, bias: 0.2 }),
      r: li(2, READOUT),
    },
    projections: [
      ...(['in', 'poisson', 'varying', 'regular'] as const).map((from) =>
        connect(from, 'a', dense(normal(0.8, 0.3)), { delay: 1 }),
      ),
      connect('a', 'r', dense(normal(0, 1))),
    ],
  }),
  'Poisson inputs that kernels draw': defineNetwork({
    groups: { in: source(6), drive: poisson(70, { rate: 20_000 }), a: lif(70, LIF), r: li(2, READOUT) },
    projections: [
      connect('in', 'a', fixedInDegree(150, 0.02, { multiple: true })),
      connect('drive', 'a', oneToOne(0.1), { delay: 1 }),
      connect('a', 'r', dense(normal(0, 1))),
    ],
  }),
  operators: defineNetwork({
    groups: { in: source(6), a: lif(40, LIF), r: li(2, READOUT) },
    projections: [
      connect('in', 'a', dense(normal(3, 1)), {
        delay: 1,
        through: [operator(module('../operators/modules/router.mjs'), { loss: 0.3 })],
      }),
      connect('a', 'r', dense(normal(0, 1))),
    ],
  }),
  actors: defineNetwork({
    groups: { in: source(6), relay: actor(6, module('modules/random-delays.mjs')), a: lif(40, LIF), r: li(2, READOUT) },
    projections: [
      connect('in', 'relay', oneToOne(1), { delay: 1 }),
      connect('relay', 'a', dense(normal(3, 1)), { delay: 1 }),
      connect('a', 'r', dense(normal(0, 1))),
    ],
  }),
}

async function openPartition(network: Network, kernel: (typeof KERNEL_KINDS)[number], spikeLimit?: number) {
  const options = { network, placement: singleCore(network), core: 0, links: new Map(), kernel, seed: 5 }
  const limited = spikeLimit === undefined ? {} : { spikeLimit }
  const partition = createPartition({ ...options, ...limited, modules: await loadModules(network, ANY_MODULE) })
  let number = 0
  const names = network.groups.map(({ name }) => name)
  const run = ({ start, end }: TrialRange): Promise<RunReport> => {
    const trials = { count: end - start, until: UNTIL, inputs: { in: trialsOf(GIVEN, { start, end }) } }
    const loss = { kind: 'vMax', group: 'r' } as const
    const of: Run = {
      trials,
      firstTrial: start,
      loss: { loss, labels: new Uint8Array(trials.count), silentLabelHinge: 0, silentHinge: {} },
      ...{ gradients: false, inputTimes: false, biasGradient: false, stopAfterFirst: false, undefinedSlope: 'ignore' },
    }
    return partition.run({ number: ++number, run: of, record: names, report: 'nothing', learned: [] })
  }
  return { run, partition, [Symbol.asyncDispose]: partition.close }
}

const cases = Object.entries(NETWORKS).flatMap(([what, network]) =>
  KERNEL_KINDS.map((kernel) => [what, kernel, network] as const),
)

test.each(cases)('some trials of a mini-batch are what they are within it: %s, %s', async (_, kernel, network) => {
  await using partition = await openPartition(network, kernel)
  const whole = await partition.run({ start: 0, end: TRIALS })
  expect(whole.spikes.a!.times.length).toBeGreaterThan(20)
  const [first, second] = [0, 1].map((trial) => trialsOf(whole.spikes.a!, { start: trial, end: trial + 1 }))
  expect(first!.times).not.toEqual(second!.times)
  for (const range of RANGES) {
    const { start, end } = range
    const part = await partition.run(range)
    for (const [name, trains] of Object.entries(whole.spikes))
      expectSameBits(part.spikes[name], trialsOf(trains, { start, end }))
    expectSameBits(part.maxima.r!.values, whole.maxima.r!.values.slice(2 * start, 2 * end))
    expectSameBits(part.outcome!.losses, whole.outcome!.losses.slice(start, end))
  }
})

test('what a kernel emits for a Poisson input whose delay was learned is that of the trial', async () => {
  await using opened = await openPartition(NETWORKS['Poisson inputs that kernels draw']!, 'simd')
  const before = await opened.run({ start: 1, end: 3 })
  const slices = await opened.partition.parameters()
  const moved = slices.map((slice) => ({
    ...slice,
    projections: slice.projections.map((each) => ({ ...each, delays: each.delays.map((delay) => 0.63 * delay) })),
  }))
  await opened.partition.restore(moved.map((parameters) => ({ parameters, memories: null })))
  const whole = (await opened.run({ start: 0, end: TRIALS })).spikes.a!
  const part = (await opened.run({ start: 1, end: 3 })).spikes.a!
  expectSameBits(part, trialsOf(whole, { start: 1, end: 3 }))
  expect(part.times).not.toEqual(before.spikes.a!.times)
})

test.each(KERNEL_KINDS)('an error names the trial of the mini-batch: %s', async (kernel) => {
  const network = NETWORKS['sources that emit']!
  await using partition = await openPartition(network, kernel, 0.02)
  const { start } = RANGES[2]!
  const error = await failureOf(partition.run({ start, end: start + 1 }))
  expect(error).toMatchObject({ code: 'SPIKES_TOO_MANY', details: { trial: start } })
})

import { expect, test } from 'vitest'
import { windowKernelOfGroup } from '../../../../src/dynamics/kernels/kernel-of-group.js'
import type { WindowKernel } from '../../../../src/dynamics/kernels/window/window-kernel.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { poisson } from '../../../../src/network/description/emitting-sources.js'
import { source } from '../../../../src/network/description/groups.js'
import type { Initializer } from '../../../../src/network/description/initializers.js'
import { normal, uniform } from '../../../../src/network/description/initializers.js'
import type { Network } from '../../../../src/network/description/network.js'
import {
  type ConnectOptions,
  connect,
  fixedInDegree,
  oneToOne,
  perSynapse,
  synapses,
} from '../../../../src/network/description/projections.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import { withValues } from '../../../../src/network/instance/with-values.js'
import { lif } from '../../../../src/network/models/lif.js'
import type { Slice } from '../../../../src/network/slices/blocks.js'
import { createRandomStream } from '../../../../src/numerics/random-stream.js'
import {
  batchOf,
  forwardOptions,
  poissonReference,
  randomTrains,
  SEED,
  trainsByNeuron,
  windowGroupOf,
  windowKernel,
} from '../../../support/window-case.js'

type Entry = readonly [source: number, target: number, weight: number, delay?: number]

const [SIZE, INPUTS, UNTIL] = [70, 40, 40]
const CELLS = lif(SIZE, { tauMem: 20, tauSyn: 5, threshold: uniform(0.9, 1.2) })
const TRAINS = randomTrains(INPUTS, 0.05, UNTIL, 2, 'lists')

/** Spikes and gradient of a run in which every spike is told something. */
function run(kernel: WindowKernel) {
  kernel.begin(forwardOptions(UNTIL, { trials: 2, gradients: true }))
  kernel.receive(0, batchOf(TRAINS, UNTIL))
  const spikes = kernel.advance(UNTIL, UNTIL)
  kernel.beginBackward(null)
  kernel.backward(spikes.times.map((time, k) => Math.sin(time + k)))
  return { spikes, gradient: kernel.finishGradient().slice() }
}

function driven(weights: number | Initializer, delay?: number): Network {
  return defineNetwork({
    groups: { in: source(INPUTS), drive: poisson(SIZE, { rate: 1500 }), cells: CELLS },
    projections: [
      connect('in', 'cells', fixedInDegree(150, normal(0.05, 0.05), { multiple: true }), { delay: 1.5 }),
      connect('drive', 'cells', oneToOne(weights), delay === undefined ? {} : { delay }),
    ],
  })
}

const listed = (network: Network) => withValues(network, instantiate(network, SEED))

test.each<[string, number | Initializer, number?]>([
  ['of one weight', 0.06],
  ['that inhibits', -0.03, 1],
  ['of weights of either sign', normal(0.03, 0.06)],
  ['after a whole number of bins', normal(0.05, 0.02), 3],
  ['after part of a bin', normal(0.05, 0.02), 1.25],
])('a Poisson input %s has the same bits as a list, and is drawn where that fits bins', (_, weights, delay) => {
  const network = driven(weights, delay)
  const list = listed(network)
  const isDrawn = Number.isInteger(delay ?? 0)
  expect([network, list].map((each) => windowGroupOf(each, 'cells').poissonInputs.size)).toEqual(
    Array(2).fill(Number(isDrawn)),
  )
  const [found, expected] = [list, network].map((each) => run(windowKernel(each, 'cells')))
  expect(found!.spikes.times.length).toBeGreaterThan(SIZE / 2)
  expect(found).toEqual(expected)
})

test.each<[string, ConnectOptions]>([
  ['one delay', { delay: 1.5 }],
  ['delays per synapse', { delay: perSynapse(uniform(0.2, 3)) }],
  ['equal delays per synapse', { delay: perSynapse(2) }],
])('synapses of a rule with %s have the same bits as a list', (_, options) => {
  const rule = fixedInDegree(150, normal(0.1, 0.1), { multiple: true })
  const network = defineNetwork({
    groups: { in: source(INPUTS), cells: CELLS },
    projections: [connect('in', 'cells', rule, options)],
  })
  const [found, expected] = [listed(network), network].map((each) => run(windowKernel(each, 'cells')))
  expect(found!.spikes.times.length).toBeGreaterThan(SIZE)
  expect(found).toEqual(expected)
})

test.each<[string, (n: number) => readonly [unit: number, neuron: number]]>([
  ['lacks its last neuron', (n) => [Math.min(n, SIZE - 2), Math.min(n, SIZE - 2)]],
  ['is in another order', (n) => [SIZE - 1 - n, SIZE - 1 - n]],
  ['crosses over', (n) => [n, SIZE - 1 - n]],
])('a list that %s is no Poisson input', (_, pairOf) => {
  const network = defineNetwork({
    groups: { in: source(INPUTS), drive: poisson(SIZE, { rate: 1500 }), cells: CELLS },
    projections: [
      connect('in', 'cells', fixedInDegree(150, 0.1, { multiple: true })),
      connect('drive', 'cells', synapses(Array.from({ length: SIZE }, (__, n) => [...pairOf(n), 0.1]))),
    ],
  })
  expect(windowGroupOf(network, 'cells').poissonInputs.size).toBe(0)
})

test.each<[string, number | Initializer]>([
  ['inhibit', -5],
  ['excite or inhibit', normal(-5, 4)],
])('no spike is lost where Poisson inputs %s', (_, weights) => {
  const network = defineNetwork({
    groups: {
      ...{ in: source(INPUTS), drive: poisson(SIZE, { rate: 2000 }) },
      cells: lif(SIZE, { tauMem: 20, tauSyn: 4, threshold: 1, refractory: 0.1 }),
    },
    projections: [
      connect('in', 'cells', fixedInDegree(150, normal(1.6, 0.3), { multiple: true }), { delay: 0.3 }),
      connect('drive', 'cells', oneToOne(weights)),
    ],
  })
  expect(windowGroupOf(network, 'cells').poissonInputs.size).toBe(1)
  const kernel = windowKernel(network, 'cells')
  const reference = poissonReference(network, 'cells')
  const trains = [kernel, reference].map((each) => {
    each.begin(forwardOptions(UNTIL, { trials: 2 }))
    each.receive(0, batchOf(TRAINS, UNTIL))
    return trainsByNeuron([each.advance(UNTIL, UNTIL)], SIZE)
  })
  const [found, expected] = trains.map((lists) => lists.map((times) => times.length))
  expect(expected!.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(2 * SIZE)
  expect(found).toEqual(expected)
})

/** Pairs with several synapses among them, many of which have equal delays, in an order of their own. */
function entries(): readonly Entry[] {
  const random = createRandomStream(SEED, 'entries')
  return Array.from({ length: 10_500 }, (_, s) => [
    random.integer(4 * s, INPUTS),
    random.integer(4 * s + 1, SIZE),
    0.4 * random.uniform(4 * s + 2) - 0.1,
    [0.5, 1.5, 2.1][random.integer(4 * s + 3, 3)] as number,
  ])
}

const LISTS: readonly [string, (list: readonly Entry[]) => Network][] = [
  [
    'one delay',
    (list) =>
      listNetwork(
        list.map(([unit, neuron, weight]) => [unit, neuron, weight] as const),
        { delay: 1.3 },
      ),
  ],
  ['delays per synapse', (list) => listNetwork(list, {})],
  [
    'one delay that every synapse has',
    (list) =>
      listNetwork(
        list.map(([unit, neuron, weight]) => [unit, neuron, weight] as const),
        { delay: perSynapse(1.3) },
      ),
  ],
]

function listNetwork(list: readonly Entry[], options: ConnectOptions): Network {
  return defineNetwork({
    groups: { in: source(INPUTS), cells: CELLS },
    projections: [connect('in', 'cells', synapses(list), options)],
  })
}

test.each(LISTS)('a list in any order, with %s: slices have the bits of the whole', (_, networkOf) => {
  const network = networkOf(entries())
  const whole = trainsByNeuron([run(windowKernel(network, 'cells')).spikes], SIZE)
  const spikesOf = (slice: Slice) => trainsByNeuron([run(windowKernel(network, 'cells', slice)).spikes], SIZE)
  const parts = [spikesOf({ start: 0, end: 32 }), spikesOf({ start: 32, end: SIZE })]
  expect(whole.flat().length).toBeGreaterThan(SIZE)
  expect(whole).toEqual(whole.map((__, k) => parts[k % SIZE < 32 ? 0 : 1]![k]))
})

test.each(LISTS)('synapses of a pair count in the order of the list, with %s', (_, networkOf) => {
  const list = entries()
  const unitOf = ([unit]: Entry) => unit
  const bits = (of: readonly Entry[]) => run(windowKernel(networkOf(of), 'cells')).spikes
  // A stable order by source leaves the synapses of each pair as they were; the other way round they add up otherwise.
  const bySource = list.toSorted((a, b) => unitOf(a) - unitOf(b))
  const spikes = bits(list)
  expect(bits(bySource)).toEqual(spikes)
  expect(bits(list.toReversed())).not.toEqual(spikes)
})

test('parameters that are set take the places of the list', () => {
  const network = listNetwork(entries(), {})
  const shifted = entries().map(([unit, neuron, weight, delay], s) => {
    return [unit, neuron, weight + 0.01 * (s % 3), delay! + 0.25 * (s % 2)] as const
  })
  const kernel = windowKernel(network, 'cells')
  const other = listNetwork(shifted, {})
  const { projections } = instantiate(other, SEED)
  run(kernel)
  kernel.parameters.set(projections[0]!.weights, kernel.layout.weights)
  kernel.parameters.set(projections[0]!.delays, kernel.layout.delays)
  kernel.parametersChanged()
  const instance = instantiate(other, SEED)
  expect(run(kernel)).toEqual(run(windowKernelOfGroup(windowGroupOf(other, 'cells'), instance, 'cells', SEED)))
})

test('delays that have become shorter than a bin leave the grid of time where it was', () => {
  const looped = (delay: number) =>
    defineNetwork({
      groups: { in: source(INPUTS), cells: CELLS },
      projections: [
        connect('in', 'cells', fixedInDegree(150, normal(0.1, 0.1), { multiple: true }), { delay: 1.5 }),
        connect('cells', 'cells', fixedInDegree(10, -0.1), { delay }),
      ],
    })
  const kernel = windowKernel(looped(1.2), 'cells')
  kernel.parameters[kernel.layout.delays + 1] = 0.4
  kernel.parametersChanged()
  const saved = listed(looped(0.4))
  expect(saved.projections[1]!.delays).toEqual({ kind: 'scalar', value: 0.4 })
  expect(run(kernel)).toEqual(run(windowKernel(saved, 'cells')))
})

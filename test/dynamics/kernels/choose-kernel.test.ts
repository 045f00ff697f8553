import { describe, expect, test } from 'vitest'
import { chooseKernels, type KernelChoice } from '../../../src/dynamics/kernels/choose-kernel.js'
import { type FastEngine, KERNEL_LIMITS } from '../../../src/dynamics/kernels/kernel-limits.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { uniform } from '../../../src/network/description/initializers.js'
import type { GroupSpec, Network } from '../../../src/network/description/network.js'
import {
  type ConnectOptions,
  connect,
  dense,
  fixedInDegree,
  fixedProbability,
  type Pattern,
  perSource,
  perSynapse,
  synapses,
} from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'

const [INPUTS, SIZE] = [2, 100]
const TAUS = { tauMem: 20, tauSyn: 5 }
const NEURON = { ...TAUS, threshold: 1 }
const SPLIT = { tauMem: 20, tauSynExc: 5, tauSynInh: 8, threshold: 1 }
const RULE = fixedInDegree(100, 0.1, { multiple: true })

interface Sample {
  readonly group?: GroupSpec
  /** What leads from the source to the group. */
  readonly patterns?: readonly Pattern[]
  readonly options?: ConnectOptions
  /** From the group to itself. */
  readonly back?: readonly [pattern: Pattern, options: ConnectOptions]
}

/** Groups in and cells, by default those of the engine. */
function networkOf(engine: FastEngine, { group = lif(SIZE, NEURON), patterns, options = {}, back }: Sample): Network {
  const given = patterns ?? [engine === 'simd' ? dense(0.1) : RULE]
  const forth = given.map((pattern) => connect('in', 'cells', pattern, options))
  const around = back === undefined ? [] : [connect('cells', 'cells', ...back)]
  return defineNetwork<Readonly<Record<string, GroupSpec>>>({
    groups: { in: source(INPUTS), cells: group },
    projections: [...forth, ...around],
  })
}

function choiceOf(network: Network): KernelChoice {
  const [choice, ...more] = chooseKernels(network)
  expect(more).toEqual([])
  return choice!
}

const cells = (parameters: object) => lif(SIZE, { ...NEURON, ...parameters })
const sparse = (...at: readonly number[]) => synapses(at.map((n) => [n % INPUTS, n % SIZE, 1]))
/** So many synapses of one pair. */
const listOf = (count: number) => synapses(Array.from({ length: count }, () => [1, 3, 1]))
/** Of 200 weights so many are null. */
const withNulls = (count: number) =>
  dense(Array.from({ length: SIZE }, (_, n) => [n < count - SIZE ? null : 0.1, n < count ? null : 0.1]))
/** From 2 units by rules to 100 neurons in 13 lane groups. */
const ROWS_OF_MANY = 'its rows of weights would have room for more than 1048576 synapses, though it is sparse'

const TWO_CURRENTS = { tauMem: uniform(10, 20), tauSynExc: 5, tauSynInh: uniform(2, 8), threshold: 1 }

/**
 * Groups that have the feature of a row, and another one where engines could take each other's place, and are otherwise what
 * an engine runs, with the reasons that they are told.
 */
const ROWS: Readonly<Record<string, readonly (readonly [FastEngine, Sample, ...string[]])[]>> = {
  'limit of a time constant': [
    ['simd', { group: cells({ tauSyn: 0 }) }, 'arrivals move its voltage at once (tauSyn 0)'],
    ['simd', { group: cells({ tauMem: Infinity }) }, 'its membrane does not leak (tauMem Infinity)'],
    ['window', { group: cells({ tauSyn: 0 }), patterns: [RULE] }, 'arrivals move its voltage at once (tauSyn 0)'],
  ],
  'short cycle': [
    [
      'window',
      { patterns: [fixedInDegree(20_000, 0.1, { multiple: true })], back: [RULE, { delay: 0.05 }] },
      'spikes might go around its cycle in less than 0.1 ms a projection',
      ROWS_OF_MANY,
    ],
    [
      'window',
      {
        patterns: [fixedInDegree(20_000, 0.1, { multiple: true })],
        back: [RULE, { delay: perSynapse(uniform(0.09, 5)) }],
      },
      'spikes might go around its cycle in less than 0.1 ms a projection',
      ROWS_OF_MANY,
    ],
  ],
  'many rows': [
    ['simd', { patterns: [dense(1), fixedInDegree(20_000, 0.1, { multiple: true })] }, ROWS_OF_MANY],
    [
      'simd',
      { patterns: [listOf(10_100)], back: [RULE, { delay: 0.05 }] },
      'spikes might go around its cycle in less than 0.1 ms a projection',
      ROWS_OF_MANY,
    ],
  ],
  'hardly any synapses': [
    [
      'simd',
      { group: lif(6000, NEURON), patterns: [synapses([[0, 0, 1]])] },
      'fewer than a hundredth of its pairs have a synapse (1 of 12000)',
      'it has fewer than 10000 synapses',
    ],
    [
      'simd',
      {
        group: lif(6000, NEURON),
        patterns: [dense(Array.from({ length: 6000 }, (_, n) => [null, n < 119 ? 1 : null]))],
      },
      'fewer than a hundredth of its pairs have a synapse (119 of 12000)',
    ],
  ],
  'few synapses': [
    [
      'window',
      { group: lif(6000, NEURON), patterns: [fixedProbability(0.009, 0.1)] },
      'fewer than a hundredth of its pairs have a synapse (108 of 12000)',
      'fewer than 10000 synapses are expected',
    ],
  ],
  readout: [
    [
      'window',
      { group: li(SIZE, TAUS), patterns: [fixedInDegree(20_000, 0.1, { multiple: true })] },
      ROWS_OF_MANY,
      'it is a readout whose synapses follow rules, or are listed',
    ],
  ],
}

test('every row has groups that are kept on the reference kernel by it', () => {
  expect(Object.keys(ROWS)).toEqual(KERNEL_LIMITS.map(({ feature }) => feature))
  for (const { feature, lackedBy } of KERNEL_LIMITS)
    expect(new Set(ROWS[feature]!.map(([engine]) => engine)), feature).toEqual(new Set(lackedBy))
})

const SAMPLES = Object.entries(ROWS).flatMap(([feature, samples]) =>
  samples.map(([engine, sample, ...reasons]) => ({ feature, engine, sample, reasons })),
)

test.each(SAMPLES)('$feature keeps a group from the engine $engine: $reasons', ({ engine, sample, reasons }) => {
  const choice = choiceOf(networkOf(engine, sample))
  expect(choice).toEqual({ group: 'cells', engine: 'reference', feed: null, reasons })
  expect(choiceOf(networkOf(engine, {}))).toMatchObject({ engine, reasons: [] })
})

test.each<[FastEngine, Sample]>([
  ['simd', { group: cells({ adaptStep: 0.1 }) }],
  ['simd', { group: cells({ refractory: 2 }) }],
  ['simd', { group: cells({ tauMem: uniform(10, 20), tauSyn: uniform(1, 2) }) }],
  ['simd', { group: cells({ tauMem: uniform(10, 20) }), options: { delay: perSynapse(uniform(1, 5)) } }],
  ['simd', { group: li(SIZE, { tauMem: 20, tauSyn: uniform(1, 20) }) }],
  ['simd', { group: cells({ adaptStep: 0.1, tauAdapt: uniform(10, 20) }) }],
  ['simd', { group: cells({ refractory: uniform(0, 1) }), options: { delay: perSynapse(uniform(1, 5)) } }],
  ['simd', { group: cells({ tauSyn: 20 }) }],
  ['simd', { back: [dense(0.1), { delay: perSynapse(uniform(1, 5)) }] }],
  ['simd', { group: li(SIZE, TAUS) }],
  ['simd', { group: lif(SIZE, SPLIT) }],
  ['simd', { group: lif(SIZE, SPLIT), options: { delay: perSource(uniform(1, 5)) }, back: [dense(0.1), { delay: 1 }] }],
  ['simd', { group: li(SIZE, { tauMem: 20, tauSynExc: 5, tauSynInh: 8 }) }],
  ['simd', { group: lif(SIZE, SPLIT), options: { delay: perSynapse(uniform(1, 5)) } }],
  ['simd', { group: lif(SIZE, SPLIT), patterns: [dense(1), sparse(0)] }],
  ['window', { group: lif(SIZE, SPLIT), patterns: [RULE] }],
  ['simd', { group: lif(SIZE, TWO_CURRENTS) }],
  ['window', { group: lif(SIZE, TWO_CURRENTS), patterns: [RULE], options: { delay: perSynapse(uniform(1, 5)) } }],
  ['simd', { group: li(SIZE, { tauMem: 20, tauSynExc: uniform(4, 6), tauSynInh: 8 }) }],
  ['simd', { group: lif(SIZE, SPLIT), back: [dense(0.1), { delay: perSynapse(uniform(1, 5)) }] }],
  ['simd', { patterns: [] }],
  ['simd', { patterns: [withNulls(175), withNulls(1)] }],
  ['simd', { patterns: [withNulls(199)] }],
  ['simd', { patterns: [sparse(0, 1, 2, 2)] }],
  ['simd', { patterns: [dense(1), RULE] }],
  ['simd', { patterns: [listOf(9999)] }],
  ['simd', { patterns: [listOf(9000)], back: [RULE, { delay: 0.05 }] }],
  ['simd', { patterns: [dense(1), listOf(10_000)] }],
  ['window', { patterns: [listOf(10_000)] }],
  ['window', { patterns: [listOf(9900), fixedInDegree(1, 0.1)] }],
  ['simd', { group: lif(6000, NEURON), patterns: [dense(1), sparse(0)] }],
  ['simd', { group: lif(6000, NEURON), patterns: [fixedProbability(0.01, 0.1)] }],
  ['simd', { group: lif(SIZE, NEURON), patterns: [fixedInDegree(99, 0.1, { multiple: true })] }],
  ['simd', { group: li(SIZE, TAUS), patterns: [RULE] }],
  ['window', { group: cells({ tauSyn: 19 }), patterns: [RULE] }],
  ['window', { group: cells({ tauSyn: 20 }), patterns: [fixedInDegree(20_000, 0.1, { multiple: true })] }],
  ['simd', { patterns: [RULE], back: [RULE, { delay: 0.05 }] }],
  ['window', { back: [RULE, { delay: 0.1 }] }],
  ['window', { group: cells({ refractory: 2 }) }],
  ['window', { group: cells({ adaptStep: uniform(0, 0.1) }) }],
  ['window', { group: cells({ adaptStep: 0.1, tauAdapt: uniform(10, 20) }) }],
  ['window', { group: lif(SIZE, SPLIT) }],
  ['window', { group: lif(SIZE, { ...SPLIT, tauSynInh: 20 }) }],
  ['window', { group: lif(SIZE, TWO_CURRENTS) }],
  ['window', { group: cells({ tauMem: uniform(10, 20), tauSyn: uniform(5, 20) }) }],
])('the engine %s runs what another one lacks: %j', (engine, sample) => {
  expect(choiceOf(networkOf(engine, sample))).toMatchObject({ engine, reasons: [] })
})

test('several reasons are told in the order of the rows', () => {
  const group = lif(SIZE, { tauMem: uniform(10, 20), tauSynExc: 5, tauSynInh: 8, threshold: 1 })
  const patterns = [fixedInDegree(20_000, 1, { multiple: true })]
  expect(choiceOf(networkOf('simd', { group, patterns, back: [RULE, { delay: 0.05 }] })).reasons).toEqual([
    'spikes might go around its cycle in less than 0.1 ms a projection',
    ROWS_OF_MANY,
  ])
})

test('whoever asks for the reference kernel gets it everywhere', () => {
  for (const engine of ['simd', 'window'] as const)
    expect(chooseKernels(networkOf(engine, {}), 'reference')).toEqual([
      {
        ...{ group: 'cells', engine: 'reference', feed: null },
        reasons: ['the reference kernel was asked for'],
      },
    ])
})

describe('the feed of a group', () => {
  test('is own with two currents and time constants per neuron, whatever its delays', () => {
    const arrivalSharingOf = (group: GroupSpec) => choiceOf(networkOf('simd', { group })).feed
    expect(arrivalSharingOf(lif(SIZE, TWO_CURRENTS))).toBe('own')
    expect(arrivalSharingOf(li(SIZE, { tauMem: 20, tauSynExc: uniform(4, 6), tauSynInh: 8 }))).toBe('own')
    expect(arrivalSharingOf(lif(SIZE, SPLIT))).toBe('shared')
    expect(arrivalSharingOf(lif(SIZE, { ...SPLIT, adaptStep: 0.1, tauAdapt: uniform(10, 20) }))).toBe('shared')
  })

  const fed = (...delays: readonly ConnectOptions[]) =>
    choiceOf(
      defineNetwork({
        groups: { in: source(INPUTS), cells: lif(SIZE, NEURON) },
        projections: delays.map((options) => connect('in', 'cells', dense(1), options)),
      }),
    ).feed

  test('is shared where all neurons meet the same arrivals', () => {
    expect(fed()).toBe('shared')
    expect(fed({}, { delay: 2 }, { delay: perSource(uniform(0, 2)) })).toBe('shared')
  })

  test('is its own where synapses have delays of their own, or are few', () => {
    expect(fed({}, { delay: perSynapse(uniform(0, 2)) })).toBe('own')
    expect(choiceOf(networkOf('window', {})).feed).toBe('own')
    const arrivalSharingOf = (...patterns: readonly Pattern[]) => choiceOf(networkOf('simd', { patterns })).feed
    expect(arrivalSharingOf(dense(1), sparse(0))).toBe('own')
    expect(arrivalSharingOf(fixedInDegree(2, 0.1))).toBe('own')
    expect(arrivalSharingOf(listOf(10_000))).toBe('own')
    expect(arrivalSharingOf(dense(1), withNulls(197))).toBe('own')
    expect(arrivalSharingOf(dense(1), withNulls(196))).toBe('shared')
  })
})

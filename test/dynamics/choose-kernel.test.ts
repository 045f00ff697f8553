import { describe, expect, test } from 'vitest'
import { chooseKernels, engineIn, type KernelChoice } from '../../src/dynamics/choose-kernel.js'
import { type FastEngine, KERNEL_LIMITS } from '../../src/dynamics/kernel-limits.js'
import { defineNetwork } from '../../src/network/define-network.js'
import { li, lif, source } from '../../src/network/groups.js'
import { uniform } from '../../src/network/initializers.js'
import type { GroupSpec, Network } from '../../src/network/network.js'
import {
  type ConnectOptions,
  connect,
  dense,
  fixedInDegree,
  type Pattern,
  perSource,
  perSynapse,
  synapses,
} from '../../src/network/projections.js'

const [INPUTS, SIZE] = [2, 100]
const TAUS = { tauMem: 20, tauSyn: 5 }
const NEURON = { ...TAUS, threshold: 1 }
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
/** Of 200 weights so many are null. */
const withNulls = (count: number) =>
  dense(Array.from({ length: SIZE }, (_, n) => [n < count - SIZE ? null : 0.1, n < count ? null : 0.1]))

/** Groups that have the feature of a row and are otherwise what an engine runs, with the reason that they are told. */
const ROWS: Readonly<Record<string, readonly (readonly [FastEngine, Sample, string])[]>> = {
  'short cycle': [
    ['window', { back: [RULE, { delay: 0.05 }] }, 'spikes might go around its cycle in less than 0.1 ms a projection'],
    [
      'window',
      { back: [RULE, { delay: perSynapse(uniform(0.09, 5)) }] },
      'spikes might go around its cycle in less than 0.1 ms a projection',
    ],
  ],
  'many null weights': [
    ['simd', { patterns: [withNulls(176)] }, 'more than seven eighths of the weights are null (in->cells: 176 of 200)'],
    [
      'simd',
      { patterns: [withNulls(180), withNulls(175), withNulls(199)] },
      'more than seven eighths of the weights are null (in->cells: 180 of 200, in->cells#3: 199 of 200)',
    ],
  ],
  'listed synapses': [['simd', { patterns: [synapses([[0, 0, 1]])] }, 'synapses are listed (projection in->cells)']],
  'a rule among others': [
    ['simd', { patterns: [dense(1), RULE] }, 'not all, but some synapses follow a rule (projection in->cells#2)'],
  ],
  'few synapses': [
    ['window', { patterns: [fixedInDegree(99, 0.1, { multiple: true })] }, 'fewer than 10000 synapses are expected'],
  ],
  readout: [['window', { group: li(SIZE, TAUS) }, 'it is a readout whose synapses follow rules']],
  'two synaptic time constants': (['simd', 'window'] as const).map((engine) => [
    engine,
    { group: lif(SIZE, { tauMem: 20, tauSynExc: 5, tauSynInh: 5, threshold: 1 }) },
    'it has two synaptic time constants',
  ]),
  'time constants per neuron': (['simd', 'window'] as const).flatMap((engine) => [
    [engine, { group: cells({ tauMem: uniform(10, 20) }) }, 'it has time constants per neuron: tauMem'],
    [
      engine,
      { group: cells({ tauMem: uniform(10, 20), tauSyn: uniform(1, 2) }) },
      'it has time constants per neuron: tauMem, tauSyn',
    ],
  ]),
  'tauAdapt per neuron': (['simd', 'window'] as const).map((engine) => [
    engine,
    { group: cells({ tauAdapt: uniform(10, 20) }) },
    'it has time constants per neuron: tauAdapt',
  ]),
  'nearly equal time constants': [
    ['window', { group: cells({ tauSyn: 19 }) }, 'its time constants are nearly equal, 20 and 19 ms'],
    ['window', { group: cells({ tauSyn: 20 }) }, 'its time constants are nearly equal, 20 and 20 ms'],
  ],
}

test('every row has groups that are kept on the reference kernel by it', () => {
  expect(Object.keys(ROWS)).toEqual(KERNEL_LIMITS.map(({ feature }) => feature))
  for (const { feature, lackedBy } of KERNEL_LIMITS)
    expect(new Set(ROWS[feature]!.map(([engine]) => engine)), feature).toEqual(new Set(lackedBy))
})

const SAMPLES = Object.entries(ROWS).flatMap(([feature, samples]) =>
  samples.map(([engine, sample, reason]) => ({ feature, engine, sample, reason })),
)

test.each(SAMPLES)('$feature keeps a group from the engine $engine: $reason', ({ engine, sample, reason }) => {
  const choice = choiceOf(networkOf(engine, sample))
  expect(choice).toEqual({ group: 'cells', engine: 'reference', feed: null, reasons: [reason], elsewhere: [] })
  expect(choiceOf(networkOf(engine, {}))).toMatchObject({ engine, reasons: [] })
})

test.each<[FastEngine, Sample]>([
  ['simd', { group: cells({ adaptStep: 0.1 }) }],
  ['simd', { group: cells({ refractory: 2 }) }],
  ['simd', { group: cells({ refractory: uniform(0, 1) }), options: { delay: perSynapse(uniform(1, 5)) } }],
  ['simd', { group: cells({ tauSyn: 20 }) }],
  ['simd', { back: [dense(0.1), { delay: perSynapse(uniform(1, 5)) }] }],
  ['simd', { group: li(SIZE, TAUS) }],
  ['simd', { patterns: [] }],
  ['simd', { patterns: [withNulls(175), withNulls(1)] }],
  ['window', { back: [RULE, { delay: 0.1 }] }],
  ['window', { group: cells({ refractory: 2 }) }],
  ['window', { group: cells({ adaptStep: 0.1 }) }],
])('the engine %s runs what another one lacks: %j', (engine, sample) => {
  expect(choiceOf(networkOf(engine, sample))).toMatchObject({ engine, reasons: [] })
})

test('several reasons are told in the order of the rows', () => {
  const group = lif(SIZE, { tauMem: uniform(10, 20), tauSynExc: 5, tauSynInh: 8, threshold: 1 })
  expect(choiceOf(networkOf('simd', { group, patterns: [withNulls(176)] })).reasons).toEqual([
    'more than seven eighths of the weights are null (in->cells: 176 of 200)',
    'it has two synaptic time constants',
    'it has time constants per neuron: tauMem',
  ])
})

test('whoever asks for the reference kernel gets it everywhere', () => {
  for (const engine of ['simd', 'window'] as const)
    expect(chooseKernels(networkOf(engine, {}), 'reference')).toEqual([
      {
        ...{ group: 'cells', engine: 'reference', feed: null, elsewhere: [] },
        reasons: ['the reference kernel was asked for'],
      },
    ])
})

describe('the feed of a group', () => {
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
  })
})

test('an engine says what it leaves to the reference kernel', () => {
  const enginesOf = (choice: KernelChoice) =>
    (['gradients under a silent hinge', 'changed parameters'] as const).map((runs) => engineIn(runs, choice))
  expect(enginesOf(choiceOf(networkOf('simd', {})))).toEqual(['simd', 'simd'])
  const owned = defineNetwork({
    groups: { in: source(INPUTS), cells: lif(SIZE, NEURON) },
    projections: [connect('in', 'cells', dense(1), { delay: perSynapse(uniform(0, 2)) })],
  })
  expect(enginesOf(choiceOf(owned))).toEqual(['simd', 'simd'])
  expect(enginesOf(choiceOf(networkOf('window', {})))).toEqual(['reference', 'window'])
})

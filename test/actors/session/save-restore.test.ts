import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import type { KernelKind } from '../../../src/dynamics/kernels/kernel-kind.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import type { Session, StepOptions } from '../../../src/learning/session.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'
import {
  connect,
  dense,
  fixedProbability,
  perSource,
  perSynapse,
  synapses,
} from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import { isLong } from '../../support/cases-of.js'
import { inTurn } from '../../support/in-turn.js'
import { ADAM, FIVE_UNITS, LABELS, step } from '../small-networks.js'

const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 } as const
const HIDDEN = 100

/** Four blocks of neurons; every kind of synapses and of delays is cut between cores. */
const NETWORK = defineNetwork({
  groups: {
    in: source(6),
    hidden: lif(HIDDEN, { ...LIF, adaptStep: 0.05, tauAdapt: uniform(25, 40) }),
    out: lif(40, LIF),
  },
  projections: [
    connect('in', 'hidden', dense(normal(1.5, 0.8)), { delay: perSynapse(uniform(0, 5)) }),
    connect('in', 'hidden', synapses(scattered()), { name: 'list' }),
    connect('in', 'hidden', fixedProbability(0.3, normal(0.5, 0.2)), { name: 'rule', delay: perSource(uniform(1, 2)) }),
    connect('hidden', 'out', dense(normal(0.3, 0.1)), { delay: 1 }),
  ],
})

/** Every seventh neuron of the hidden group, back and forth. */
function scattered(): [number, number, number, number][] {
  return Array.from({ length: 60 }, (_, k) => [k % 6, (7 * k) % HIDDEN, 1 + k / 50, 1 + k / 30])
}

const TRIALS = {
  count: 2,
  until: 50,
  labels: LABELS,
  inputs: FIVE_UNITS,
}

const ALL = { weights: 0.05, delays: 0.2, thresholds: 0.01, adaptation: 0.01, taus: 0.3, bias: 0.01 }
const STEPS: Record<string, StepOptions> = {
  'every parameter with Adam': step({ optimizer: ADAM, rates: ALL, bounds: { delays: [0, 10], adaptation: [0, 1] } }),
  'what decays with Adam': step({
    optimizer: ADAM,
    rates: ALL,
    bounds: { delays: [0, 10], adaptation: [0, 1] },
    decay: { weights: 0.3, delays: 0.1, adaptation: 0.5, bias: 2 },
  }),
  'weights with Adam': step({ optimizer: ADAM, rates: { weights: 0.05 } }),
  'weights and delays with momentum': step({
    optimizer: { kind: 'sgd', momentum: 0.9 },
    rates: { weights: 1, delays: 1 },
    bounds: { delays: [0, 10] },
  }),
}

const opened = (cores: number, kernel: KernelKind) =>
  open(NETWORK, { seed: 3, kernel, placement: placeOnCores(NETWORK, cores) })

async function trainSteps(session: Session, options: StepOptions, count: number): Promise<void> {
  for (let k = 0; k < count; k++) await session.train(TRIALS, options)
}

const learning = Object.entries(STEPS).map(([name, options], turn) => ({ name, options, turn }))

describe.each([
  ['simd', 0],
  ['reference', 1],
] as const)('a session on the %s kernel', (kernel, number) => {
  test.each(learning.filter(({ turn }) => isLong() || turn % 2 === number))(
    'that learns $name goes on elsewhere with the same bits',
    async ({ options, turn }) => {
      await using whole = await opened(1, kernel)
      await using first = await opened(4, kernel)
      await trainSteps(whole, options, 3)
      await trainSteps(first, options, 2)
      const saved = await first.save()
      await trainSteps(first, options, 1)
      const expected = await whole.save()
      expect(await first.save()).toStrictEqual(expected)
      expect(saved).not.toEqual(expected)
      for (const cores of inTurn([2, 1, 4], turn)) {
        await using later = await opened(cores, kernel)
        // What it has learned before does not matter.
        await trainSteps(later, STEPS['every parameter with Adam'] as StepOptions, cores - 1)
        await later.restore(saved)
        expect(await later.save()).toStrictEqual(saved)
        await trainSteps(later, options, 1)
        expect(await later.save()).toStrictEqual(expected)
      }
    },
  )

  test('goes back to its own beginning', async () => {
    await using session = await opened(2, kernel)
    const begin = await session.save()
    expect(begin.memories).toEqual([])
    const options = STEPS['every parameter with Adam'] as StepOptions
    await trainSteps(session, options, 2)
    const once = await session.save()
    await session.restore(begin)
    await trainSteps(session, options, 2)
    expect(await session.save()).toStrictEqual(once)
  })
})

test('the state of a session lists what was learned in file order, however it is cut', async () => {
  await using session = await opened(4, 'reference')
  await trainSteps(session, STEPS['every parameter with Adam'] as StepOptions, 1)
  const { memories } = await session.save()
  expect(memories.map(({ kind, of, field }) => `${field ?? kind} ${of}`)).toEqual([
    'weights in->hidden',
    'delays in->hidden',
    'weights list',
    'delays list',
    'weights rule',
    'delays rule',
    'weights hidden->out',
    'delays hidden->out',
    'thresholds hidden',
    'adaptation hidden',
    'bias hidden',
    'tauMem hidden',
    'tauSyn hidden',
    'tauAdapt hidden',
    'thresholds out',
    'adaptation out',
    'bias out',
    'tauMem out',
    'tauSyn out',
    'tauAdapt out',
  ])
})

test('a state without time constants leaves them as they are, one with others is refused', async () => {
  await using session = await opened(2, 'reference')
  await trainSteps(session, STEPS['every parameter with Adam'] as StepOptions, 1)
  const { parameters, memories } = await session.save()
  const { hidden, out } = parameters.groups
  const { bias, threshold, adaptStep } = out!
  const old = {
    ...parameters,
    groups: { hidden: hidden!, out: { bias, threshold: threshold!, adaptStep: adaptStep! } },
  }
  await session.restore({ parameters: old, memories: memories.filter(({ kind }) => kind !== 'taus') })
  expect((await session.parameters()).groups).toStrictEqual(parameters.groups)
  const wrong = { ...parameters, groups: { hidden: hidden!, out: { ...out!, tauMem: new Float64Array(40) } } }
  await expect(session.restore({ parameters: wrong, memories: [] })).rejects.toMatchObject({
    code: 'STATE_MISMATCH',
    details: { field: 'tauMem of "out"', found: '40 values', expected: '1 values' },
  })
})

test('a state of another network is refused with both lengths, and changes nothing', async () => {
  await using session = await opened(2, 'reference')
  const before = await session.save()
  const { projections, groups } = before.parameters
  const weights = new Float64Array(59)
  const parameters = { groups, projections: { ...projections, list: { ...projections.list!, weights } } }
  await expect(session.restore({ parameters, memories: [] })).rejects.toMatchObject({
    code: 'STATE_MISMATCH',
    details: { field: 'weights of "list"', found: '59 values', expected: '60 values' },
  })
  expect(await session.save()).toStrictEqual(before)
})

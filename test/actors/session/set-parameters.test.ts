import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { openCluster } from '../../../src/actors/open-cluster.js'
import { openRestartingSession } from '../../../src/actors/supervision/restarting-session.js'
import type { KernelKind } from '../../../src/dynamics/kernels/kernel-kind.js'
import { RunError } from '../../../src/events/errors.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { instanceWith } from '../../../src/learning/instance-with.js'
import type { Parameters, Session, StepOptions } from '../../../src/learning/session.js'
import { parametersOf } from '../../../src/learning/state/parameters-of.js'
import { openSurrogate } from '../../../src/learning/surrogate/open-surrogate.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'
import type { Network } from '../../../src/network/description/network.js'
import {
  connect,
  dense,
  fixedProbability,
  perSource,
  perSynapse,
  synapses,
} from '../../../src/network/description/projections.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { withValues } from '../../../src/network/instance/with-values.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { arbitraryNetwork } from '../../../src/testing/arbitrary-network.js'
import { arbitraryTrials } from '../../../src/testing/arbitrary-trials.js'
import { trainsOf } from '../../learning/trains.js'
import { inTurn } from '../../support/in-turn.js'
import { expectSameBits } from '../../support/same-bits.js'
import { unwatchedHub } from '../../support/unwatched-hub.js'
import { step } from '../small-networks.js'

const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 } as const

/** Every shape of synapses, delays and time constants; `hidden` and `out` have two blocks each, and `hidden` leads back. */
const NETWORK = defineNetwork({
  groups: {
    in: source(6),
    hidden: lif(40, { ...LIF, vReset: -0.2, adaptStep: 0.05, tauAdapt: uniform(25, 40) }),
    out: lif(40, { tauMem: 15, tauSynExc: 4, tauSynInh: uniform(6, 8), threshold: uniform(0.9, 1.1) }),
    readout: li(3, { tauMem: 10, tauSyn: 5 }),
  },
  projections: [
    connect('in', 'hidden', dense(normal(1.8, 0.8)), { delay: perSynapse(uniform(0, 5)) }),
    connect('in', 'hidden', synapses(scattered()), { name: 'list' }),
    connect('in', 'hidden', fixedProbability(0.3, uniform(0.1, 0.5)), {
      name: 'rule',
      delay: perSource(uniform(1, 2)),
      sign: 'excitatory',
    }),
    connect('hidden', 'hidden', dense(normal(0, 0.1)), { delay: 1 }),
    connect('hidden', 'out', dense(normal(0.3, 0.1)), { delay: 1 }),
    connect('hidden', 'readout', dense(normal(0.1, 0.1))),
  ],
})

function scattered(): [number, number, number, number][] {
  return Array.from({ length: 30 }, (_, k) => [k % 6, (7 * k) % 40, 1 + k / 50, 1 + k / 30])
}

const TRIALS = {
  count: 2,
  until: 40,
  inputs: {
    in: trainsOf([
      [1, 2, 3, 4, 5].map((time, unit) => ({ time, unit })),
      [2, 2, 4, 8].map((time, unit) => ({ time, unit: 4 - unit })),
    ]),
  },
}
const LABELLED = { ...TRIALS, labels: Uint8Array.of(0, 2) }
const LOSS = { kind: 'spikeCount', group: 'out', tau: 20 } as const
const ALL = { weights: 0.05, delays: 0.2, thresholds: 0.01, adaptation: 0.01, taus: 0.3, bias: 0.01 }
const STEP: StepOptions = step({
  loss: LOSS,
  optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  rates: ALL,
  bounds: { delays: [0, 10], adaptation: [0, 1] },
})

/** Numbers that a network may have, but others. */
function moved({ projections, groups }: Parameters): Parameters {
  const scaled = (values: Float64Array, factor: number) => values.map((value) => value * factor)
  return {
    projections: Object.fromEntries(
      Object.entries(projections).map(([key, { weights, delays }]) => [
        key,
        { weights: scaled(weights, 1.03), delays: scaled(delays, 1.1) },
      ]),
    ),
    groups: Object.fromEntries(
      Object.entries(groups).map(([name, arrays]) => [
        name,
        Object.fromEntries(
          Object.entries(arrays).map(([field, values]) => [field, scaled(values, FACTORS[field] ?? 1)]),
        ),
      ]),
    ) as unknown as Parameters['groups'],
  }
}

const FACTORS: Readonly<Record<string, number>> = {
  threshold: 1.02,
  bias: 0.9,
  adaptStep: 1.2,
  tauMem: 1.05,
  tauSyn: 0.97,
  tauSynExc: 1.1,
  tauSynInh: 0.9,
  tauAdapt: 1.01,
}

/** What a session says of some trials. */
async function resultsOf(session: Session, trials: typeof TRIALS, loss: StepOptions['loss'] = LOSS) {
  const labels = new Uint8Array(trials.count)
  const { losses, gradients, inputTimes, recording } = await session.gradient(trials, loss, labels)
  return { losses, gradients, inputTimes, recording, parameters: await session.parameters() }
}

const placed = (network: Network, cores: number, kernel: KernelKind) =>
  open(network, { kernel, seed: 3, placement: placeOnCores(network, cores) })

describe.each([
  ['simd', 2],
  ['reference', 1],
] as const)('other parameters on the %s kernel', (kernel, turn) => {
  test.each(inTurn([1, 2, 4], turn))(
    'have the bits of a session opened on a network that has them, on %d cores',
    async (cores) => {
      const start = instantiate(NETWORK, 3)
      const parameters = moved(parametersOf(start))
      await using fresh = await placed(withValues(NETWORK, instanceWith(start, parameters)), 1, kernel)
      await using session = await placed(NETWORK, cores, kernel)
      const before = await resultsOf(session, TRIALS)
      await session.setParameters(parameters)
      const after = await resultsOf(session, TRIALS)
      expect(after).toStrictEqual(await resultsOf(fresh, TRIALS))
      expect(after).not.toEqual(before)
      await session.setParameters(before.parameters)
      expect(await resultsOf(session, TRIALS)).toStrictEqual(before)
    },
  )

  test('have these bits on any network', async () => {
    const cases = arbitraryNetwork({ neurons: 4 }).chain((network) =>
      fc.record({ network: fc.constant(network), trials: arbitraryTrials(network, { count: [2, 2] }) }),
    )
    await fc.assert(
      fc.asyncProperty(cases, async ({ network, trials }) => {
        const loss = { kind: 'spikeCount', group: 'layer1', tau: 20 } as const
        const start = instantiate(network, 0)
        const parameters = moved(parametersOf(start))
        await using session = await open(network, { kernel })
        await using fresh = await open(withValues(network, instanceWith(start, parameters)), { kernel })
        await session.setParameters(parameters)
        const given = trials as unknown as typeof TRIALS
        expect(await resultsOf(session, given, loss)).toStrictEqual(await resultsOf(fresh, given, loss))
      }),
      { numRuns: 4, seed: 61 },
    )
  })
})

test('other parameters leave the memory of the optimiser as it is', async () => {
  await using whole = await placed(NETWORK, 1, 'simd')
  await using session = await placed(NETWORK, 2, 'simd')
  for (const each of [whole, session]) await each.train(LABELLED, STEP)
  const learned = await session.save()
  await session.setParameters(moved(learned.parameters))
  expect((await session.save()).memories).toStrictEqual(learned.memories)
  await session.setParameters(learned.parameters)
  for (const each of [whole, session]) await each.train(LABELLED, STEP)
  expect(await session.save()).toStrictEqual(await whole.save())
})

test('the arrays of the caller are free once other parameters are set', async () => {
  await using session = await placed(NETWORK, 1, 'reference')
  const parameters = await session.parameters()
  const expected = structuredClone(parameters)
  await session.setParameters(parameters)
  parameters.projections.list?.weights.fill(7)
  expectSameBits(await session.parameters(), expected)
})

test('on a grid of time they have the bits of a session opened on a network that has them', async () => {
  const network = defineNetwork({
    groups: { in: source(6), hidden: lif(5, { ...LIF, adaptStep: 0.05 }), out: lif(40, LIF) },
    projections: [
      connect('in', 'hidden', dense(normal(4, 1)), { delay: perSynapse(uniform(0, 5)) }),
      connect('hidden', 'out', dense(normal(4, 1)), { delay: 1 }),
    ],
  })
  const start = instantiate(network, 3)
  const all = moved(parametersOf(start))
  const withoutTaus = Object.fromEntries(
    Object.entries(all.groups).map(([name, { bias, threshold, adaptStep }]) => [name, { bias, threshold, adaptStep }]),
  )
  const parameters = { ...all, groups: withoutTaus as Parameters['groups'] }
  await using session = openSurrogate(network, { seed: 3 })
  await session.train(LABELLED, { ...STEP, rates: { weights: 0.05 }, bounds: {} })
  await session.setParameters(parameters)
  await using fresh = openSurrogate(withValues(network, instanceWith(start, parameters)))
  expect(await resultsOf(session, TRIALS)).toStrictEqual(await resultsOf(fresh, TRIALS))
})

test('a cluster that dies after it was given other parameters is led back to them', async () => {
  const death = new RunError({ code: 'CORE_DIED', message: 'Core 1 died.' })
  const here = () => openCluster(NETWORK, placeOnCores(NETWORK, 2), { transport: 'local', seed: 3 })
  let isDead = false
  let starts = 0
  const session = await openRestartingSession({
    hub: unwatchedHub(),
    start: async () => {
      const live = await here()
      if (starts++ > 0) return { session: live, failure: () => null }
      const dying = <Result>(work: () => Promise<Result>) => (isDead ? Promise.reject<Result>(death) : work())
      return {
        session: { ...live, parameters: () => dying(() => live.parameters()) },
        failure: () => (isDead ? death : null),
      }
    },
    restarts: 1,
    onRestart: () => undefined,
  })
  const parameters = moved(await session.parameters())
  await session.setParameters(parameters)
  isDead = true
  expectSameBits(await session.parameters(), parameters)
  expect(starts).toBe(2)
  await session.close()
})

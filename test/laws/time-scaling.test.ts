import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { KERNEL_KINDS, type KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import type { Loss } from '../../src/learning/loss.js'
import type { GradientResult, Parameters, Trials } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import type { Network } from '../../src/network/description/network.js'
import { connect, dense, perSynapse } from '../../src/network/description/projections.js'
import { TAU_FIELDS } from '../../src/network/description/time-constants.js'
import { lif } from '../../src/network/models/lif.js'
import { arbitraryNetwork } from '../../src/testing/arbitrary-network.js'
import { arbitraryTrials } from '../../src/testing/arbitrary-trials.js'
import { between } from '../support/arbitraries.js'
import { casesOf } from '../support/cases-of.js'

/**
 * If all times are scaled, time constants, delays and input spikes, all spikes come that much later: by Euler's theorem
 *
 *     sum of tau dL/dtau + d dL/dd + t dL/dt = L        for a loss linear in the spike times, whatever the network
 *
 * A refractory period is a time, too, and no gradient is taken by it: here there is none.
 */
const withoutRefractory = (network: Network): Network => ({
  ...network,
  groups: network.groups.map((group) => (group.kind === 'lif' ? { ...group, refractory: 0 } : group)),
})

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): readonly number[] => Array.from(a, (x, k) => x * b[k]!)

function termsOf(parameters: Parameters, { gradients, inputTimes }: GradientResult, trials: Trials): number[] {
  const delays = Object.entries(parameters.projections).flatMap(([key, { delays: values }]) =>
    dot(values, gradients.projections[key]!.delays),
  )
  const taus = Object.entries(parameters.groups).flatMap(([name, group]) =>
    TAU_FIELDS.flatMap((field) => dot(group[field] ?? [], gradients.groups[name]![field] ?? [])),
  )
  const inputs = Object.entries(trials.inputs).flatMap(([name, { times }]) => dot(times, inputTimes[name]!))
  return [...delays, ...taus, ...inputs]
}

/** Of the last layer's spikes; returns how many there were. */
async function expectEuler(network: Network, trials: Trials, kernel: KernelKind): Promise<number> {
  const group = network.groups.findLast(({ kind }) => kind === 'lif')!.name
  await using session = await open(network, { kernel })
  const { times } = (await session.simulate(trials)).spikes[group]!
  const loss: Loss = { kind: 'linear', group, coefficients: Array.from(times, (_, k) => 1 + (k % 3)) }
  const result = await session.gradient(trials, loss)
  const terms = termsOf(await session.parameters(), result, trials)
  const scale = terms.reduce((sum, term) => sum + Math.abs(term), Math.abs(result.losses[0]!))
  const total = terms.reduce((sum, term) => sum + term, 0)
  expect(Math.abs(total - result.losses[0]!)).toBeLessThanOrEqual(1e-10 * scale)
  return times.length
}

test('spike times of any network scale with all times', async () => {
  let spikes = 0
  const cases = arbitraryNetwork({ layers: [1, 2], neurons: 4 })
    .map(withoutRefractory)
    .chain((network) => arbitraryTrials(network, { count: [1, 1] }).map((trials) => ({ network, trials })))
  await fc.assert(
    fc.asyncProperty(cases, async ({ network, trials }) => {
      spikes += await expectEuler(network, trials, 'reference')
    }),
    { numRuns: casesOf({ short: 15, long: 60 }), seed: 8, endOnFailure: true },
  )
  expect(spikes).toBeGreaterThan(casesOf({ short: 50, long: 200 }))
})

/** Layers that suit the SIMD kernel, the first one with an order of arrivals per neuron if it has delays of its own. */
const dense10 = fc
  .record({
    tauMem: between(8, 25),
    ratio: fc.constantFrom(0.25, 0.5, 1, 0.3, 1.7, 1.000001),
    adaptStep: fc.constantFrom(0, 0.2),
    bias: between(-0.1, 0.3),
    own: fc.boolean(),
    rows: fc.array(fc.array(between(0.2, 2.2), { minLength: 4, maxLength: 4 }), { minLength: 10, maxLength: 10 }),
    times: fc.array(between(0, 25), { minLength: 12, maxLength: 12 }),
  })
  .map(({ tauMem, ratio, adaptStep, bias, own, rows, times }) => {
    const neuron = { tauMem, tauSyn: ratio * tauMem, threshold: 1, adaptStep, tauAdapt: 30 }
    const delay = own ? perSynapse(rows.flat()) : 1.5
    const network = defineNetwork({
      groups: { in: source(4), a: lif(10, { ...neuron, bias }), b: lif(2, neuron) },
      projections: [
        connect('in', 'a', dense(rows), { delay }),
        connect('a', 'b', dense(0.4), { delay: own ? perSynapse(rows.flat().slice(0, 20)) : 0.5 }),
      ],
    })
    const inOrder = times.toSorted((x, y) => x - y)
    const train = {
      offsets: Uint32Array.of(0, 12),
      times: Float64Array.from(inOrder),
      units: Uint32Array.from(inOrder, (_, k) => k % 4),
    }
    return { network, trials: { count: 1, until: 60, inputs: { in: train } } }
  })

test.each(KERNEL_KINDS)('also on the %s kernel where it suits', async (kernel) => {
  let spikes = 0
  await fc.assert(
    fc.asyncProperty(dense10, async ({ network, trials }) => {
      spikes += await expectEuler(network, trials, kernel)
    }),
    { numRuns: casesOf({ short: 10, long: 40 }), seed: 9, endOnFailure: true },
  )
  expect(spikes).toBeGreaterThan(casesOf({ short: 25, long: 100 }))
})

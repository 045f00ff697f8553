import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import { windowGroups } from '../../src/dynamics/kernels/window/window-groups.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { Loss } from '../../src/learning/loss.js'
import type { LabelledTrials, Session } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { poisson, regular } from '../../src/network/description/emitting-sources.js'
import { source } from '../../src/network/description/groups.js'
import type { GroupSpec, Network } from '../../src/network/description/network.js'
import { type Connection, connect, fixedInDegree, oneToOne } from '../../src/network/description/projections.js'
import { type LifParameters, lif } from '../../src/network/models/lif.js'
import { arbitraryEmission } from '../../src/testing/arbitrary-emission.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { INPUTS, SIZE, type WindowSample, windowSample } from '../support/arbitrary-window-network.js'
import { casesOf } from '../support/cases-of.js'
import { cutNetworkCase, denseNetworkCase } from '../support/cut-network-case.js'
import { expectSameBits } from '../support/same-bits.js'
import { streamed } from '../support/streamed.js'
import { randomTrains } from '../support/window-case.js'

// Without an end a run goes on until nothing can happen any more: it finds what a run to some instant beyond finds.
/** In ms, beyond all that happens; a whole number of bins and none. */
const BEYOND = [1e15, 432.1] as const
const SEED = 3

const LOSSES: readonly Loss[] = [
  { kind: 'spikeCount', group: 'b', tau: 20 },
  { kind: 'firstSpike', group: 'b', tau0: 0.5, alpha: 0.003, tau1: 6.4 },
  { kind: 'vMax', group: 'r' },
]

/** Everything that a session says of trials of a network with groups in, a, b and a readout r. */
async function found(session: Session, trials: LabelledTrials) {
  const simulated = await session.simulate(trials, { record: ['in', 'a', 'b', 'r'] })
  const gradients = []
  for (const loss of LOSSES) gradients.push(await session.gradient(trials, loss, trials.labels))
  await session.close()
  return { simulated, gradients }
}

/** Readouts with a bias rise for ever. */
function atRest(network: Network): Network {
  return { ...network, groups: network.groups.map((group) => (group.kind === 'li' ? { ...group, bias: 0 } : group)) }
}

/** The same, its source maybe one that emits by itself. */
const endingCase = fc
  .oneof(
    cutNetworkCase.filter(({ isRecurrent }) => !isRecurrent),
    denseNetworkCase,
  )
  .chain((sample) => {
    const { size } = sample.network.groups.find(({ name }) => name === 'in')!
    const network = atRest(sample.network)
    return fc.record({
      sample: fc.constant(sample),
      emitting: fc.option(arbitraryEmission(size), { freq: 2 }),
      placement: arbitraryPlacement(network, 3),
      beyond: fc.constantFrom(...BEYOND),
    })
  })

test.each<KernelKind>(['simd', 'reference'])(
  'a run without an end is one with an end beyond the last event, on the %s kernel and any placement',
  async (kernel) => {
    const seen = { spikes: 0, emitting: 0, moved: 0 }
    await fc.assert(
      fc.asyncProperty(endingCase, async ({ sample, emitting, placement, beyond }) => {
        const { seed, trials } = sample
        const own = (network: Network): Network => ({
          ...network,
          groups: network.groups.map((group) =>
            group.name === 'in' && emitting !== null ? { name: 'in', ...emitting } : group,
          ),
        })
        const network = own(atRest(sample.network))
        const given = emitting === null ? trials : { ...trials, inputs: {} }
        const ended = await found(await open(network, { seed, kernel }), { ...given, until: beyond })
        const endless = { ...given, until: Infinity }
        expectSameBits(await found(await open(network, { seed, kernel }), endless), ended)
        expectSameBits(await found(await open(network, { seed, kernel, placement }), endless), ended)
        seen.spikes += ended.simulated.spikes.b!.times.length
        seen.moved += ended.gradients.filter(({ inputTimes }) => inputTimes.in?.some((g) => g !== 0) === true).length
        if (emitting !== null) seen.emitting++
      }),
      { numRuns: casesOf({ short: 3, long: 6 }), seed: 4, endOnFailure: true },
    )
    expect(seen.spikes).toBeGreaterThan(20)
    expect(seen.emitting).toBeGreaterThan(0)
    expect(seen.moved).toBeGreaterThan(2)
  },
)

test('an integral that fades comes to its whole value', async () => {
  let compared = 0
  await fc.assert(
    fc.asyncProperty(endingCase, async ({ sample: { network, seed, trials } }) => {
      const loss: Loss = { kind: 'liIntegral', group: 'r', tau: 12, scale: 0.1 }
      for (const kernel of ['simd', 'reference'] as const) {
        await using session = await open(atRest(network), { seed, kernel })
        const ended = await session.gradient({ ...trials, until: 1e5 }, loss, trials.labels)
        const endless = await session.gradient({ ...trials, until: Infinity }, loss, trials.labels)
        endless.losses.forEach((value, trial) => {
          expect(value).toBeCloseTo(ended.losses[trial]!, 12)
        })
        const slopes = ended.inputTimes.in!
        endless.inputTimes.in!.forEach((slope, k) => {
          expect(slope).toBeCloseTo(slopes[k]!, 12)
        })
        compared += slopes.filter((slope) => slope !== 0).length
      }
    }),
    { numRuns: casesOf({ short: 2, long: 4 }), seed: 5, endOnFailure: true },
  )
  expect(compared).toBeGreaterThan(20)
})

/** A network of the window kernel that ends: no neuron fires by itself, and what drives it stops. */
function endingNetwork({ neuron: { taus, bias, ...numbers }, projections }: WindowSample, isDriven: boolean): Network {
  const [tauMem, tauSyn] = taus as [number, number]
  const neurons: LifParameters = { ...numbers, tauMem, tauSyn, bias: Math.min(bias, 0.6) }
  const rules = projections.map(({ weights, delay }, p): Connection => {
    const options = { name: `p${p}`, ...(delay === undefined ? {} : { delay }) }
    const scaled = typeof weights === 'number' ? (weights * 3) / Math.sqrt(tauSyn) : weights
    return connect('input', 'cells', fixedInDegree(150, scaled, { multiple: true }), options)
  })
  const poissonInputs = [
    connect('drive', 'cells', oneToOne(0.3), { delay: 1 }),
    connect('clock', 'cells', oneToOne(0.2)),
    connect('cells', 'next', fixedInDegree(200, 0.05, { multiple: true }), { delay: 1.5 }),
  ]
  return defineNetwork<Readonly<Record<string, GroupSpec>>>({
    groups: {
      input: source(INPUTS),
      drive: poisson(SIZE, { rate: 6500, start: 3.3, stop: 25.2 }),
      clock: regular(SIZE, { period: 7, start: 30, stop: 60 }),
      cells: lif(SIZE, neurons),
      next: lif(SIZE, neurons),
    },
    projections: isDriven ? [...rules, ...poissonInputs] : [...rules, poissonInputs[2]!],
  })
}

const windowCase = fc
  .record({ sample: windowSample, isDriven: fc.boolean(), beyond: fc.constantFrom(...BEYOND) })
  .map(({ sample, isDriven, beyond }) => ({ network: endingNetwork(sample, isDriven), beyond }))
  .chain(({ network, beyond }) =>
    fc.record({
      network: fc.constant(network),
      beyond: fc.constant(beyond),
      placement: arbitraryPlacement(network, 3),
    }),
  )

test('so is one of large sparse groups, which a stream goes through without knowing that it ends', async () => {
  const record = ['cells', 'next']
  const seen = { spikes: 0, next: 0 }
  await fc.assert(
    fc.asyncProperty(windowCase, async ({ network, beyond, placement }) => {
      expect(windowGroups(network, 'simd').size).toBe(2)
      const input = randomTrains(INPUTS, 0.05, 40, 2, 'absent')
      const inputs = { input }
      await using session = await open(network, { seed: SEED })
      const endless = await session.simulate({ count: 2, until: Infinity, inputs }, { record })
      expectSameBits(await session.simulate({ count: 2, until: beyond, inputs }, { record }), endless)
      await using placed = await open(network, { seed: SEED, placement })
      expectSameBits(await placed.simulate({ count: 2, until: Infinity, inputs }, { record }), endless)
      const first = firstTrial(input)
      const one = await session.simulate({ count: 1, until: Infinity, inputs: { input: first } }, { record })
      const inSegments = await streamed(session, { record, until: 400, segment: 43.3, inputs: { input: first } })
      expectSameBits(inSegments.spikes, one.spikes)
      seen.spikes += endless.spikes.cells!.times.length
      seen.next += endless.spikes.next!.times.length
    }),
    { numRuns: casesOf({ short: 6, long: 12 }), seed: 6, endOnFailure: true },
  )
  expect(seen.spikes).toBeGreaterThan(1000)
  expect(seen.next).toBeGreaterThan(100)
})

function firstTrial({ offsets, times, units }: SpikeTrains): SpikeTrains {
  const end = offsets[1]!
  return { offsets: Uint32Array.of(0, end), times: times.slice(0, end), units: units.slice(0, end) }
}

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RunLoss } from '../../src/actors/group/run.js'
import { open } from '../../src/actors/open.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { Trials } from '../../src/learning/session.js'
import { instantiate } from '../../src/network/instantiate.js'
import { withValues } from '../../src/network/with-values.js'
import { trainsOf } from '../learning/trains.js'
import { between } from '../support/arbitraries.js'
import { arbitraryGradientCase, type GradientCase, type GradientCaseRange } from '../support/arbitrary-gradient-case.js'
import { featuresOf } from '../support/case-features.js'
import { GradientTally } from '../support/gradient-tally.js'
import { PROBE_KINDS, type ProbeKind, ProbeNetwork } from '../support/probe-network.js'

/** Shrinking would take hundreds of cases; leave `endOnFailure` out to have a small one. */
const ASSERT = { seed: 20260, endOnFailure: true }
const UNHINGED = { silentLabelHinge: 0, silentHinge: {} }
const DELAY_KINDS: readonly ProbeKind[] = ['scalar delays', 'delays per source', 'delays per synapse']
const COMMON_FEATURES = ['spikes', 'refractoryEnds', 'adaptation', 'bias', 'reset off 0'] as const
const TAU_FEATURES = ['equal taus', 'nearly equal taus', 'two synaptic taus'] as const
const SHAPE_FEATURES = ['three layers', 'projections in parallel', 'synapses in parallel'] as const

type Settle = (given: GradientCase) => Promise<{ readonly trials: Trials; readonly loss: RunLoss }>

interface Comparison {
  readonly numRuns: number
  readonly settle?: Settle
  readonly kinds?: readonly ProbeKind[]
}

async function compare(range: GradientCaseRange, { numRuns, settle = withOwnLoss, kinds }: Comparison) {
  const tally = new GradientTally()
  const property = fc.asyncProperty(arbitraryGradientCase(range), async (given) => {
    const instance = instantiate(given.network, 0)
    const { trials, loss } = await settle(given)
    const network = new ProbeNetwork(given.network, trials, loss)
    for (const feature of featuresOf(instance, trials)) tally.count(feature)
    tally.count(`loss ${loss.loss.kind}`)
    if (network.runsEventByEvent) tally.count('event by event')
    await tally.check(network, given.picks, kinds)
    network.close()
    await breathe()
  })
  await fc.assert(property, { ...ASSERT, numRuns })
  return tally
}

/** Runs settle without timers: the test runner's own have a turn between cases. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

async function withOwnLoss(given: GradientCase): ReturnType<Settle> {
  const { loss, labels, trials } = given
  return loss.kind === 'linear' ? withLinearLoss(given) : { trials, loss: { loss, labels, ...UNHINGED } }
}

/** A linear loss needs the same number of output spikes in every trial: keeps the trials that agree with the first. */
async function withLinearLoss({ network, trials, loss }: GradientCase): ReturnType<Settle> {
  if (loss.kind !== 'linear') throw new RangeError(`the loss is "${loss.kind}"`)
  const session = await open(network)
  const { offsets } = (await session.simulate(trials)).spikes[loss.group]!
  await session.close()
  const countOf = (trial: number) => offsets[trial + 1]! - offsets[trial]!
  const kept = Array.from({ length: trials.count }, (_, trial) => trial).filter((k) => countOf(k) === countOf(0))
  return {
    trials: { ...trials, count: kept.length, inputs: { input: selectTrials(trials.inputs.input!, kept) } },
    loss: { loss: { ...loss, coefficients: loss.coefficients.slice(0, countOf(0)) }, labels: null, ...UNHINGED },
  }
}

/** For labels 0 and 1 what the network does in its first trial, most of it at other times, and two spikes beside. */
async function targetsOf({ network, trials, picks }: GradientCase): Promise<SpikeTrains> {
  const session = await open(network)
  const { times, units } = selectTrials((await session.simulate(trials)).spikes.output!, [0])
  await session.close()
  const moved = Array.from(times, (time, k) => ({
    time: time + 0.3 + 2 * Math.abs(Math.sin(k + 9 * picks[0]!)),
    unit: units[k]!,
  }))
  return trainsOf([moved.slice(1), [...moved, { time: 5.5, unit: 0 }, { time: 7.25, unit: 1 }]])
}

function selectTrials({ offsets, times, units }: SpikeTrains, kept: readonly number[]): SpikeTrains {
  const pick = (values: Float64Array | Uint32Array) =>
    kept.flatMap((k) => Array.from(values.subarray(offsets[k], offsets[k + 1])))
  const ends = new Uint32Array(kept.length + 1)
  kept.forEach((k, at) => {
    ends[at + 1] = ends[at]! + offsets[k + 1]! - offsets[k]!
  })
  return { offsets: ends, times: Float64Array.from(pick(times)), units: Uint32Array.from(pick(units)) }
}

/** What each property has to show beside the absence of a mismatch: few skips, sharp quotients, real coverage. */
function expectCoverage(
  tally: GradientTally,
  features: readonly string[],
  kinds: readonly ProbeKind[] = PROBE_KINDS,
): void {
  console.info(`gradients, ${expect.getState().currentTestName}:\n  ${tally}`)
  expect(tally.skippedShare).toBeLessThanOrEqual(0.1)
  expect(tally.sharpShare).toBeGreaterThan(0.95)
  for (const kind of kinds) expect(tally.kinds[kind].active, kind).toBeGreaterThan(0)
  for (const feature of features) expect(tally.featured(feature), feature).toBeGreaterThan(0)
}

describe('exact gradients against extrapolated difference quotients', { timeout: 120_000 }, () => {
  test('of spikes in layers', async () => {
    const tally = await compare({ cycles: 'none', readout: 'spikes' }, { numRuns: 30 })
    const losses = ['loss linear', 'loss firstSpike', 'loss spikeCount']
    expectCoverage(tally, [
      ...COMMON_FEATURES,
      ...TAU_FEATURES,
      ...SHAPE_FEATURES,
      ...losses,
      'more than a block',
      'more than a chunk',
    ])
  })

  test('of spikes around cycles with delays', async () => {
    const tally = await compare({ cycles: 'delayed', readout: 'spikes' }, { numRuns: 16 })
    const cycles = ['recurrent', 'self projection', 'cycle of groups', 'more than a chunk']
    expectCoverage(tally, [...COMMON_FEATURES, ...TAU_FEATURES, ...SHAPE_FEATURES, ...cycles])
  })

  test('of spikes around cycles that may take no time', async () => {
    const tally = await compare({ cycles: 'immediate', readout: 'spikes', drive: 1.5 }, { numRuns: 12 })
    const cycles = ['recurrent', 'self projection', 'cycle of groups', 'event by event']
    expectCoverage(tally, [...COMMON_FEATURES, ...SHAPE_FEATURES, ...cycles])
  })

  test('of delays shared across blocks of neurons', async () => {
    const kinds: readonly ProbeKind[] = ['scalar delays', 'delays per source']
    const tally = await compare({ cycles: 'none', readout: 'spikes', wide: true }, { numRuns: 30, kinds })
    expectCoverage(tally, ['more than a block'], kinds)
  })

  test('of the voltage maxima of readouts, kinks among them', async () => {
    const tally = await compare({ cycles: 'none', readout: 'voltage' }, { numRuns: 16 })
    expectCoverage(tally, [...COMMON_FEATURES, ...TAU_FEATURES, ...SHAPE_FEATURES, 'more than a chunk', 'kinks'])
  })

  test('of the voltage maxima of readouts behind cycles', async () => {
    const tally = await compare({ cycles: 'delayed', readout: 'voltage' }, { numRuns: 8 })
    expectCoverage(tally, ['recurrent', 'self projection', 'cycle of groups', 'kinks'])
  })

  test('of integrals over the voltages of readouts, also behind cycles', async () => {
    const settle: Settle = async ({ trials, labels, picks }) => {
      const [share = 0, scale = 0] = picks
      const tau = share < 0.3 ? Infinity : 40 * share
      const loss = { kind: 'liIntegral', group: 'output', tau, scale: 0.05 + 0.1 * scale } as const
      return { trials, loss: { loss, labels, ...UNHINGED } }
    }
    const tally = await compare({ cycles: 'none', readout: 'voltage' }, { numRuns: 8, settle })
    expectCoverage(tally, [...COMMON_FEATURES, ...TAU_FEATURES, ...SHAPE_FEATURES])
    const behind = await compare({ cycles: 'delayed', readout: 'voltage' }, { numRuns: 4, settle })
    expect(behind.featured('recurrent')).toBeGreaterThan(0)
    expect(behind.skippedShare).toBeLessThanOrEqual(0.1)
  })

  test.each(['vanRossum', 'spikeTimes'] as const)('of target spike times, by %s', async (kind) => {
    const settle: Settle = async (given) => ({
      trials: given.trials,
      loss: {
        loss: { kind, group: 'output', tau: 8, targets: await targetsOf(given) },
        labels: given.labels,
        ...UNHINGED,
      },
    })
    for (const cycles of ['none', 'delayed'] as const)
      expectCoverage(await compare({ cycles, readout: 'spikes' }, { numRuns: 4, settle }), COMMON_FEATURES)
  })

  test.each(['none', 'delayed'] as const)('of the hinge of silent neurons, cycles: %s', async (cycles) => {
    const settle: Settle = async ({ trials, labels, picks }) => {
      const loss = { kind: 'spikeCount', group: 'output', tau: 20 } as const
      const [label = 0, all = 0] = picks
      const silentHinge = { hidden: 0.5 + all, deep: 1, output: all }
      return { trials, loss: { loss, labels, silentLabelHinge: 0.5 + label, silentHinge } }
    }
    const tally = await compare({ cycles, readout: 'spikes', drive: 0.4 }, { numRuns: 10, settle })
    // Where so many neurons are silent, those that adapt are few.
    const kinds = PROBE_KINDS.filter((kind) => kind !== 'adaptation steps')
    expectCoverage(tally, ['spikes', 'silentPeaks', 'kinks', 'bias'], kinds)
  })
})

describe('where quotients cannot reach', { timeout: 60_000 }, () => {
  test('a delay of 0 has the gradient that small delays tend to', async () => {
    let compared = 0
    let unequal = 0
    const property = fc.asyncProperty(
      arbitraryGradientCase({ cycles: 'immediate', readout: 'spikes' }),
      async (given) => {
        const { trials, loss } = await withOwnLoss(given)
        const network = new ProbeNetwork(given.network, trials, loss)
        const at0 = await network.gradient()
        const at1 = await lifted(network, 1e-6)
        const at2 = await lifted(network, 1e-6)
        if (at1.sequence.text !== at0.sequence.text || at2.sequence.text !== at0.sequence.text) unequal++
        else
          for (const kind of PROBE_KINDS) {
            const scale = at0.gradients[kind].reduce((top, entry) => Math.max(top, Math.abs(entry)), 0)
            at0.gradients[kind].forEach((entry, k) => {
              const limit = 2 * at1.gradients[kind][k]! - at2.gradients[kind][k]!
              expect(Math.abs(entry - limit), network.nameOf(kind, k)).toBeLessThanOrEqual(1e-6 * scale)
              if (entry !== 0) compared++
            })
          }
        network.close()
        await breathe()
      },
    )
    const numRuns = 20
    await fc.assert(property, { ...ASSERT, numRuns })
    expect(compared).toBeGreaterThan(200)
    // Beside projections without any delay, which can't be lengthened, simultaneous arrivals change their order.
    expect(unequal).toBeLessThanOrEqual(numRuns / 4)
  })

  /** Lengthens the shortest delays, which are those of 0 at first. */
  async function lifted(network: ProbeNetwork, by: number) {
    for (const kind of DELAY_KINDS)
      network.move(
        kind,
        network.values(kind).map((delay) => (delay < 0.1 ? delay + by : delay)),
      )
    return network.gradient()
  }

  test('event by event and in windows the same bits come out', async () => {
    const property = fc.asyncProperty(
      arbitraryGradientCase({ cycles: 'immediate', readout: 'spikes' }),
      async (given) => {
        const instance = instantiate(given.network, 0)
        const { labels, trials } = given
        const loss = { loss: { kind: 'spikeCount', group: 'output', tau: 20 }, labels, ...UNHINGED } as const
        const longer = (delays: Float64Array) => delays.map((delay) => (delay === 0 ? 1 : delay + 0.5))
        const immediate = new ProbeNetwork(given.network, trials, loss)
        for (const kind of DELAY_KINDS) immediate.move(kind, longer(immediate.values(kind)))
        const projections = instance.projections.map((each) => ({ ...each, delays: longer(each.delays) }))
        const delayed = new ProbeNetwork(withValues(given.network, { ...instance, projections }), trials, loss)
        expect(await immediate.gradient()).toEqual(await delayed.gradient())
        fc.pre(immediate.runsEventByEvent && !delayed.runsEventByEvent)
        await breathe()
      },
    )
    await fc.assert(property, { ...ASSERT, numRuns: 10 })
  })
})

describe('the probes', () => {
  test('see what a freshly opened network shows', async () => {
    const range = { cycles: 'delayed', readout: 'spikes' } as const
    const property = fc.asyncProperty(arbitraryGradientCase(range), between(0.001, 0.1), async (given, shift) => {
      const { trials, loss } = await withOwnLoss(given)
      const instance = instantiate(given.network, 0)
      const probe = new ProbeNetwork(given.network, trials, loss)
      await probe.gradient()
      const shifted = probe.values('thresholds').map((threshold) => threshold + shift)
      probe.move('thresholds', shifted)
      const groups = instance.groups.map((group) => {
        return group.kind === 'lif' ? { ...group, threshold: group.threshold.map((each) => each + shift) } : group
      })
      const session = await open(withValues(given.network, { ...instance, groups }))
      const labels = loss.labels ?? undefined
      try {
        const { losses, gradients, inputTimes } = await session.gradient(trials, loss.loss, labels)
        const found = await probe.gradient()
        expect(found.value).toBe(losses.reduce<number>((sum, each) => sum + (each ?? 0), 0))
        expect(found.gradients['input times']).toEqual(inputTimes.input)
        const thresholds = Object.values(gradients.groups).flatMap(({ threshold }) => [...(threshold ?? [])])
        expect([...found.gradients.thresholds]).toEqual(thresholds)
      } catch (error) {
        // Other thresholds may mean other spikes than the linear loss has coefficients for.
        fc.pre(!(error instanceof Error && 'code' in error && error.code === 'LOSS_COEFFICIENT_COUNT'))
        throw error
      }
      await session.close()
    })
    await fc.assert(property, { ...ASSERT, numRuns: 20 })
  })

  test('stopping the output after its first spike changes no bit of a first-spike gradient', async () => {
    const range = { cycles: 'none', readout: 'spikes' } as const
    let stopped = 0
    const property = fc.asyncProperty(arbitraryGradientCase(range), async ({ network, trials, labels }) => {
      const loss = { kind: 'firstSpike', group: 'output', tau0: 2, alpha: 0.01, tau1: 20 } as const
      const probe = new ProbeNetwork(network, trials, { loss, labels, ...UNHINGED })
      const whole = await probe.gradient()
      const short = await probe.gradient({ stopAfterFirst: true })
      expect(short.value).toBe(whole.value)
      expect(short.gradients).toEqual(whole.gradients)
      stopped += whole.sequence.counts.spikes - short.sequence.counts.spikes
    })
    await fc.assert(property, { ...ASSERT, numRuns: 20 })
    expect(stopped).toBeGreaterThan(0)
  })
})

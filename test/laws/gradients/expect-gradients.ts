import fc from 'fast-check'
import { expect } from 'vitest'
import type { RunLoss } from '../../../src/actors/group/run.js'
import { open } from '../../../src/actors/open.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import type { Trials } from '../../../src/learning/session.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import {
  arbitraryGradientCase,
  type GradientCase,
  type GradientCaseRange,
} from '../../support/arbitrary-gradient-case.js'
import { featuresOf } from '../../support/case-features.js'
import { isLong } from '../../support/cases-of.js'
import { GradientTally } from '../../support/gradient-tally.js'
import { PROBE_KINDS, type ProbeKind, ProbeNetwork } from '../../support/probe-network.js'

/** Shrinking would take hundreds of cases; leave `endOnFailure` out to have a small one. */
export const ASSERT = { seed: 20260, endOnFailure: true }
export const UNHINGED = { silentLabelHinge: 0, silentHinge: {} }
export const COMMON_FEATURES = ['spikes', 'refractoryEnds', 'adaptation', 'bias', 'reset off 0'] as const
export const TAU_FEATURES = ['equal taus', 'nearly equal taus', 'two synaptic taus'] as const
export const CYCLE_FEATURES = ['recurrent', 'self projection', 'cycle of groups']
export const SHAPE_FEATURES = ['three layers', 'projections in parallel', 'synapses in parallel'] as const

export type Settle = (given: GradientCase) => Promise<{ readonly trials: Trials; readonly loss: RunLoss }>

/** A property of generated networks, and what they have to show. */
export interface GradientLaw {
  readonly numRuns: number
  /** What some networks, or what happens in them, must have. */
  readonly features: readonly string[]
  /** Of each of these some gradient must differ from 0; default: all. */
  readonly kinds?: readonly ProbeKind[]
  readonly settle?: Settle
}

/**
 * Compares exact gradients with extrapolated difference quotients: no mismatch, few skips, sharp quotients, and every
 * feature and kind at least once.
 *
 * The short run compares those of the generated networks that may show what none before has shown.
 */
export async function expectGradients(range: GradientCaseRange, law: GradientLaw): Promise<void> {
  const { numRuns, settle = withOwnLoss, kinds = PROBE_KINDS, features } = law
  const tally = new GradientTally()
  const property = fc.asyncProperty(arbitraryGradientCase(range), async (given) => {
    const instance = instantiate(given.network, 0)
    const { trials, loss } = await settle(given)
    const network = new ProbeNetwork(given.network, trials, loss)
    const own = [...featuresOf(instance, trials), `loss ${loss.loss.kind}`]
    if (network.runsEventByEvent) own.push('event by event')
    if (isLong() || shows(tally, { own, network, features, kinds })) {
      for (const feature of own) tally.count(feature)
      await tally.check(network, given.picks, kinds)
    }
    network.close()
    await breathe()
  })
  await fc.assert(property, { ...ASSERT, numRuns })
  expectCoverage(tally, features, kinds)
}

/** What happens in a network, which nobody knows before it has run. */
const HAPPENINGS = new Set(['spikes', 'refractoryEnds', 'kinks', 'silentPeaks', 'recurrent'])

/** What makes a network slow, and is of interest only to the laws that ask for it. */
const COSTLY = ['more than a block', 'more than a chunk']

interface Candidate {
  readonly own: readonly string[]
  readonly network: ProbeNetwork
  readonly features: readonly string[]
  readonly kinds: readonly ProbeKind[]
}

/** Whether a network may show a feature or kind that is wanted and was not shown before. */
function shows(tally: GradientTally, { own, network, features, kinds }: Candidate): boolean {
  const lacking = features.filter((feature) => tally.featured(feature) === 0)
  if (COSTLY.some((feature) => own.includes(feature) && !features.includes(feature))) return false
  if (lacking.some((feature) => own.includes(feature) || HAPPENINGS.has(feature))) return true
  return kinds.some((kind) => tally.kinds[kind].active === 0 && network.values(kind).length > 0)
}

/** What each property has to show beside the absence of a mismatch: few skips, sharp quotients, real coverage. */
function expectCoverage(tally: GradientTally, features: readonly string[], kinds: readonly ProbeKind[]): void {
  console.info(`gradients, ${expect.getState().currentTestName}:\n  ${tally}`)
  expect(tally.skippedShare).toBeLessThanOrEqual(0.1)
  // Of few comparisons one says nothing.
  expect(tally.blunt).toBeLessThanOrEqual(Math.max(1, (isLong() ? 0.05 : 0.1) * tally.active))
  for (const kind of kinds) expect(tally.kinds[kind].active, kind).toBeGreaterThan(0)
  for (const feature of features) expect(tally.featured(feature), feature).toBeGreaterThan(0)
}

/** Runs settle without timers: the test runner's own have a turn between cases. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

export async function withOwnLoss(given: GradientCase): ReturnType<Settle> {
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

export function selectTrials({ offsets, times, units }: SpikeTrains, kept: readonly number[]): SpikeTrains {
  const pick = (values: Float64Array | Uint32Array) =>
    kept.flatMap((k) => Array.from(values.subarray(offsets[k], offsets[k + 1])))
  const ends = new Uint32Array(kept.length + 1)
  kept.forEach((k, at) => {
    ends[at + 1] = ends[at]! + offsets[k + 1]! - offsets[k]!
  })
  return { offsets: ends, times: Float64Array.from(pick(times)), units: Uint32Array.from(pick(units)) }
}

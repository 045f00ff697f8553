import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { RunLoss } from '../../src/actors/run.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { Trials } from '../../src/learning/session.js'
import { instantiate } from '../../src/network/instantiate.js'
import { arbitraryGradientCase, type GradientCase, type GradientCaseRange } from '../support/arbitrary-gradient-case.js'
import { GradientTally } from '../support/gradient-tally.js'
import { ProbeNetwork } from '../support/probe-network.js'

const SEED = 20260

const QUIET = { silentLabelHinge: 0, silentHinge: {} }

async function checkCases(range: GradientCaseRange, numRuns: number): Promise<GradientTally> {
  const tally = new GradientTally()
  const property = fc.asyncProperty(arbitraryGradientCase(range), async (given) => {
    const { network, trials, loss } = await settle(given)
    noteFeatures(tally, given, trials)
    const probe = new ProbeNetwork(instantiate(network, 0), trials, loss)
    if (probe.fused > 0) tally.count('fused')
    await tally.check(probe, given.picks)
    probe.close()
    // Runs settle without timers: let those of the test runner have a turn.
    await new Promise((resolve) => setImmediate(resolve))
  })
  await fc.assert(property, { seed: SEED, numRuns })
  return tally
}

/** A linear loss needs the same number of output spikes in every trial: keeps the trials that agree with the first. */
async function settle({ network, trials, labels, loss }: GradientCase) {
  if (loss.kind !== 'linear') return { network, trials, loss: { loss, labels, ...QUIET } satisfies RunLoss }
  const session = await open(network)
  const { offsets } = (await session.simulate(trials)).spikes[loss.group]!
  await session.close()
  const countOf = (trial: number) => offsets[trial + 1]! - offsets[trial]!
  const kept = Array.from({ length: trials.count }, (_, trial) => trial).filter((k) => countOf(k) === countOf(0))
  const coefficients = loss.coefficients.slice(0, countOf(0))
  return {
    network,
    trials: { ...trials, count: kept.length, inputs: { input: selectTrials(trials.inputs.input!, kept) } },
    loss: { loss: { ...loss, coefficients }, labels: null, ...QUIET } satisfies RunLoss,
  }
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

function noteFeatures(tally: GradientTally, given: GradientCase, trials: Trials): void {
  tally.count(`loss ${given.loss.kind}`)
  if (trials.count > 8) tally.count('more than a chunk of trials')
}

describe('exact gradients against extrapolated difference quotients', () => {
  for (const [name, range] of [
    ['ff', { cycles: 'none', readout: 'spikes' }],
    ['delayed', { cycles: 'delayed', readout: 'spikes' }],
    ['immediate', { cycles: 'immediate', readout: 'spikes' }],
    ['vmax ff', { cycles: 'none', readout: 'voltage' }],
    ['vmax imm', { cycles: 'immediate', readout: 'voltage' }],
  ] as const) {
    test(name, { timeout: 150_000 }, async () => {
      const start = performance.now()
      const tally = await checkCases(range, Number(process.env.N ?? 8))
      console.info(`${name} ${(performance.now() - start) / 1000}\n  ${tally}`)
      expect(tally.skippedShare).toBeLessThan(0.1)
    })
  }
})

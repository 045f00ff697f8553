import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chosenKernelOfGroup } from '../../../../src/dynamics/kernels/kernel-of-group.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { connect, dense, perSynapse } from '../../../../src/network/description/projections.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import { lif } from '../../../../src/network/models/lif.js'
import { trainsOf } from '../../../learning/trains.js'
import { between } from '../../../support/arbitraries.js'
import { cuttingOf, cuttingWay } from '../../../support/arbitrary-cutting.js'
import { having, SIMD } from '../../../support/case-ranges.js'
import { casesOf } from '../../../support/cases-of.js'
import { driveKernel } from '../../../support/drive-kernel.js'
import { type KernelCase, kernelCase, kernelOf, optionsOf } from '../../../support/kernel-case.js'
import { expectTwinGradients, expectTwinSpikes, newTally, runTwins } from '../../../support/kernel-twins.js'
import { expectSameBits } from '../../../support/same-bits.js'

/** What excites and what inhibits arrive together, or almost; then, some time later, next to nothing. */
interface Course {
  readonly weight: number
  /** Of inhibition, relative to excitation. */
  readonly share: number
  readonly tauSynInh: number
  readonly between: number
  readonly later: number
}

const course: fc.Arbitrary<Course> = fc.record({
  weight: between(4, 30),
  share: between(0.3, 1.2),
  tauSynInh: fc.constantFrom(0.7, 1.5, 4, 10, 25),
  between: fc.constantFrom(0, 0.05),
  later: between(0.3, 12),
})

/** @param sources so few that neurons are run event by event, or so many that they are run bin by bin */
function caseOf({ weight, share, tauSynInh, later, between: gap }: Course, sources: number): KernelCase {
  // Lanes beside it, at which nothing but what comes later arrives, are at other times.
  const row = (own: readonly number[]) => Array.from({ length: sources }, (_, s) => own[s] ?? 0.001)
  const rows = [row([weight, -share * weight, 0.001]), row([0, 0, 0.5]), row([weight, -0.5 * share * weight, -0.001])]
  const network = defineNetwork({
    groups: { in: source(sources), x: lif(3, { tauMem: 20, tauSynExc: 10, tauSynInh, threshold: 1 }) },
    projections: [connect('in', 'x', dense(rows), { delay: perSynapse(rows.map((each) => each.map(() => 0))) })],
  })
  const spikes = [0.2, 0.2 + gap, 0.2 + gap + later].map((time, unit) => ({ time, unit }))
  return { instance: instantiate(network, 0), trains: [trainsOf([spikes])], trials: 1, from: 0, until: 60 }
}

describe.each([
  ['event by event', 3],
  ['bin by bin', 70],
] as const)('two currents where every neuron has arrivals of its own, %s:', (_, sources) => {
  test('no crossing is missed while inhibition fades, at its time, however the run is cut', () => {
    const tally = newTally()
    const numRuns = casesOf({ short: 25, long: 400 })
    let inhibited = 0
    fc.assert(
      fc.property(course, cuttingWay, (drawn, way) => {
        const sample = caseOf(drawn, sources)
        const twins = runTwins(sample, { options: { gradients: false } })
        const before = tally.spikes
        expectTwinSpikes(twins, tally)
        if (drawn.share > 0.9 && drawn.tauSynInh < 10) inhibited += tally.spikes - before
        const input = {
          trains: sample.trains,
          options: optionsOf(sample, { gradients: false, whole: false }),
          peakGradients: null,
        }
        const cutting = cuttingOf(way, sample, twins.found)
        expectSameBits(driveKernel(kernelOf(sample, 'simd'), input, cutting).spikes, twins.found.spikes)
      }),
      { numRuns, seed: 17, endOnFailure: true },
    )
    expect(tally.spikes).toBeGreaterThan(2 * numRuns)
    expect(inhibited).toBeGreaterThan(0.2 * numRuns)
  })
})

test('gradients in windows are those of the reference, also those by both synaptic time constants', () => {
  const tally = newTally()
  const numRuns = casesOf({ short: 12, long: 150 })
  fc.assert(
    fc.property(kernelCase('lif', having('two currents', SIMD.own.lif)), cuttingWay, (sample, way) => {
      const kernel = () => chosenKernelOfGroup('simd', sample.instance, 'x', undefined, undefined, 'own')
      const options = { whole: false }
      const { found } = runTwins(sample, { options, kernel: kernel() })
      const twins = runTwins(sample, { options, kernel: kernel(), cutting: cuttingOf(way, sample, found) })
      expectTwinGradients(twins, tally, expectTwinSpikes(twins, tally))
    }),
    { numRuns, seed: 18, endOnFailure: true },
  )
  expect(tally.spikes).toBeGreaterThan(10 * numRuns)
  for (const kind of ['weights', 'delays', 'tauMem', 'tauSynExc', 'tauSynInh'])
    expect(tally.compared[kind], kind).toBeGreaterThan(numRuns)
})

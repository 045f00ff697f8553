import fc from 'fast-check'
import type { SpikeNoise } from '../../../src/dynamics/noise/spike-noise.js'
import type { SourceSlices } from '../../../src/dynamics/timeline/kernel-input.js'
import { between } from '../../support/arbitraries.js'
import { cuttingOf, cuttingWay } from '../../support/arbitrary-cutting.js'
import type { DrawnKernelCase } from '../../support/kernel-case.js'
import { expectSameBits } from '../../support/same-bits.js'
import type { KernelLaw } from './kernel-law.js'
import { checkCases, expectSeen, ifStepwise, inWindows, nonZero, runCase } from './kernel-subject.js'

/** How much later than sent spikes are known, ms, unit by unit, and where in the case the run ends. */
const latencies = fc.array(fc.constantFrom(0, 1.5, 4), { minLength: 5, maxLength: 5 })
const ends = between(0.2, 0.6)

const chances = fc.record({
  draw: fc.nat(99),
  jitter: between(0.1, 3),
  loss: fc.constantFrom(0, 0.1),
  /** Of each projection, in turn, whether chance knows it. */
  isNoisy: fc.array(fc.constantFrom(true, true, false), { minLength: 3, maxLength: 3 }),
})
type Chances = typeof chances extends fc.Arbitrary<infer T> ? T : never

/** As on a cycle, where arrivals are moved and not the spikes themselves. */
function noiseOf({ draw, isNoisy, ...fate }: Chances, projections: number): SpikeNoise {
  return {
    ...{ draw, firstTrial: 0 },
    projections: Array.from({ length: projections }, (_, p) => {
      const noise = { fates: [{ seed: 1, name: `spikes/${p}`, ...fate }], causal: true }
      return isNoisy[p % isNoisy.length] === true ? noise : null
    }),
  }
}

function sourcesOf({ instance: { groups } }: DrawnKernelCase, each: readonly number[]): SourceSlices {
  return (source) => {
    const { size } = groups.find(({ name }) => name === source)!
    return [
      { start: 0, end: size, latencies: Float64Array.from({ length: size }, (_, unit) => each[unit % each.length]!) },
    ]
  }
}

/** So that most spikes are batches of their own. */
function timesOf(times: Float64Array): readonly number[] {
  return [...new Set(times)].filter((time) => time > 0).sort((a, b) => a - b)
}

export const noiseLaws: readonly KernelLaw[] = [
  {
    name: 'no cutting changes a bit where chance loses spikes and has others arrive late or early',
    kind: 'lif',
    needs: ['windows', 'noise'],
    ofEveryForm: true,
    check(subject) {
      const also = fc.record({ way: cuttingWay, chance: chances, latencies, end: ends, alone: fc.boolean() })
      const tally = checkCases(subject, { kind: 'lif', also, short: 15, long: 70, seed: 35 }, (whole, drawn) => {
        const sample = { ...whole, until: whole.from + drawn.end * (whole.until - whole.from) }
        const spikeNoise = noiseOf(drawn.chance, sample.instance.projections.length)
        // What is on a cycle never runs whole.
        const run = {
          kernel: subject.noisy!(sample, sourcesOf(sample, drawn.latencies)),
          options: { ...inWindows(subject), spikeNoise },
        }
        const uncut = runCase(subject, sample, run)
        const way = cuttingOf(drawn.way, sample, uncut)
        const cutting = drawn.alone ? { ...way, batches: sample.trains.map(({ times }) => timesOf(times)) } : way
        expectSameBits(runCase(subject, sample, { ...run, cutting }), uncut)
        const windows = cutting.horizons.length + 1
        return { spikes: uncut.spikes.times.length, windows, moved: nonZero(uncut.returned) }
      })
      expectSeen(tally, { spikes: 8, windows: 4, ...ifStepwise(subject, { moved: 0.5 }) })
    },
  },
]

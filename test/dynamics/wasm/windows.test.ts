import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinTrains } from '../../../src/dynamics/join-trains.js'
import { selectSpikes } from '../../../src/events/select-spikes.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { defineNetwork } from '../../../src/network/define-network.js'
import { lif, source } from '../../../src/network/groups.js'
import { connect, dense } from '../../../src/network/projections.js'
import { nextDown, nextUp } from '../../../src/numerics/neighbours.js'
import { between } from '../../support/arbitraries.js'
import { casesOf } from '../../support/cases-of.js'
import { type Cutting, driveKernel } from '../../support/drive-kernel.js'
import { kernelOf, optionsOf } from '../../support/kernel-case.js'
import { expectSameBits } from '../../support/same-bits.js'
import { simdCase } from '../../support/simd-case.js'
import { batchOf, kernelFor, WHOLE } from '../kernel-for.js'

const SETTINGS = { numRuns: casesOf({ short: 60, long: 400 }), seed: 7, endOnFailure: true }
const AT_ONCE = { horizons: [], batches: [], arrival: 'early' } as const

const pick = fc.record({ place: between(0, 1), kind: fc.constantFrom('any', 'at', 'before', 'after') })
const picks = fc.array(pick, { maxLength: 12, size: 'max' })

test.each(['lif', 'li'] as const)('windows change no bit of what %s neurons do', (kind) => {
  let cuts = 0
  fc.assert(
    fc.property(
      simdCase(kind, 'shared'),
      picks,
      picks,
      fc.boolean(),
      fc.boolean(),
      (sample, horizons, batches, isLate, first) => {
        const options = { ...optionsOf(sample), gradients: false, stopAfterFirst: first }
        const input = { trains: sample.trains, options, peakGradients: null }
        const whole = driveKernel(kernelOf(sample, 'simd'), input, AT_ONCE)
        const instants = [...whole.spikes.times, ...sample.trains.flatMap(({ times }) => [...times])].sort(
          (a, b) => a - b,
        )
        const cutsOf = (list: typeof horizons) => {
          const times = list.map(({ place, kind: where }) => {
            const instant = instants[Math.floor(place * (instants.length - 1))]
            if (where === 'any' || instant === undefined) return sample.from + place * (sample.until - sample.from)
            return where === 'at' ? instant : where === 'before' ? nextDown(instant) : nextUp(instant)
          })
          return [...new Set(times)].filter((time) => time > 0 && time < sample.until).sort((a, b) => a - b)
        }
        const cutting = {
          horizons: cutsOf(horizons),
          batches: sample.trains.map(() => cutsOf(batches)),
          arrival: isLate ? ('late' as const) : ('early' as const),
        }
        const inWindows = { ...input, options: { ...options, whole: false } }
        const parts = driveKernel(kernelOf(sample, 'simd'), inWindows, cutting)
        expectSameBits(parts, whole)
        cuts += cutting.horizons.length
        if (sample.trains.length !== 1) return
        // Segments, each on a kernel of its own.
        const segmented = { ...options, whole: false, segmented: true }
        let kernel = kernelOf(sample, 'simd')
        kernel.begin(segmented)
        let start = 0
        const spikes = [...cutting.horizons, sample.until].map((end, sequence) => {
          const { trains } = selectSpikes(sample.trains[0]!, (place) => {
            const time = sample.trains[0]!.times[place]!
            return start <= time && time < end
          })
          kernel.receive(0, { stream: 'in', sequence, window: { start, end }, ...trains })
          const emitted = kernel.advance(end, end)
          const state = kernel.saveState()
          kernel = kernelOf(sample, 'simd')
          kernel.resume(segmented, end, state)
          start = end
          return emitted
        })
        expectSameBits(joinTrains(spikes).trains, whole.spikes)
      },
    ),
    SETTINGS,
  )
  expect(cuts).toBeGreaterThan(3 * SETTINGS.numRuns)
})

test.each([false, true])('nor of how they are undone, with a hinge for silent neurons: %s', (hinges) => {
  let [cuts, told, silent] = [0, 0, 0]
  fc.assert(
    fc.property(simdCase('lif', 'shared'), picks, picks, fc.boolean(), (sample, horizons, batches, isLate) => {
      const options = { ...optionsOf(sample, { tauGradient: true }), whole: false, trackSilent: hinges }
      const size = kernelOf(sample, 'simd').values.size
      const input = {
        trains: sample.trains,
        options,
        peakGradients: null,
        delta: (spikes: SpikeTrains, k: number) => Math.sin(7 * spikes.units[k]! + spikes.times[k]!),
      }
      const run = (cutting: Cutting) => {
        const kernel = kernelOf(sample, 'simd')
        const forward = driveKernel(
          kernelOf(sample, 'simd'),
          { ...input, options: { ...options, gradients: false } },
          AT_ONCE,
        )
        let quiet = 0
        const probe = kernelOf(sample, 'simd')
        driveKernel(probe, { ...input, options: { ...options, gradients: false } }, AT_ONCE)
        const peakGradients = hinges
          ? Float64Array.from({ length: sample.trials * size }, (_, at) => {
              if (!probe.isSilent(Math.floor(at / size), at % size)) return 0
              quiet++
              return Math.cos(at)
            })
          : null
        silent += quiet
        void forward
        return driveKernel(kernel, { ...input, peakGradients }, cutting)
      }
      const whole = run(AT_ONCE)
      const instants = [...whole.spikes.times, ...sample.trains.flatMap(({ times }) => [...times])].sort(
        (a, b) => a - b,
      )
      const cutsOf = (list: typeof horizons) => {
        const times = list.map(({ place, kind: where }) => {
          const instant = instants[Math.floor(place * (instants.length - 1))]
          if (where === 'any' || instant === undefined) return sample.from + place * (sample.until - sample.from)
          return where === 'at' ? instant : where === 'before' ? nextDown(instant) : nextUp(instant)
        })
        return [...new Set(times)].filter((time) => time > 0 && time < sample.until).sort((a, b) => a - b)
      }
      const cutting = {
        horizons: cutsOf(horizons),
        batches: sample.trains.map(() => cutsOf(batches)),
        arrival: isLate ? ('late' as const) : ('early' as const),
      }
      expectSameBits(run(cutting), whole)
      cuts += cutting.horizons.length
      told += whole.gradient.filter((value) => value !== 0).length
    }),
    SETTINGS,
  )
  expect(cuts).toBeGreaterThan(3 * SETTINGS.numRuns)
  expect(told).toBeGreaterThan(10 * SETTINGS.numRuns)
  if (hinges) expect(silent).toBeGreaterThan(SETTINGS.numRuns)
})

test('spikes that arrive after the end are answered with 0, whatever was answered before', () => {
  const network = defineNetwork({
    groups: { in: source(1), x: lif(40, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
    projections: [connect('in', 'x', dense(3), { delay: 1 })],
  })
  const kernel = kernelFor(network, 'x', 'simd')
  const run = (early: readonly number[], late: readonly number[]) => {
    const spikesAt = (times: readonly number[]) => batchOf([times.map((time) => ({ time, unit: 0 }))])
    kernel.begin({ ...WHOLE, until: 30, whole: false })
    kernel.receive(0, { ...spikesAt(early), window: { start: 0, end: 29.5 } })
    kernel.receive(0, { ...spikesAt(late), sequence: 1, window: { start: 29.5, end: 30 } })
    const windows = [kernel.advance(15, 15), kernel.advance(30, 30)]
    kernel.beginBackward(null)
    const answers = [...kernel.takeAnswers()]
    for (const { times } of windows.toReversed()) {
      kernel.retreat(times.map(() => 1))
      answers.push(...kernel.takeAnswers())
    }
    return answers.map(({ batch, values }) => [batch.sequence, [...values]])
  }
  const times = Array.from({ length: 20 }, (_, k) => k)
  expect(run(times, [])[1]).not.toEqual([0, times.map(() => 0)])
  expect(run(times, [29.6, 29.7, 29.8])[0]).toEqual([1, [0, 0, 0]])
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinTrains } from '../../../src/dynamics/join-trains.js'
import { selectSpikes } from '../../../src/events/select-spikes.js'
import { nextDown, nextUp } from '../../../src/numerics/neighbours.js'
import { between } from '../../support/arbitraries.js'
import { casesOf } from '../../support/cases-of.js'
import { driveKernel } from '../../support/drive-kernel.js'
import { kernelOf, optionsOf } from '../../support/kernel-case.js'
import { expectSameBits } from '../../support/same-bits.js'
import { simdCase } from '../../support/simd-case.js'

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

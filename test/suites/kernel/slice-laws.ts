import fc from 'fast-check'
import type { KernelOptions } from '../../../src/dynamics/kernels/kernel-options.js'
import { anyCutting } from '../../support/arbitrary-cutting.js'
import { having } from '../../support/case-ranges.js'
import { AT_ONCE, type Cutting } from '../../support/drive-kernel.js'
import { type DrawnKernelCase, optionsOf } from '../../support/kernel-case.js'
import { expectSameBits } from '../../support/same-bits.js'
import { driveSlices, type GroupResult, type SlicedRun } from '../../support/sliced-kernel.js'
import type { KernelLaw } from './kernel-law.js'
import { can, checkCases, expectSeen, ifBackward, inWindows, type KernelSubject, nonZero } from './kernel-subject.js'

/** One per slice, or null: whole trials. */
const ways = fc.option(fc.array(anyCutting(30), { minLength: 4, maxLength: 4 }), { freq: 2 })

interface Sliced {
  readonly options?: Partial<KernelOptions> | undefined
  readonly peakGradient?: SlicedRun['peakGradient']
}

/** The same run in one piece, and in the slices of the sample, each cut into windows in its own way. */
function expectUncut(
  subject: KernelSubject,
  sample: DrawnKernelCase,
  cuttings: readonly Cutting[] | null,
  { options, peakGradient = null }: Sliced = {},
): GroupResult {
  const { targetSlices, sourceSlices, instance } = sample
  const isCut = cuttings !== null && can(subject, 'windows')
  const gradients = isCut ? inWindows(subject).gradients === true : can(subject, 'gradients')
  const [sources, size] = ['in', 'x'].map((group) => instance.groups.find(({ name }) => name === group)!.size)
  const run = {
    ...{ sample, peakGradient },
    kernelOf: (slice, source) => subject.sliceOf!(sample, slice, source),
    // Backward in windows sums may have bits of their own: the one piece goes in a window, too.
    options: optionsOf(sample, { gradients, tauGradient: gradients, ...options, whole: !isCut }),
  } satisfies Partial<SlicedRun>
  const one = (end: number) => [{ start: 0, end }]
  const whole = driveSlices({ ...run, targetSlices: one(size!), sourceSlices: one(sources!), cuttings: [AT_ONCE] })
  const moved = cuttings?.map((cutting) => later(cutting, sample))
  const pieces = driveSlices({
    ...{ ...run, targetSlices, sourceSlices },
    cuttings: targetSlices.map((_, s) => (isCut ? moved![s % 4]! : AT_ONCE)),
  })
  expectSameBits(pieces, whole)
  return whole
}

function later({ horizons, batches, ...cutting }: Cutting, { from }: DrawnKernelCase): Cutting {
  const moved = (times: readonly number[]) => times.map((time) => from + time)
  return { ...cutting, horizons: moved(horizons), batches: batches.map(moved) }
}

function seenIn(
  { targetSlices, sourceSlices }: DrawnKernelCase,
  { spikes, returned, weights, delays, taus }: GroupResult,
) {
  return {
    spikes: spikes.times.length,
    cut: targetSlices.length * sourceSlices.length - 1,
    returned: nonZero(returned),
    taus: nonZero(taus),
    shared: nonZero(delays.filter((values, p) => values.length < weights[p]!.length)),
  }
}

/** Groups that can be cut. */
function inBlocks(subject: KernelSubject, kind: 'lif' | 'li') {
  return { kind, range: having('several blocks', subject.cases[kind]!) }
}

const FORWARD = { gradients: false }

/** dL/d(max V) or dL/d(integral): any numbers. */
const peak = (trial: number, n: number) => ((trial * 31 + n * 17) % 13) / 6 - 1

export const sliceLaws: readonly KernelLaw[] = [
  {
    name: 'no slicing changes a bit',
    kind: 'lif',
    needs: ['slices'],
    check(subject) {
      const also = fc.record({
        ways,
        options: fc.constantFrom<Sliced['options']>({}, {}, { stopAfterFirst: true }, FORWARD),
      })
      const tally = checkCases(
        subject,
        { ...inBlocks(subject, 'lif'), also, short: 6, long: 21, seed: 13 },
        (sample, drawn) => {
          return seenIn(sample, expectUncut(subject, sample, drawn.ways, { options: drawn.options }))
        },
      )
      expectSeen(tally, { spikes: 10, cut: 0.5, ...ifBackward(subject, { returned: 0.5, taus: 0.5, shared: 0.1 }) })
    },
  },
  {
    name: 'no slicing changes a bit of silent neurons under a hinge',
    kind: 'lif',
    needs: ['slices', 'gradients'],
    check(subject) {
      const tally = checkCases(
        subject,
        { ...inBlocks(subject, 'lif'), also: ways, short: 5, long: 10, seed: 14 },
        (sample, cuttings) => {
          const options = { trackSilent: true, stopAfterFirst: true }
          const peakGradient = (trial: number, n: number) => ((trial + n) % 5 === 0 ? -0.5 : 0)
          return seenIn(sample, expectUncut(subject, sample, cuttings, { options, peakGradient }))
        },
      )
      expectSeen(tally, { cut: 0.5, returned: 0.5 })
    },
  },
  {
    name: 'no slicing changes a bit of maxima and integrals',
    kind: 'li',
    needs: ['slices'],
    check(subject) {
      const also = fc.record({ ways, tau: fc.constantFrom(undefined, 7) })
      const tally = checkCases(
        subject,
        { ...inBlocks(subject, 'li'), also, short: 6, long: 14, seed: 15 },
        (sample, { tau, ...drawn }) => {
          const options = tau === undefined ? {} : { integral: { tau } }
          const isWhole = tau !== undefined && !can(subject, 'windowed integrals')
          const cuttings = isWhole ? null : drawn.ways
          return seenIn(sample, expectUncut(subject, sample, cuttings, { options, peakGradient: peak }))
        },
      )
      expectSeen(tally, { cut: 0.5, ...ifBackward(subject, { returned: 0.5, taus: 0.5 }) })
    },
  },
]

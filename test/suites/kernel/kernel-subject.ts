import fc from 'fast-check'
import { expect } from 'vitest'
import type { Kernel } from '../../../src/dynamics/kernels/kernel.js'
import type { KernelOptions } from '../../../src/dynamics/kernels/kernel-options.js'
import type { SourceSlices } from '../../../src/dynamics/timeline/kernel-input.js'
import type { NetworkInstance } from '../../../src/network/instance/instance.js'
import type { Slice } from '../../../src/network/slices/blocks.js'
import type { TimeBounds } from '../../support/attainable-times.js'
import { type Cases, casesOf } from '../../support/cases-of.js'
import {
  AT_ONCE,
  type Cutting,
  type DrivenKernel,
  driveKernel,
  type KernelInput,
  type KernelResult,
} from '../../support/drive-kernel.js'
import {
  type CaseRange,
  type DrawnKernelCase,
  type KernelCase,
  kernelCase,
  optionsOf,
} from '../../support/kernel-case.js'
import { kernelFeatures } from '../../support/kernel-features.js'

/** What a kernel can do beyond running whole trials forward. */
export type KernelAbility =
  | 'gradients'
  /** Forward in windows, cut anywhere. */
  | 'windows'
  /** `advance` takes the spikes of an instant first, and `nextEvent` is the very next one. */
  | 'instants'
  /** Goes on from the state of another. */
  | 'segments'
  /** Backward window by window. */
  | 'stepwise'
  /** Gradients summed window by window have the bits of whole trials; else those of other windows alone. */
  | 'sums as whole'
  /** In windows readouts have integrals, too. */
  | 'windowed integrals'
  /** Runs with other parameters than it was made with. */
  | 'parameters'
  /** A million spikes take no time to speak of. */
  | 'many spikes'

/** How near a kernel is to the reference. */
export type KernelAccuracy = 'reference' | 'same bits' | ((sample: DrawnKernelCase, trial: number) => TimeBounds)

/** A way to compute a group, and what may be asked of it. */
export interface KernelSubject {
  readonly name: string
  readonly can: readonly KernelAbility[]
  readonly accuracy: KernelAccuracy
  /** The cases that suit it. */
  readonly cases: Partial<Record<'lif' | 'li', CaseRange>>
  /** Those with inputs from x itself that are to come back to it; absent: none. */
  readonly loops?: CaseRange
  kernelOf(sample: DrawnKernelCase): DrivenKernel
  /** The kernel that takes the spikes of x itself from outside, too; absent: it does so itself. */
  unlooped?(sample: DrawnKernelCase): DrivenKernel
  /** Behind what chance does to its input; absent: it knows no chance. */
  noisy?(sample: DrawnKernelCase, sources: SourceSlices): DrivenKernel
  /** Of a slice of x; absent: it runs whole groups alone. */
  sliceOf?(sample: DrawnKernelCase, slice: Slice, sourceSlices: SourceSlices): Kernel
}

export function can(subject: KernelSubject, ability: KernelAbility): boolean {
  return subject.can.includes(ability)
}

/** Whether its neurons may have refractory periods. */
export function hasRefractoryPeriods({ cases: { lif } }: KernelSubject): boolean {
  return lif?.may.includes('refractory periods') === true
}

/** How a case is run. */
export interface KernelRun
  extends Partial<
    Pick<KernelInput, 'peakGradients' | 'delta' | 'closesLoops' | 'breaksOffAfter' | 'onWindow' | 'onSums'>
  > {
  readonly options?: Partial<KernelOptions>
  readonly cutting?: Cutting
  /** Default: that of `kernelFor`. */
  readonly kernel?: DrivenKernel
}

const KERNELS = new WeakMap<KernelSubject, WeakMap<NetworkInstance, DrivenKernel>>()

/** The kernel that all runs of a case share which change no parameter of it: to make one takes longer than a run. */
export function kernelFor(subject: KernelSubject, sample: DrawnKernelCase): DrivenKernel {
  const made = KERNELS.get(subject) ?? new WeakMap<NetworkInstance, DrivenKernel>()
  const kernel = made.get(sample.instance) ?? subject.kernelOf(sample)
  KERNELS.set(subject, made.set(sample.instance, kernel))
  return kernel
}

/** Runs a case; by default whole, and backward if the kernel can. */
export function runCase(subject: KernelSubject, sample: DrawnKernelCase, run: KernelRun = {}): KernelResult {
  const { options, cutting = AT_ONCE, kernel = kernelFor(subject, sample), peakGradients = null, ...others } = run
  const gradients = can(subject, 'gradients')
  const input = {
    ...{ ...others, peakGradients },
    trains: kernel.inputs.map(({ order }) => sample.trains[order]!),
    options: optionsOf(sample, { gradients, tauGradient: gradients, ...options }),
  }
  return driveKernel(kernel, input, cutting)
}

/** The options of a run in windows: backward only where the kernel can go back through them. */
export function inWindows(subject: KernelSubject): Pick<KernelOptions, 'whole' | 'gradients'> {
  return { whole: false, gradients: can(subject, 'gradients') && can(subject, 'stepwise') }
}

/** What a run in any windows has to come to. */
export function uncutRun(subject: KernelSubject, sample: DrawnKernelCase, run: KernelRun = {}): KernelResult {
  const { gradients } = inWindows(subject)
  const options = { gradients, ...run.options } as const
  const whole = runCase(subject, sample, { ...run, options })
  if (options.gradients !== true || can(subject, 'sums as whole')) return whole
  const { gradient, taus } = runCase(subject, sample, { ...run, options: { ...options, whole: false } })
  return { ...whole, gradient, taus }
}

/** Counts by what was counted. */
type Seen = Readonly<Record<string, number>>

/** What the cases of a law have come to. */
export interface LawTally {
  readonly runs: number
  readonly seen: ReadonlyMap<string, number>
}

export interface LawCases<T> extends Cases {
  readonly kind: 'lif' | 'li'
  readonly seed: number
  /** What else is drawn. */
  readonly also: fc.Arbitrary<T>
  /** Default: those of the kind that suit the kernel. */
  readonly range?: CaseRange | undefined
}

/**
 * Holds a law to arbitrary cases that suit a kernel; every feature that these may have is met.
 *
 * @param law returns what it has seen, to be added up
 */
export function checkCases<T>(
  subject: KernelSubject,
  { kind, also, range = subject.cases[kind], seed, ...cases }: LawCases<T>,
  law: (sample: DrawnKernelCase, drawn: T) => Seen,
): LawTally {
  if (range === undefined) throw new RangeError(`No ${kind} neurons suit the kernel "${subject.name}".`)
  const numRuns = casesOf(cases)
  const seen = new Map<string, number>()
  const met = new Set<string>()
  const property = fc.property(kernelCase(kind, range), also, (sample, drawn) => {
    for (const [what, count] of Object.entries(law(sample, drawn))) seen.set(what, (seen.get(what) ?? 0) + count)
    for (const feature of kernelFeatures(sample.instance)) met.add(feature)
  })
  const unmet = () => [...range.must, ...range.may].filter((feature) => !met.has(feature))
  let runs = 0
  const run = (more: number) => {
    fc.assert(property, { numRuns: more, seed: seed + 1000 * runs, unbiased: true, endOnFailure: true })
    runs += more
  }
  run(numRuns)
  // A few cases may lack a feature.
  while (unmet().length > 0 && runs < 4 * numRuns) run(1)
  expect(unmet(), 'features not met').toEqual([])
  return { runs, seen }
}

/** Fails unless enough was seen: so much per run. */
export function expectSeen({ runs, seen }: LawTally, perRun: Seen): void {
  for (const [what, least] of Object.entries(perRun)) expect(seen.get(what) ?? 0, what).toBeGreaterThan(least * runs)
}

/** What a law has to see where it goes backward, at least in whole trials. */
export function ifBackward(subject: KernelSubject, seen: Seen): Seen {
  return can(subject, 'gradients') ? seen : {}
}

/** The same where it goes backward in windows. */
export function ifStepwise(subject: KernelSubject, seen: Seen): Seen {
  return inWindows(subject).gradients === true ? seen : {}
}

/** How many of some arrays have a number other than 0. */
export function nonZero(arrays: readonly Float64Array[]): number {
  return arrays.filter((values) => values.some((value) => value !== 0)).length
}

/** dL/d(max V) or dL/d(integral) of every (trial, neuron): any numbers. */
export function anyPeaks(sample: KernelCase, ofTrial = 0): Float64Array {
  const { size } = sample.instance.groups.find(({ name }) => name === 'x')!
  return Float64Array.from({ length: sample.trials * size }, (_, at) => {
    return Math.sin(5 * (ofTrial + Math.floor(at / size)) + (at % size) + 1)
  })
}

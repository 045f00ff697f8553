import fc from 'fast-check'
import { expect } from 'vitest'
import { TRIAL_CHUNK } from '../../../src/dynamics/parameters/trial-sum.js'
import { trialsOf } from '../../../src/events/trial-range.js'
import { between } from '../../support/arbitraries.js'
import { cuttingOf, cuttingWay } from '../../support/arbitrary-cutting.js'
import { AT_ONCE, type Cutting, type KernelResult } from '../../support/drive-kernel.js'
import type { DrawnKernelCase } from '../../support/kernel-case.js'
import { trialAlone } from '../../support/network-case.js'
import { repeatTrains } from '../../support/repeat-trains.js'
import { expectSameBits } from '../../support/same-bits.js'
import type { KernelLaw } from './kernel-law.js'
import {
  anyPeaks,
  can,
  checkCases,
  expectSeen,
  ifBackward,
  inWindows,
  type KernelRun,
  type KernelSubject,
  kernelFor,
  nonZero,
  runCase,
} from './kernel-subject.js'

/** dL/d(time) that depends on the spike alone, not on its place. */
const delta: NonNullable<KernelRun['delta']> = ({ times, units }, k) => Math.sin(7 * units[k]! + times[k]!)

/** @param first which trial of the case is the first that is run */
export function backwardRun(sample: DrawnKernelCase, kind: 'lif' | 'li', first = 0): KernelRun {
  return { delta, peakGradients: kind === 'li' ? anyPeaks(sample, first) : null }
}

function aloneIn(sample: DrawnKernelCase, trial: number): DrawnKernelCase {
  return { ...sample, trains: sample.trains.map((train) => trialAlone(train, trial)), trials: 1 }
}

function aloneLaw(kind: 'lif' | 'li'): KernelLaw {
  return {
    name: 'a trial of a mini-batch is what it is alone',
    kind,
    needs: [],
    check(subject) {
      const tally = checkCases(subject, { kind, also: fc.constant(null), short: 5, long: 10, seed: 8 }, (sample) => {
        const together = runCase(subject, sample, backwardRun(sample, kind))
        let told = 0
        for (let trial = 0; trial < sample.trials; trial++) {
          const single = aloneIn(sample, trial)
          const alone = runCase(subject, single, backwardRun(single, kind, trial))
          expectSameBits(partOf(alone, sample, 0, 1), partOf(together, sample, trial, sample.trials))
          told += nonZero(alone.returned)
        }
        return { told, several: sample.trials > 1 ? 1 : 0 }
      })
      expectSeen(tally, { several: 0.3, ...ifBackward(subject, { told: 1 }) })
    },
  }
}

/** Those of some trials alone. */
export function trialsIn(sample: DrawnKernelCase, from: number, to: number): DrawnKernelCase {
  return {
    ...sample,
    trials: to - from,
    trains: sample.trains.map((train) => trialsOf(train, { start: from, end: to })),
  }
}

/** What belongs to one trial. */
function partOf(result: KernelResult, sample: DrawnKernelCase, trial: number, trials: number) {
  const { size } = sample.instance.groups.find(({ name }) => name === 'x')!
  const rows = (values: Float64Array) => values.slice(trial * size, (trial + 1) * size)
  const isAlone = trials === 1
  return {
    spikes: trialAlone(result.spikes, trial),
    silent: result.silent.slice(trial * size, (trial + 1) * size),
    maxima: [rows(result.maxima.values), rows(result.maxima.times)],
    returned: result.returned.map((values, p) => {
      const { offsets } = sample.trains[p]!
      return isAlone ? values : values.slice(offsets[trial], offsets[trial + 1])
    }),
  }
}

function apartLaw(kind: 'lif' | 'li'): KernelLaw {
  return {
    name: 'leaves nothing behind for the next run, even where it is broken off',
    kind,
    needs: [],
    check(subject) {
      const also = fc.record({ way: cuttingWay, after: fc.nat(3), which: fc.nat(2), stops: fc.boolean() })
      const tally = checkCases(subject, { kind, also, short: 5, long: 10, seed: 9 }, (sample, drawn) => {
        const { way, after, which, stops } = drawn
        const last = aloneIn(sample, sample.trials - 1)
        const one = backwardRun(sample, kind)
        const other = { ...backwardRun(last, kind), options: { stopAfterFirst: stops && kind === 'lif' } }
        const [first, second] = [runCase(subject, sample, one), runCase(subject, last, other)]
        const kernel = subject.kernelOf(sample)
        const again = () => {
          expectSameBits(runCase(subject, sample, { ...one, kernel }), first)
          expectSameBits(runCase(subject, last, { ...other, kernel }), second)
        }
        again()
        const broken = brokenRuns(subject, cuttingOf(way, sample, first), after)
        if (broken.length > 0) {
          runCase(subject, sample, { ...one, ...broken[which % broken.length], kernel })
          again()
        }
        return { moved: nonZero(first.returned) }
      })
      expectSeen(tally, ifBackward(subject, { moved: 0.5 }))
    },
  }
}

/** Runs that are given up on the way back: whole ones, and in windows. */
function brokenRuns(subject: KernelSubject, cutting: Cutting, after: number): KernelRun[] {
  const whole = can(subject, 'gradients') ? [{ breaksOffAfter: 0 }, { breaksOffAfter: 1 }] : []
  if (!can(subject, 'windows')) return whole
  return [...whole, { cutting, breaksOffAfter: after, options: inWindows(subject) }]
}

export const runLaws: readonly KernelLaw[] = [
  aloneLaw('lif'),
  aloneLaw('li'),
  apartLaw('lif'),
  apartLaw('li'),
  {
    name: 'spikes that arrive after the end are told nothing, whatever others were told before',
    kind: 'lif',
    needs: ['gradients'],
    check(subject) {
      const also = fc.record({ way: cuttingWay, end: between(0.1, 0.6) })
      const tally = checkCases(subject, { kind: 'lif', also, short: 5, long: 14, seed: 11 }, (sample, drawn) => {
        const kernel = kernelFor(subject, sample)
        const windowed = can(subject, 'stepwise') ? inWindows(subject) : {}
        const before = runCase(subject, sample, { kernel, options: windowed })
        const short = { ...sample, until: sample.from + drawn.end * (sample.until - sample.from) }
        const { horizons } = cuttingOf(drawn.way, short, before)
        const inputs = kernel.smallestDelays().map((delay, input) => {
          return { delay, ends: short.until - delay, train: sample.trains[kernel.inputs[input]!.order]! }
        })
        // What arrives too late comes in batches of its own.
        const batches = inputs.map(({ ends }) => (ends > 0 && ends < short.until ? [ends] : []))
        const cutting = { ...AT_ONCE, batches, horizons: can(subject, 'stepwise') ? horizons : [] }
        const { returned } = runCase(subject, short, { kernel, cutting, options: windowed })
        const told = inputs.flatMap(({ delay, train }, input) => {
          return [...returned[input]!].filter((_, k) => train.times[k]! + delay >= short.until)
        })
        expect(told.filter((value) => value !== 0)).toEqual([])
        return { late: told.length, told: nonZero(before.returned) }
      })
      expectSeen(tally, { late: 2, told: 0.5 })
    },
  },
  {
    name: 'the gradient of two chunks of trials is the sum of theirs, in whole trials and in windows',
    kind: 'lif',
    needs: ['gradients'],
    check(subject) {
      const also = fc.integer({ min: 1, max: 3 })
      const tally = checkCases(subject, { kind: 'lif', also, short: 5, long: 14, seed: 17 }, (drawn, more) => {
        const trials = TRIAL_CHUNK + more
        const sample = { ...drawn, trials, trains: drawn.trains.map((train) => repeatTrains(train, trials)) }
        const chunks = [trialsIn(sample, 0, TRIAL_CHUNK), trialsIn(sample, TRIAL_CHUNK, trials)]
        const ways = [{}, ...(can(subject, 'stepwise') ? [inWindows(subject)] : [])]
        const sums = ways.flatMap((options) => {
          const [both, first, second] = [sample, ...chunks].map((each) => {
            const kernel = kernelFor(subject, each)
            const { gradient, taus } = runCase(subject, each, { ...backwardRun(each, 'lif'), options, kernel })
            // What neurons share is summed over them when all trials are.
            const { delays, bias, taus: places, length } = kernel.layout
            return [gradient.slice(0, delays), gradient.slice(bias, places[0]?.at ?? length), taus]
          })
          expectSameBits(
            both,
            first!.map((values, part) => values.map((value, k) => value + second![part]![k]!)),
          )
          return both!
        })
        return { moved: nonZero(sums) }
      })
      expectSeen(tally, { moved: 0.5 })
    },
  },
  {
    name: 'runs with other parameters as one that never had any but these',
    kind: 'lif',
    needs: ['parameters'],
    check(subject) {
      const also = fc.array(fc.constantFrom(0.97, 1, 1.02), { minLength: 7, maxLength: 7 })
      const tally = checkCases(subject, { kind: 'lif', also, short: 5, long: 14, seed: 10 }, (sample, factors) => {
        const run = backwardRun(sample, 'lif')
        const change = (kernel: ReturnType<KernelSubject['kernelOf']>) => {
          kernel.parameters.forEach((value, k, all) => {
            all[k] = value * factors[k % factors.length]!
          })
          kernel.parametersChanged()
          return kernel
        }
        const used = subject.kernelOf(sample)
        const before = runCase(subject, sample, { ...run, kernel: used })
        const fresh = runCase(subject, sample, { ...run, kernel: change(subject.kernelOf(sample)) })
        expectSameBits(runCase(subject, sample, { ...run, kernel: change(used) }), fresh)
        return { changed: before.spikes.times.every((time, k) => time === fresh.spikes.times[k]) ? 0 : 1 }
      })
      expectSeen(tally, { changed: 0.3 })
    },
  },
]

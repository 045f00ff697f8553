import fc from 'fast-check'
import type { KernelGradient } from '../../../src/dynamics/kernels/kernel-parameters.js'
import { TRIAL_CHUNK } from '../../../src/dynamics/parameters/trial-sum.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { combineTree, type TreePart, treeSplit } from '../../../src/numerics/tree-nodes.js'
import { without } from '../../support/case-ranges.js'
import type { DrawnKernelCase } from '../../support/kernel-case.js'
import { repeatTrains } from '../../support/repeat-trains.js'
import { expectSameBits } from '../../support/same-bits.js'
import type { KernelLaw } from './kernel-law.js'
import {
  can,
  checkCases,
  expectSeen,
  inWindows,
  type KernelRun,
  type KernelSubject,
  kernelFor,
  nonZero,
  runCase,
} from './kernel-subject.js'
import { backwardRun, trialsIn } from './run-laws.js'

/** As many trials. In each chunk other units are silent, so that parts touch other rows. */
function manyTrials(trains: SpikeTrains, trials: number): SpikeTrains {
  const { offsets, times, units } = repeatTrains(trains, trials)
  const kept: number[] = []
  const ends = [0]
  for (let trial = 0; trial < trials; trial++) {
    const chunk = Math.floor(trial / TRIAL_CHUNK)
    for (let k = offsets[trial]!; k < offsets[trial + 1]!; k++) if ((units[k]! + chunk) % 3 !== 0) kept.push(k)
    ends.push(kept.length)
  }
  return {
    offsets: Uint32Array.from(ends),
    times: Float64Array.from(kept, (k) => times[k]!),
    units: Uint32Array.from(kept, (k) => units[k]!),
  }
}

type OnSums = (sums: readonly Float64Array[]) => void

/** The gradient of a run and the squares that the kernel keeps. @param onSums see `KernelInput` */
function gradientsOf(
  subject: KernelSubject,
  sample: DrawnKernelCase,
  run: KernelRun,
  onSums: OnSums = () => undefined,
) {
  const kernel = kernelFor(subject, sample)
  let squares: readonly (Float64Array | null)[] = []
  const read = (gradient: KernelGradient) => {
    squares = kernel.layout.sharedBase.map((_, projection) => gradient.squares(projection, 1)?.slice() ?? null)
  }
  const watched: KernelRun['onSums'] = (sums) => {
    onSums(sums)
    return read
  }
  const { gradient, taus } = runCase(subject, sample, { ...run, kernel, onSums: watched })
  return { gradient, taus, squares }
}

function partLaw(kind: 'lif' | 'li'): KernelLaw {
  return {
    name: 'sums of parts of a mini-batch, joined in the tree over chunks, have the gradient of the whole and its squares',
    kind,
    needs: ['gradients'],
    check(subject) {
      const also = fc.record({ chunks: fc.constantFrom(2, 3), more: fc.integer({ min: 1, max: 3 }) })
      const every = subject.cases[kind]!
      const complete = without('few absent pairs', without('many absent pairs', every))
      // Where no pair is absent, weights are learned in rows.
      for (const range of complete.may.length < every.may.length ? [every, complete] : [every]) {
        const cases = { kind, also, range, short: 2, long: 8, seed: 19 }
        const tally = checkCases(subject, cases, (drawn, { chunks, more }) => {
          const trials = TRIAL_CHUNK * (chunks - 1) + more
          const sample = { ...drawn, trials, trains: drawn.trains.map((train) => manyTrials(train, trials)) }
          const ways = [{}, ...(can(subject, 'stepwise') ? [inWindows(subject)] : [])]
          const wholes = ways.map((options) => {
            const whole = gradientsOf(subject, sample, { ...backwardRun(sample, kind), options })
            for (const ofPart of partsJoined(subject, sample, { kind, chunks, options })) expectSameBits(ofPart, whole)
            return whole
          })
          return { moved: nonZero(wholes.flatMap(({ gradient, taus }) => [gradient, taus])) }
        })
        expectSeen(tally, { moved: 0.5 })
      }
    },
  }
}

/** What each of two parts of a mini-batch makes of the sums of both. */
function partsJoined(
  subject: KernelSubject,
  sample: DrawnKernelCase,
  of: { readonly kind: 'lif' | 'li'; readonly chunks: number; readonly options: KernelRun['options'] },
) {
  const { kind, chunks } = of
  const split = treeSplit(chunks)
  const parts = [
    { from: 0, to: split },
    { from: split, to: chunks },
  ].map((node) => {
    const [first, end] = [TRIAL_CHUNK * node.from, Math.min(sample.trials, TRIAL_CHUNK * node.to)]
    const run = { ...backwardRun(sample, kind, first), options: { ...of.options, isPart: true } }
    const part = trialsIn(sample, first, end)
    return { node, runWith: (onSums: OnSums) => gradientsOf(subject, part, run, onSums) }
  })
  const sums = parts.map(({ node, runWith }) => {
    let vectors: readonly Float64Array[] = []
    runWith((views) => {
      vectors = views.map((view) => view.slice())
    })
    return { node, vectors }
  })
  return parts.map(({ runWith }) =>
    runWith((views) => {
      for (const [v, view] of views.entries()) {
        const alike = sums.map(({ node, vectors }): TreePart => ({ node, values: vectors[v]! }))
        view.set(combineTree(chunks, alike))
      }
    }),
  )
}

export const partLaws: readonly KernelLaw[] = [partLaw('lif'), partLaw('li')]

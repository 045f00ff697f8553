import fc from 'fast-check'
import { expect } from 'vitest'
import { type CuttingWay, cuttingOf, cuttingWay } from '../../support/arbitrary-cutting.js'
import { having } from '../../support/case-ranges.js'
import type { DrivenKernel } from '../../support/drive-kernel.js'
import type { DrawnKernelCase } from '../../support/kernel-case.js'
import { expectSameBits } from '../../support/same-bits.js'
import type { KernelLaw } from './kernel-law.js'
import {
  anyPeaks,
  can,
  checkCases,
  expectSeen,
  inWindows,
  type KernelSubject,
  kernelFor,
  runCase,
} from './kernel-subject.js'

/** Places in the parameters, and in the gradient, of pairs without a synapse. */
function absentPlaces({ instance }: DrawnKernelCase, { layout }: DrivenKernel): readonly number[] {
  let [weights, delays] = [layout.weights, layout.delays]
  return instance.projections.flatMap((projection) => {
    const pairs = [...(projection.absent?.keys() ?? [])].filter((pair) => projection.absent![pair] === 1)
    const ofDelays = projection.delayShape === 'perSynapse' ? pairs.map((pair) => delays + pair) : []
    const places = [...pairs.map((pair) => weights + pair), ...ofDelays]
    weights += projection.weights.length
    delays += projection.delays.length
    return places
  })
}

function absenceLaw(kind: 'lif' | 'li'): KernelLaw {
  return {
    name: 'where there is no synapse nothing depends on what stands in the parameters, and every gradient is 0',
    kind,
    needs: ['parameters', 'gradients', 'absent pairs'],
    check(subject) {
      const range = having('few absent pairs', subject.cases[kind]!)
      const also = fc.record({ way: cuttingWay, strayed: fc.constantFrom(-0.7, 40, 1e4) })
      const tally = checkCases(subject, { kind, range, also, short: 5, long: 21, seed: 29 }, (sample, drawn) => {
        const places = absentPlaces(sample, kernelFor(subject, sample))
        const kernelWith = (value: number) => {
          const kernel = subject.kernelOf(sample)
          for (const [k, place] of places.entries()) kernel.parameters[place] = value * (1 + (k % 3))
          kernel.parametersChanged()
          return kernel
        }
        const peakGradients = kind === 'li' ? anyPeaks(sample) : null
        let learned = 0
        for (const cut of cutsOf(subject, sample, drawn.way)) {
          const run = { ...cut, peakGradients }
          const plain = runCase(subject, sample, { ...run, kernel: kernelWith(0) })
          expectSameBits(runCase(subject, sample, { ...run, kernel: kernelWith(drawn.strayed) }), plain)
          expect(places.filter((place) => !Object.is(plain.gradient[place], 0))).toEqual([])
          learned += plain.gradient.filter((value) => value !== 0).length
        }
        return { absent: places.length, learned }
      })
      expectSeen(tally, { absent: 5, learned: 10 })
    },
  }
}

/** Whole, and in windows where the kernel goes back through them. */
function cutsOf(subject: KernelSubject, sample: DrawnKernelCase, way: CuttingWay) {
  if (!can(subject, 'stepwise')) return [{}]
  const cutting = cuttingOf(way, sample, runCase(subject, sample, { options: { gradients: false } }))
  return [{}, { cutting, options: inWindows(subject) }]
}

export const absenceLaws: readonly KernelLaw[] = [absenceLaw('lif'), absenceLaw('li')]

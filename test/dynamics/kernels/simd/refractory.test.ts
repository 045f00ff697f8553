import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LifValues } from '../../../../src/network/instance/instance.js'
import { nextUp } from '../../../../src/numerics/neighbours.js'
import { between } from '../../../support/arbitraries.js'
import { cutsOf, cuttingWay, instantsOf } from '../../../support/arbitrary-cutting.js'
import { having, SIMD } from '../../../support/case-ranges.js'
import { casesOf } from '../../../support/cases-of.js'
import { cutTrains } from '../../../support/cut-trains.js'
import { AT_ONCE, driveKernel } from '../../../support/drive-kernel.js'
import { kernelCase, kernelOf, optionsOf } from '../../../support/kernel-case.js'
import { refractoryEnds } from '../../../support/refractory-ends.js'
import { expectSameBits } from '../../../support/same-bits.js'

const SETTINGS = { numRuns: casesOf({ short: 20, long: 200 }), seed: 19, endOnFailure: true }

test('where neurons stand depends on no window, and those that are held stand at vReset', () => {
  let held = 0
  const cases = kernelCase('lif', having('refractory periods', SIMD.shared.lif))
  fc.assert(
    fc.property(cases, cuttingWay, between(0, 1), (sample, { horizons }, place) => {
      const { spikes } = driveKernel(
        kernelOf(sample, 'simd'),
        { trains: sample.trains, options: optionsOf(sample, { gradients: false }), peakGradients: null },
        AT_ONCE,
      )
      if (spikes.times.length === 0) return
      const last = nextUp(spikes.times[Math.floor(place * (spikes.times.length - 1))]!)
      const stops = cutsOf(horizons, instantsOf(sample, { spikes }), sample).filter((stop) => stop < last)
      const stateAfter = (ends: readonly number[]) => {
        const kernel = kernelOf(sample, 'simd')
        kernel.begin(optionsOf(sample, { gradients: false, whole: false, segmented: true }))
        for (const [input, train] of sample.trains.entries())
          kernel.receive(input, cutTrains(train, [], sample.until)[0]!)
        for (const end of ends) kernel.advance(end, end)
        return kernel.saveState()
      }
      const state = stateAfter([...stops, last])
      expectSameBits(state, stateAfter([last]))
      const { heldUntil, aboveBias } = state.columns
      const { vReset, bias, size } = sample.instance.groups.find(({ name }) => name === 'x') as LifValues
      const ends = new Set(refractoryEnds({ ...sample, until: Number.POSITIVE_INFINITY }, spikes))
      heldUntil!.forEach((end, at) => {
        if (end === 0) return
        expect(end >= last && ends.has(end)).toBe(true)
        expect(aboveBias![at]).toBe(vReset[at % size]! - bias[at % size]!)
        held++
      })
    }),
    SETTINGS,
  )
  expect(held).toBeGreaterThan(SETTINGS.numRuns)
})

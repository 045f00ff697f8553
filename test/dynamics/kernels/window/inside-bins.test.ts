import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KernelOptions } from '../../../../src/dynamics/kernels/kernel-options.js'
import { GroupKernel } from '../../../../src/dynamics/kernels/reference/group-kernel.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { normal, uniform } from '../../../../src/network/description/initializers.js'
import { connect, fixedInDegree, perSynapse } from '../../../../src/network/description/projections.js'
import type { LifValues } from '../../../../src/network/instance/instance.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import { lif } from '../../../../src/network/models/lif.js'
import { casesOf } from '../../../support/cases-of.js'
import { AT_ONCE, type Cutting, type DrivenKernel, driveKernel } from '../../../support/drive-kernel.js'
import { expectNearGradients } from '../../../support/near-gradients.js'
import { expectSameBits } from '../../../support/same-bits.js'
import { forwardOptions, randomTrains, SEED, windowKernel } from '../../../support/window-case.js'

const [SIZE, INPUTS, UNTIL, TRIALS] = [70, 50, 30, 2]

/** Its bins are a millisecond; delays around the cycle become shorter. */
function networkOf(isOwn: boolean, refractory: number) {
  return defineNetwork({
    groups: { input: source(INPUTS), cells: lif(SIZE, { tauMem: 20, tauSyn: 5, threshold: 1, refractory }) },
    projections: [
      connect('input', 'cells', fixedInDegree(150, normal(0.08, 0.06), { multiple: true }), { delay: 0.5 }),
      connect('cells', 'cells', fixedInDegree(30, normal(0.01, 0.02)), {
        delay: isOwn ? perSynapse(uniform(1.5, 3)) : 1.5,
      }),
    ],
  })
}

/** Brings the delays of what comes back to a fifth. */
function hasten<Of extends DrivenKernel>(kernel: Of): Of {
  const { delays, bias } = kernel.layout
  kernel.parameters.subarray(delays + 1, bias).forEach((value, k, all) => {
    all[k] = value / 5
  })
  kernel.parametersChanged()
  return kernel
}

const delta = ({ times, units }: { readonly times: Float64Array; readonly units: Uint32Array }, k: number) =>
  Math.sin(7 * units[k]! + times[k]!)

test('gradients have the same bits wherever windows end inside of bins, and those of the reference', () => {
  const horizons = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { maxLength: 5 })
  let compared = 0
  fc.assert(
    fc.property(fc.boolean(), fc.constantFrom(0, 0.4), horizons, (isOwn, refractory, cuts) => {
      const network = networkOf(isOwn, refractory)
      const train = randomTrains(INPUTS, 0.03, UNTIL, TRIALS, 'input')
      const empty = {
        ...train,
        times: new Float64Array(0),
        units: new Uint32Array(0),
        offsets: new Uint32Array(TRIALS + 1),
      }
      const options: KernelOptions = forwardOptions(UNTIL, { gradients: true, tauGradient: true, trials: TRIALS })
      const run = (kernel: DrivenKernel, cutting: Cutting) =>
        driveKernel(kernel, { trains: [train, empty], options, peakGradients: null, delta, closesLoops: true }, cutting)
      const cutting = { ...AT_ONCE, horizons: cuts.toSorted((a, b) => a - b).map((cut) => cut * UNTIL) }
      const kernel = hasten(windowKernel(network, 'cells'))
      const found = run(kernel, AT_ONCE)
      expectSameBits({ ...run(kernel, cutting), returned: null }, { ...found, returned: null })
      const { groups, projections } = instantiate(network, SEED)
      const values = groups.find(({ name }) => name === 'cells') as LifValues
      const reference = run(hasten(new GroupKernel(values, projections)), AT_ONCE)
      expect(found.spikes.times.length).toBe(reference.spikes.times.length)
      compared += expectNearGradients(kernel.layout, found, reference, 1e-8).length
    }),
    { numRuns: casesOf({ short: 5, long: 100 }), seed: 6, endOnFailure: true },
  )
  expect(compared).toBeGreaterThan(5 * casesOf({ short: 5, long: 100 }))
})

import { expect, test } from 'vitest'
import type { KernelOptions } from '../../../../src/dynamics/kernels/kernel-options.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { connect, fixedInDegree, synapses } from '../../../../src/network/description/projections.js'
import { lif } from '../../../../src/network/models/lif.js'
import { trainsOf } from '../../../learning/trains.js'
import { kappaOf } from '../../../support/attainable-times.js'
import { AT_ONCE, driveKernel } from '../../../support/drive-kernel.js'
import { forwardOptions, windowKernel } from '../../../support/window-case.js'

const [SIZE, UNTIL, TRIALS, BIAS] = [256, 10, 64, 0.5]
/** When a neuron is excited, and when its voltage comes to rest. */
const [START, TOP] = [2, 2.625]
/** Of the times there. */
const ULP = 2 ** -51

/** Inhibition that goes first, and inhibition that lasts. */
const COURSES = [
  { tauMem: 12, tauSynExc: 5, tauSynInh: 4.9 },
  { tauMem: 20, tauSynExc: 5, tauSynInh: 8 },
] as const

/**
 * Weights of an excitation at `START` and of an inhibition at `TOP` which brings V' to 0, but for `roundings`, and leaves
 * I + J to rise so slowly: -J/tauSynInh = (1 + tilt) I/tauSynExc.
 */
function balance({ tauMem, tauSynExc, tauSynInh }: (typeof COURSES)[number], tilt: number, roundings: number) {
  const [current, voltage] = [Math.exp((START - TOP) / tauSynExc), kappaOf(TOP - START, tauMem, tauSynExc)]
  const left = BIAS * Math.exp(-TOP / tauMem)
  const share = 1 - ((1 + tilt) * tauSynInh) / tauSynExc
  const excitation = left / (voltage - current * share)
  const u = excitation * voltage - left
  return { excitation, inhibition: (u - excitation * current) * (1 + roundings * 2 ** -54), height: u + BIAS }
}

test.each(COURSES)('%o: a maximum is not lost between two arrivals of which one follows the other at once', (taus) => {
  const balances = Array.from({ length: SIZE }, (_, n) => balance(taus, (n % 16) / 200, (n >> 4) - 8))
  const network = defineNetwork({
    groups: {
      in: source(3),
      silent: source(10),
      cells: lif(SIZE, { ...taus, bias: BIAS, threshold: 1000 }),
    },
    projections: [
      connect(
        'in',
        'cells',
        synapses(
          balances.flatMap(({ excitation, inhibition }, n) =>
            [excitation, inhibition, -5].map((weight, unit) => [unit, n, weight] as const),
          ),
        ),
      ),
      connect('silent', 'cells', fixedInDegree(100, 1, { multiple: true })),
    ],
  })
  const trials = Array.from({ length: TRIALS }, (_, k) =>
    [START, TOP, TOP + (k + 1) * ULP].map((time, unit) => ({ time, unit })),
  )
  const trains = [trainsOf(trials), trainsOf(trials.map(() => []))]
  const more: Partial<KernelOptions> = { trackSilent: true, trials: TRIALS }
  const input = { trains, options: forwardOptions(UNTIL, more), peakGradients: null }
  const { maxima } = driveKernel(windowKernel(network, 'cells'), input, AT_ONCE)
  let lost = 0
  maxima.values.forEach((value, at) => {
    const { height } = balances[at % SIZE]!
    if (!(Math.abs(value - height) < 1e-12 * height)) lost++
    if (!(Math.abs(maxima.times[at]! - TOP) < 1e-12)) lost++
  })
  expect(lost).toBe(0)
})

import { expect, test } from 'vitest'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { uniform } from '../../../../src/network/description/initializers.js'
import { connect, fixedInDegree, synapses } from '../../../../src/network/description/projections.js'
import { type LifParameters, lif } from '../../../../src/network/models/lif.js'
import { trainsOf } from '../../../learning/trains.js'
import type { CourseOfMany } from '../../../support/arbitrary-window-network.js'
import { AT_ONCE, type DrivenKernel, driveKernel } from '../../../support/drive-kernel.js'
import { expectNear } from '../../../support/near-gradients.js'
import { poissonReferenceKernel } from '../../../support/poisson-reference-kernel.js'
import { forwardOptions, windowKernel } from '../../../support/window-case.js'

const [SIZE, UNTIL, LISTENER] = [100, 60, 70]

const COURSES: Readonly<Record<string, CourseOfMany>> = {
  'a scaled state': { tauMem: 20, tauSyn: 5 },
  'equal time constants': { tauMem: 12, tauSyn: 12 },
  'two currents': { tauMem: 20, tauSynExc: 5, tauSynInh: 8 },
  'time constants per neuron': { tauMem: uniform(15, 20), tauSyn: uniform(4, 6) },
  'two currents, per neuron': { tauMem: uniform(15, 20), tauSynExc: uniform(4, 6), tauSynInh: uniform(5, 9) },
}

test.each(Object.entries(COURSES).flatMap(([name, course]) => [1, -1].map((sign) => ({ name, course, sign }))))(
  '$name, weights of sign $sign: spikes that arrive in time with the bins have the gradients of the reference',
  ({ course, sign }) => {
    const network = defineNetwork({
      groups: {
        in: source(1),
        silent: source(10),
        // All of them fire by their bias, each at times of its own.
        cells: lif(SIZE, { ...course, bias: uniform(2, 3), threshold: 1 } as LifParameters),
      },
      projections: [
        // Whatever arrives in a bin is one spike, at the one listener: nothing tells it from the one in the next bin.
        connect('in', 'cells', synapses([[0, LISTENER, sign * 0.04]]), { delay: 0.25 }),
        connect('silent', 'cells', fixedInDegree(100, 1, { multiple: true })),
      ],
    })
    const beats = trainsOf([Array.from({ length: UNTIL }, (_, time) => ({ time, unit: 0 }))])
    const options = forwardOptions(UNTIL, { gradients: true, tauGradient: true })
    const run = (kernel: DrivenKernel) =>
      driveKernel(kernel, { trains: [beats, trainsOf([[]])], options, peakGradients: null }, AT_ONCE)
    const kernel = windowKernel(network, 'cells')
    const found = run(kernel)
    const expected = run(poissonReferenceKernel(network, 'cells', kernel.inputs))
    expect([...found.spikes.units]).toEqual([...expected.spikes.units])
    expect(found.spikes.units.filter((n) => n === LISTENER).length).toBeGreaterThan(1)
    const pairs = [
      [found.gradient, expected.gradient],
      [found.taus, expected.taus],
      [found.returned[0]!, expected.returned[0]!],
    ] as const
    for (const [own, other] of pairs) {
      expect(expectNear(own, other, 1e-9)).toBeGreaterThan(0)
    }
  },
)

import { expect, test } from 'vitest'
import type { Kernel } from '../../../../src/dynamics/kernels/kernel.js'
import { GroupKernel } from '../../../../src/dynamics/kernels/reference/group-kernel.js'
import { combinePartialSums } from '../../../../src/dynamics/parameters/partial-sums.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { normal } from '../../../../src/network/description/initializers.js'
import { connect, fixedInDegree } from '../../../../src/network/description/projections.js'
import type { LifValues } from '../../../../src/network/instance/instance.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import { lif } from '../../../../src/network/models/lif.js'
import { combineTree, treeParts } from '../../../../src/numerics/tree-nodes.js'
import { AT_ONCE, driveKernel } from '../../../support/drive-kernel.js'
import { expectNear, expectNearGradients } from '../../../support/near-gradients.js'
import { expectSameBits } from '../../../support/same-bits.js'
import { forwardOptions, randomTrains, SEED, windowKernel } from '../../../support/window-case.js'

const [SIZE, UNTIL, TRIALS] = [1500, 30, 2]

/** Units of the one have synapses in a few of the 47 blocks, units of the other in nearly all. */
const network = defineNetwork({
  groups: { many: source(4000), few: source(40), cells: lif(SIZE, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
  projections: [
    connect('many', 'cells', fixedInDegree(10, normal(0.6, 0.3)), { delay: 1.5 }),
    connect('few', 'cells', fixedInDegree(5, normal(0.6, 0.3)), { delay: 0.5 }),
  ],
})

const trains = [randomTrains(4000, 0.02, UNTIL, TRIALS, 'many'), randomTrains(40, 0.05, UNTIL, TRIALS, 'few')]

function run(kernel: Kernel) {
  const options = forwardOptions(UNTIL, { gradients: true, trials: TRIALS, whole: true })
  const delta = ({ times, units }: { readonly times: Float64Array; readonly units: Uint32Array }, k: number) =>
    Math.sin(7 * units[k]! + times[k]!)
  return { kernel, ...driveKernel(kernel, { trains, options, peakGradients: null, delta }, AT_ONCE) }
}

test('answers and partial sums have the bits of the whole tree over blocks, in slices and where a row has few of them', () => {
  const whole = run(windowKernel(network, 'cells'))
  const cuts = [0, 32, 160, 1056, SIZE]
  const slices = cuts.slice(1).map((end, s) => run(windowKernel(network, 'cells', { start: cuts[s]!, end })))
  const blocks = whole.kernel.layout.groupBlocks
  whole.returned.forEach((values, p) => {
    const parts = slices.flatMap(({ kernel, returned }) => treeParts(kernel.layout.returnedNodes, returned[p]!))
    expectSameBits(combineTree(blocks, parts), values)
    const partialSums = slices.map(({ kernel }) => kernel.partialSums(p)!)
    const { delays } = whole.kernel.layout
    expectSameBits(combinePartialSums('scalar', blocks, partialSums), whole.gradient.slice(delays + p, delays + p + 1))
    expect(values.filter((value) => value !== 0).length).toBeGreaterThan(50)
  })
  const { groups, projections } = instantiate(network, SEED)
  const reference = run(new GroupKernel(groups.find(({ name }) => name === 'cells') as LifValues, projections))
  expect(whole.spikes.times.length).toBe(reference.spikes.times.length)
  whole.returned.forEach((values, p) => {
    expectNear(values, reference.returned[p]!, 1e-9)
  })
  const parts = expectNearGradients(whole.kernel.layout, whole, reference, 1e-9)
  expect(parts).toEqual(expect.arrayContaining(['weights', 'delays']))
})

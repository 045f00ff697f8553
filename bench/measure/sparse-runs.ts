import type { Kernel } from '../../dist/dynamics/kernels/kernel.js'
import { kernelOfGroup, windowKernelOfGroup } from '../../dist/dynamics/kernels/kernel-of-group.js'
import { GroupKernel } from '../../dist/dynamics/kernels/reference/group-kernel.js'
import { windowGroups } from '../../dist/dynamics/kernels/window/window-groups.js'
import {
  connect,
  defineNetwork,
  fixedInDegree,
  lif,
  type Network,
  normal,
  perSynapse,
  source,
  uniform,
} from '../../dist/index.js'
import { instantiate } from '../../dist/network/instance/instantiate.js'
import { createRandomStream } from '../../dist/numerics/random-stream.js'

const SEED = 1
const INPUTS = 1000
const IN_DEGREE = 100
const INPUT_RATE = 30
const CELLS = 'cells'

/** A sparse recurrent network, in-degree 100 from 1000 units that spike at 30 Hz and as many from itself. */
export function sparseRecurrent(neurons: number, hasDelaysPerSynapse: boolean): Network {
  const delay = hasDelaysPerSynapse ? perSynapse(uniform(1, 2)) : 1.5
  return defineNetwork({
    groups: { input: source(INPUTS), [CELLS]: lif(neurons, { tauMem: 20, tauSyn: 5, threshold: 1, refractory: 2 }) },
    projections: [
      connect('input', CELLS as 'cells', fixedInDegree(IN_DEGREE, normal(0.1, 0.05)), { delay: 1.5 }),
      connect(CELLS as 'cells', CELLS as 'cells', fixedInDegree(IN_DEGREE, normal(0.01, 0.05)), { delay }),
    ],
  })
}

/** Steps of training without the optimiser: every spike of a trial is told dL/dt = 1, and what comes back to it. */
export interface SparseRuns {
  readonly kernel: Kernel
  /** Returns the synaptic events. */
  forward(gradients: boolean): number
  backward(): Float64Array
}

export function createSparseRuns(network: Network, engine: 'window' | 'reference', until: number): SparseRuns {
  const instance = instantiate(network, SEED)
  const windowGroup = windowGroups(network, 'simd').get(CELLS)
  const kernel =
    engine === 'reference' || windowGroup === undefined
      ? kernelOfGroup(instance, CELLS)
      : windowKernelOfGroup(windowGroup, instance, CELLS, SEED)
  if ((engine === 'reference') !== kernel instanceof GroupKernel)
    throw new Error(`the ${engine} kernel does not run it`)
  const { size } = kernel.values
  const input = { stream: 'input', sequence: 0, window: { start: 0, end: until }, ...inputSpikes(until) }
  const returned = new Map<number, Float64Array>()
  let counts: number[] = []
  const collect = () => {
    for (const { input: from, batch, values } of kernel.takeReturned())
      if (from === 1) returned.set(batch.sequence, values)
  }
  return {
    kernel,
    forward(gradients) {
      kernel.begin({
        ...{ trials: 1, until, whole: false, gradients, inputTimes: false, stopAfterFirst: false },
        ...{ trackSilent: false, undefinedSlope: 'ignore', beat: () => undefined },
      })
      kernel.receive(0, input)
      const delay = kernel.smallestDelays()[1] ?? 0
      counts = []
      for (let reached = 0; reached < until; ) {
        const end = kernel.reach(Math.min(until, reached + delay))
        const spikes = kernel.advance(end, end)
        kernel.receive(1, { stream: CELLS, sequence: counts.length, window: { start: reached, end }, ...spikes })
        counts.push(spikes.times.length)
        reached = end
      }
      const spikes = counts.reduce((sum, count) => sum + count, 0)
      return spikes * IN_DEGREE + (input.times.length * size * IN_DEGREE) / INPUTS
    },
    backward() {
      kernel.beginBackward(null)
      collect()
      for (let step = counts.length - 1; step >= 0; step--) {
        const back = returned.get(step)
        kernel.backward(Float64Array.from({ length: counts[step] ?? 0 }, (_, k) => 1 + (back?.[k] ?? 0)))
        collect()
      }
      return kernel.finishGradient()
    },
  }
}

function inputSpikes(until: number) {
  const random = createRandomStream(SEED, 'input')
  const count = Math.round((INPUTS * INPUT_RATE * until) / 1000)
  const times = Float64Array.from({ length: count }, (_, k) => random.uniform(k) * until).sort()
  const units = Uint32Array.from(times, (_, k) => random.integer(count + k, INPUTS))
  return { times, units, offsets: Uint32Array.of(0, count) }
}

import type { Kernel } from '../../dist/dynamics/kernels/kernel.js'
import type { KernelKind } from '../../dist/dynamics/kernels/kernel-kind.js'
import { chosenKernelOfGroup } from '../../dist/dynamics/kernels/kernel-of-group.js'
import type { SpikeTrains } from '../../dist/index.js'
import { instantiate } from '../../dist/network/instance/instantiate.js'
import { drawnImages } from '../drawn-images.js'
import { IMAGES, type Layer, layerNetwork } from '../workloads.js'

const SEED = 1

export interface LayerRunOptions {
  readonly kernel: KernelKind
  readonly trials: number
  /** Length of a trial in ms. */
  readonly until?: number
}

/** A kernel of one layer and a mini-batch for it. */
export interface LayerRuns {
  readonly kernel: Kernel
  /** Runs the mini-batch forward, keeping what the backward pass needs. */
  forward(): SpikeTrains
  /** Undoes the last forward pass; with dL/dt = 1 for every spike. */
  backward(): Float64Array
}

/** The layer as it is trained: gradients of weights and delays, none of biases and input times. */
export function createLayerRuns(layer: Layer, { kernel: kind, trials, until = 40 }: LayerRunOptions): LayerRuns {
  const kernel = chosenKernelOfGroup(kind, instantiate(layerNetwork(layer), SEED), 'hidden')
  const samples = Uint32Array.from({ length: trials }, (_, trial) => trial)
  const trains = drawnImages(IMAGES).encode(samples).input as SpikeTrains
  const batch = { stream: 'input', sequence: 0, window: { start: 0, end: until }, ...trains }
  let spikes = 0
  return {
    kernel,
    forward() {
      kernel.begin({
        ...{ trials, until, whole: true, gradients: true, inputTimes: false, biasGradient: false },
        ...{ stopAfterFirst: false, trackSilent: false, undefinedSlope: 'ignore', beat: () => undefined },
      })
      kernel.receive(0, batch)
      const emitted = kernel.advance(until, until)
      spikes = emitted.times.length
      return emitted
    },
    backward() {
      kernel.beginBackward(null)
      kernel.backward(new Float64Array(spikes).fill(1))
      kernel.takeReturned()
      return kernel.finishGradient()
    },
  }
}

import type { KernelKind } from '../../dist/dynamics/kernels/kernel-kind.js'
import { type Floors, openFloors } from '../floor/open-floors.js'
import { createLayerRuns } from '../measure/layer-runs.js'
import { medians } from '../measure/medians.js'
import type { Figure, Finding, Rival, Settings } from '../suite.js'
import { IMAGES, LAYER_NEURONS, type Layer, type LayerDelays } from '../workloads.js'

const DELAYS: readonly LayerDelays[] = ['shared', 'per source', 'per synapse']
/** Means of the initial weights that make about so many spikes per neuron and trial, without and with adaptation. */
const RATES = [
  { spikes: 0.1, plain: 0.044, adaptive: 0.044 },
  { spikes: 1, plain: 0.068, adaptive: 0.068 },
  { spikes: 4, plain: 0.15, adaptive: 0.165 },
] as const
const UNIT = 'ns/synaptic event'

/** Nanoseconds per synaptic event. */
interface Cost {
  readonly forward: number
  readonly backward: number
  readonly spikesPerNeuron: number
}

/** Nanoseconds per synaptic event of the kernels, forward and backward, beside loops that only add the weight rows. */
export async function* kernelsSuite(settings: Settings): AsyncGenerator<Finding> {
  const floors = await openFloors(settings)
  try {
    if (floors.missing !== null) yield { note: floors.missing }
    yield* simdFigures(floors, settings)
    yield* referenceFigures(settings)
  } finally {
    floors.close()
  }
}

async function* simdFigures(floors: Floors, settings: Settings): AsyncGenerator<Figure> {
  const trials = trialsOf(settings)
  const shape = { sources: IMAGES.inputs, neurons: LAYER_NEURONS, spikes: IMAGES.spikes, trials }
  for (const adaptation of [false, true])
    for (const rate of RATES.slice(0, settings.quick ? 1 : RATES.length)) {
      const mean = adaptation ? rate.adaptive : rate.plain
      let shared: Cost | null = null
      for (const delays of DELAYS) {
        const least = await floors.measure(shape)
        const cost = await costOf({ delays, adaptation, mean }, 'simd', trials, settings)
        const named = (pass: string) =>
          `${pass}, ${delays} delays, adaptation ${adaptation ? 'on' : 'off'}, ${rate.spikes} spikes`
        const sharing = (pass: 'forward' | 'backward'): readonly Rival[] =>
          shared === null ? [] : [{ name: `${pass} with shared delays`, value: shared[pass] }]
        const own = { name: 'forward', value: cost.forward }
        yield figure(named('forward'), cost.forward, [...least, ...sharing('forward')], cost)
        yield figure(named('backward'), cost.backward, [...least, own, ...sharing('backward')], cost)
        shared ??= cost
      }
    }
}

/** The reference kernel beside the SIMD kernel, at one spike per neuron. */
async function* referenceFigures(settings: Settings): AsyncGenerator<Figure> {
  const layer: Layer = { delays: 'shared', adaptation: false, mean: RATES[1].plain }
  const simd = await costOf(layer, 'simd', trialsOf(settings), settings)
  const reference = await costOf(layer, 'reference', settings.quick ? 1 : 8, settings)
  for (const pass of ['forward', 'backward'] as const) {
    const rival = { name: 'SIMD kernel', value: simd[pass] }
    yield figure(`reference kernel, ${pass}, shared delays, 1 spike`, reference[pass], [rival], reference)
  }
}

const trialsOf = ({ quick }: Settings) => (quick ? 2 : 32)

function figure(name: string, value: number, against: readonly Rival[], { spikesPerNeuron }: Cost): Figure {
  return { name, value, unit: UNIT, against, counts: { 'spikes per neuron': spikesPerNeuron } }
}

async function costOf(layer: Layer, kernel: KernelKind, trials: number, { quick }: Settings): Promise<Cost> {
  const runs = createLayerRuns(layer, { kernel, trials })
  const spikes = runs.forward().times.length
  const passes = { forward: { run: runs.forward }, backward: { run: runs.backward, before: () => void runs.forward() } }
  const { forward, backward } = await medians(passes, quick ? 2 : 500)
  const perEvent = (milliseconds: number) => (1e6 * milliseconds) / (IMAGES.spikes * LAYER_NEURONS * trials)
  return {
    forward: perEvent(forward),
    backward: perEvent(backward),
    spikesPerNeuron: spikes / (LAYER_NEURONS * trials),
  }
}

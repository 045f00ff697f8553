import type { Kernel } from '../../dynamics/kernel.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { largestMagnitude, squaresOf } from '../../learning/gradient-squares.js'
import type { Loss } from '../../learning/loss.js'
import type { Network } from '../../network/network.js'
import { finiteMaxima } from './finite-maxima.js'
import type { RunOrder, RunReport } from './partition.js'
import { sliceParameters, sliceTerms } from './slice-parameters.js'
import type { WiredPartition } from './wire-partition.js'

/** @param vectors the gradient of every kernel; none after a run without */
export function reportRun(
  network: Network,
  { kernels, sources, loss }: WiredPartition,
  { run, record, report, learned }: RunOrder,
  spikes: Readonly<Record<string, SpikeTrains>>,
  vectors: ReadonlyMap<Kernel, Float64Array>,
): RunReport {
  const readouts = kernels.filter(({ values }) => values.kind === 'li' && record.includes(values.name))
  const terms =
    report === 'squares'
      ? kernels.flatMap((kernel) => sliceTerms(network, kernel, vectors.get(kernel) ?? new Float64Array(0), learned))
      : []
  return {
    spikes,
    maxima: Object.fromEntries(readouts.map((kernel) => [kernel.values.name, finiteMaxima(kernel)])),
    losses: loss.results(),
    inputTimes: run.gradients
      ? Object.fromEntries(sources.map((source) => [source.name, source.inputGradients()]))
      : {},
    gradients: report === 'gradients' ? [...vectors].map(([kernel, vector]) => sliceParameters(kernel, vector)) : [],
    squares: terms.map((term) => squaresOf(term, 1)),
    largest: largestMagnitude(terms.map(({ values }) => values)),
    grazing: run.gradients ? kernels.reduce((sum, kernel) => sum + kernel.grazing, 0) : 0,
    ...silence(kernels, run.trials.count, run.loss?.loss ?? null),
  }
}

/** (hidden neuron, trial) pairs, and how many of them had no spike; hidden: every LIF group but the loss's. */
function silence(
  kernels: readonly Kernel[],
  trials: number,
  loss: Loss | null,
): { readonly pairs: number; readonly silent: number } {
  let pairs = 0
  let silent = 0
  for (const kernel of kernels) {
    if (loss === null || kernel.values.kind !== 'lif' || kernel.values.name === loss.group) continue
    pairs += trials * kernel.values.size
    for (let trial = 0; trial < trials; trial++)
      for (let n = 0; n < kernel.values.size; n++) if (kernel.isSilent(trial, n)) silent++
  }
  return { pairs, silent }
}

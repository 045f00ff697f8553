import type { Kernel } from '../../dynamics/kernels/kernel.js'
import { byName } from '../../events/by-name.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { largestOfHuge, squaresOf } from '../../learning/gradient-squares.js'
import type { Network } from '../../network/description/network.js'
import type { FiringTally } from '../group/firing-tally.js'
import { finiteMaxima } from './finite-maxima.js'
import { sliceParameters, sliceTerms } from './learning/slice-parameters.js'
import type { RunOrder, RunReport, SliceFiring } from './partition.js'
import { silence } from './silence.js'
import type { WiredPartition } from './wiring/wire-partition.js'

/** @param vectors the gradient of every kernel; none after a run without */
export function reportRun(
  network: Network,
  { kernels, sources, loss, firing }: WiredPartition,
  { run, record, report, learned }: RunOrder,
  spikes: Readonly<Record<string, SpikeTrains>>,
  emitted: number,
  vectors: ReadonlyMap<Kernel, Float64Array>,
): RunReport {
  const readouts = kernels.filter(({ values }) => values.kind === 'li' && record.includes(values.name))
  const terms =
    report === 'squares'
      ? kernels.flatMap((kernel) => sliceTerms(network, kernel, vectors.get(kernel) ?? new Float64Array(0), learned))
      : []
  const squares = terms.map((term) => squaresOf(term, 1))
  return {
    spikes,
    emitted,
    maxima: Object.fromEntries(readouts.map((kernel) => [kernel.values.name, finiteMaxima(kernel)])),
    outcome: loss.outcome(),
    inputReturned: report === 'gradients' ? byName(sources.map((source) => [source.name, source.returned()])) : {},
    gradients: report === 'gradients' ? [...vectors].map(([kernel, vector]) => sliceParameters(kernel, vector)) : [],
    squares,
    step: 'none',
    largest: largestOfHuge(terms, squares),
    grazing: run.gradients ? kernels.reduce((sum, kernel) => sum + kernel.grazing, 0) : 0,
    ...silence(firing, run.loss?.loss ?? null),
    firing: report === 'squares' ? firing.map((tally) => firingOf(tally, kernels)) : [],
  }
}

function firingOf(tally: FiringTally, kernels: readonly Kernel[]): SliceFiring {
  const { group, start, pairs, fired, saturated } = tally
  const grazing = kernels.find(({ values }) => values.name === group)?.grazing ?? 0
  return { group, start, spikes: tally.spikes(), pairs, silent: pairs - fired, saturated, grazing }
}

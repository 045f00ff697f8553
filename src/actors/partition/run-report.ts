import type { Kernel } from '../../dynamics/kernels/kernel.js'
import type { KernelGradient } from '../../dynamics/kernels/kernel-parameters.js'
import { byName } from '../../events/by-name.js'
import { RunError } from '../../events/errors.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { type FiringTally, hiddenFiring } from '../../learning/diagnosis/firing-tally.js'
import type { SliceFiring, SliceVoltageMaxima } from '../../learning/diagnosis/merge-diagnosis.js'
import { readoutVoltages } from '../../learning/diagnosis/readout-voltages.js'
import { type GradientTerm, largestOfHuge, squaresOf } from '../../learning/gradient-squares.js'
import type { Maxima, ParameterKind } from '../../learning/session.js'
import { isReadout } from '../../network/models/models.js'
import { sliceParameters } from './learning/slice-parameters.js'
import type { RunOrder, RunReport } from './partition.js'
import type { WiredPartition } from './wiring/wire-partition.js'

/** What a pass over the trials of a run has left beside what the actors know. */
export interface PassedRun {
  /** Of the groups that are recorded. */
  readonly spikes: Readonly<Record<string, SpikeTrains>>
  /** How many spikes the neurons here emitted. */
  readonly emitted: number
  /** The gradient of every kernel; none after a run without. */
  readonly gradients: ReadonlyMap<Kernel, KernelGradient>
  /** The arrays of these gradients that count towards the norm. */
  terms(learned: readonly ParameterKind[]): readonly GradientTerm[]
}

export function reportRun(
  { kernels, sources, loss, firing }: WiredPartition,
  { run, record, report, learned }: RunOrder,
  { spikes, emitted, gradients, terms: termsOf }: PassedRun,
): RunReport {
  const readouts = kernels.filter(({ values }) => isReadout(values))
  const recorded = readouts.filter(({ values }) => record.includes(values.name))
  const terms = report === 'squares' ? termsOf(learned) : []
  const squares = terms.map((term) => squaresOf(term, 1))
  return {
    spikes,
    emitted,
    maxima: Object.fromEntries(recorded.map((kernel) => [kernel.values.name, finiteMaxima(kernel)])),
    outcome: loss.outcome(),
    inputReturned: report === 'gradients' ? byName(sources.map((source) => [source.name, source.returned()])) : {},
    gradients: report === 'gradients' ? [...gradients].map(([kernel, of]) => sliceParameters(kernel, of.whole())) : [],
    squares,
    step: 'none',
    largest: largestOfHuge(terms, squares),
    grazing: run.gradients ? kernels.reduce((sum, kernel) => sum + kernel.grazing, 0) : 0,
    ...hiddenFiring(firing, run.loss?.loss.group ?? null),
    firing: report === 'squares' ? firing.map((tally) => firingOf(tally, kernels)) : [],
    readouts: report === 'squares' ? readouts.map(voltagesOf) : [],
  }
}

function firingOf(tally: FiringTally, kernels: readonly Kernel[]): SliceFiring {
  const grazing = kernels.find(({ values }) => values.name === tally.group)?.grazing ?? 0
  return { ...tally.firing(), grazing }
}

function voltagesOf(kernel: Kernel): SliceVoltageMaxima {
  const { name, start, size } = kernel.values
  return { group: name, start, ...readoutVoltages(kernel.maxima(), size) }
}

/** Voltages beyond the range of a double have no maximum to report: raises `RunError` VOLTAGE_OVERFLOW. */
function finiteMaxima(kernel: Kernel): Maxima {
  const maxima = kernel.maxima()
  if (maxima.values.every(Number.isFinite)) return maxima
  throw new RunError({
    code: 'VOLTAGE_OVERFLOW',
    message: `A voltage of group "${kernel.values.name}" is beyond the range of a double.`,
    details: { group: kernel.values.name },
    remedy: 'Scale the weights into it down.',
  })
}

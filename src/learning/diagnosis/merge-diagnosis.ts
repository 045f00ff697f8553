import { byName } from '../../events/by-name.js'
import type { Network } from '../../network/description/network.js'
import type { GradientNorm } from '../clip.js'
import type { TermOwner } from '../gradient-terms.js'
import type { GroupDiagnosis, ParameterKind, ReadoutVoltages, StepDiagnosis } from '../session.js'

/** How the neurons of one slice, or of a whole group, fired in a run; see `GroupDiagnosis`. */
export interface SliceFiring {
  readonly group: string
  readonly start: number
  readonly spikes: Float64Array
  readonly pairs: number
  readonly silent: number
  readonly saturated: number
  readonly grazing: number
}

/** What the voltages of one slice of a readout, or of all of it, did in a run. */
export interface SliceVoltageMaxima extends ReadoutVoltages {
  readonly group: string
  readonly start: number
}

export interface MeasuredStep {
  readonly learned: readonly ParameterKind[]
  /** The terms of the gradient. */
  readonly terms: readonly number[]
  /** Of the gradient summed over trials. */
  readonly normOf: GradientNorm
  readonly trials: number
}

/** What was found out about the slices in a step. */
interface SliceReport {
  /** Of every LIF slice. */
  readonly firing: readonly SliceFiring[]
  /** Of every LI slice. */
  readonly readouts: readonly SliceVoltageMaxima[]
}

/** The diagnosis of a step, from what is reported of slices; the same however groups are cut. */
export function mergeDiagnosis(
  { groups }: Network,
  owners: ReadonlyMap<number, TermOwner>,
  reports: readonly SliceReport[],
  { learned, terms, normOf, trials }: MeasuredStep,
): StepDiagnosis {
  const slices = reports.flatMap(({ firing }) => firing)
  const withGradient = new Set(terms.map((term) => owners.get(term)?.group))
  const meanNorm = (isWanted: (owner: TermOwner) => boolean) =>
    normOf((term) => {
      const owner = owners.get(term)
      return owner !== undefined && isWanted(owner)
    }) / trials
  const voltages = reports.flatMap(({ readouts }) => readouts)
  const ofGroup = (name: string, size: number): GroupDiagnosis => {
    const gradientNorm = withGradient.has(name) ? meanNorm(({ group }) => group === name) : null
    const firing = slices.filter(({ group }) => group === name)
    const readout = voltages.filter(({ group }) => group === name)
    const { spikes, pairs, silent, saturated, grazing } = mergeFiring(firing, size)
    return { spikes, pairs, silent, saturated, grazing, gradientNorm, ...mergeVoltages(readout, size) }
  }
  const neurons = groups.filter(({ kind }) => kind !== 'source')
  return {
    groups: byName(neurons.map(({ name, size }) => [name, ofGroup(name, size)])),
    gradientNorms: byName(learned.map((kind) => [kind, meanNorm((owner) => owner.kind === kind)])),
  }
}

function mergeFiring(slices: readonly SliceFiring[], size: number): Omit<GroupDiagnosis, 'gradientNorm'> {
  const merged = {
    spikes: new Float64Array(slices.length === 0 ? 0 : size),
    pairs: 0,
    silent: 0,
    saturated: 0,
    grazing: 0,
  }
  for (const { start, spikes, pairs, silent, saturated, grazing } of slices) {
    merged.spikes.set(spikes, start)
    merged.pairs += pairs
    merged.silent += silent
    merged.saturated += saturated
    merged.grazing += grazing
  }
  return merged
}

/** Every unit is in one slice. */
function mergeVoltages(slices: readonly SliceVoltageMaxima[], size: number): Pick<GroupDiagnosis, 'readout'> {
  const [first] = slices
  if (first === undefined) return {}
  const readout: ReadoutVoltages = {
    trials: first.trials,
    maxima: new Float64Array(size),
    unrisen: new Float64Array(size),
  }
  for (const { start, maxima, unrisen } of slices) {
    readout.maxima.set(maxima, start)
    readout.unrisen.set(unrisen, start)
  }
  return { readout }
}

import { byName } from '../../events/by-name.js'
import { pairwiseSum } from '../../numerics/pairwise-sum.js'
import type { GroupDiagnosis, ReadoutVoltages, StepDiagnosis } from '../session.js'
import { type EpochDiagnosis, EXPLOSION, type LayerDiagnosis, MOST_LISTED } from './layer-diagnosis.js'

/** What the steps of one epoch have diagnosed so far, as plain data. */
export interface DiagnosisTally {
  readonly groups: Readonly<Record<string, GroupSums & { readonly gradientNorms: Float64Array }>>
  /** One norm per mini-batch and learned kind. */
  readonly gradientNorms: Readonly<Record<string, Float64Array>>
}

/** What a group's neurons did, summed over steps. */
export type GroupSums = Omit<GroupDiagnosis, 'gradientNorm'>

/**
 * Gathers what the steps of one epoch diagnose.
 *
 * @param from what was gathered before; default: nothing
 */
export function createDiagnosisTally(from: DiagnosisTally | null = null) {
  const groups = new Map(
    Object.entries(from?.groups ?? {}).map(([name, { gradientNorms, ...sums }]) => {
      return [name, { sums, norms: [...gradientNorms] }] as [string, { sums: GroupSums; norms: number[] }]
    }),
  )
  const kinds = new Map(Object.entries(from?.gradientNorms ?? {}).map(([kind, norms]) => [kind, [...norms]]))

  function add(step: StepDiagnosis): void {
    for (const [name, { gradientNorm, ...sums }] of Object.entries(step.groups)) {
      const before = groups.get(name)
      const norms = before?.norms ?? []
      if (gradientNorm !== null) norms.push(gradientNorm)
      groups.set(name, { sums: before === undefined ? sums : sumOf(before.sums, sums), norms })
    }
    for (const [kind, norm] of Object.entries(step.gradientNorms)) {
      const norms = kinds.get(kind) ?? []
      norms.push(norm)
      kinds.set(kind, norms)
    }
  }

  return {
    add,
    /** Null if nothing was diagnosed. */
    result: (): EpochDiagnosis | null => {
      if (groups.size === 0) return null
      return {
        layers: byName([...groups].map(([name, { sums, norms }]) => [name, layerOf(sums, norms)])),
        gradientNorms: byName([...kinds].map(([kind, norms]) => [kind, mean(norms)])),
      }
    },
    save: (): DiagnosisTally => ({
      groups: byName(
        [...groups].map(([name, { sums, norms }]) => [name, { ...sums, gradientNorms: Float64Array.from(norms) }]),
      ),
      gradientNorms: byName([...kinds].map(([kind, norms]) => [kind, Float64Array.from(norms)])),
    }),
  }
}

function sumOf(a: GroupSums, b: GroupSums): GroupSums {
  return {
    spikes: sumByUnit(a.spikes, b.spikes),
    pairs: a.pairs + b.pairs,
    silent: a.silent + b.silent,
    saturated: a.saturated + b.saturated,
    grazing: a.grazing + b.grazing,
    ...(a.readout === undefined || b.readout === undefined ? {} : { readout: readoutSum(a.readout, b.readout) }),
  }
}

function readoutSum(a: ReadoutVoltages, b: ReadoutVoltages): ReadoutVoltages {
  return {
    trials: a.trials + b.trials,
    maxima: sumByUnit(a.maxima, b.maxima),
    unrisen: sumByUnit(a.unrisen, b.unrisen),
  }
}

function sumByUnit(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, unit) => value + (b[unit] as number))
}

function layerOf(sums: GroupSums, norms: readonly number[]): LayerDiagnosis {
  const { spikes, pairs, silent, saturated, grazing, readout } = sums
  const share = (count: number) => (pairs === 0 ? null : count / pairs)
  const isLearned = norms.length > 0
  const all = spikes.reduce((sum, count) => sum + count, 0)
  return {
    silent: share(silent),
    silentNeurons: pairs === 0 ? null : spikes.filter((count) => count === 0).length / spikes.length,
    saturated: share(saturated),
    spikes: share(all),
    grazing: pairs === 0 ? null : grazing,
    grazingFraction: pairs === 0 ? null : all === 0 ? 0 : grazing / all,
    ...voltagesOf(readout),
    deadUnits:
      readout === undefined ? listed(pairs, spikes, 0) : listed(readout.trials, readout.unrisen, readout.trials),
    exploding: isLearned ? explodingShare(norms) : null,
    gradientNorm: isLearned ? mean(norms) : null,
  }
}

function voltagesOf(readout: ReadoutVoltages | undefined): Pick<LayerDiagnosis, 'maximum' | 'unrisen'> {
  if (readout === undefined || readout.trials === 0) return { maximum: null, unrisen: null }
  const pairs = readout.trials * readout.maxima.length
  const meanOf = (values: Float64Array) => pairwiseSum(values, 0, values.length) / pairs
  return { maximum: meanOf(readout.maxima), unrisen: meanOf(readout.unrisen) }
}

/** The first units of which as much was counted as of one that does nothing; null if nothing was counted. */
function listed(counted: number, ofUnits: Float64Array, nothing: number): readonly number[] | null {
  if (counted === 0) return null
  return [...ofUnits.keys()].filter((unit) => ofUnits[unit] === nothing).slice(0, MOST_LISTED)
}

/** Where most gradients are zero, any other one would count as an explosion: then none does. */
function explodingShare(norms: readonly number[]): number {
  const median = norms.toSorted((a, b) => a - b)[Math.floor((norms.length - 1) / 2)] as number
  if (median === 0) return 0
  return norms.filter((norm) => norm > EXPLOSION * median).length / norms.length
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

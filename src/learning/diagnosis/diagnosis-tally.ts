import { byName } from '../../events/by-name.js'
import type { GroupDiagnosis, StepDiagnosis } from '../session.js'
import { type EpochDiagnosis, EXPLOSION, type LayerDiagnosis } from './layer-diagnosis.js'

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
    spikes: a.spikes.map((count, neuron) => count + (b.spikes[neuron] as number)),
    pairs: a.pairs + b.pairs,
    silent: a.silent + b.silent,
    saturated: a.saturated + b.saturated,
    grazing: a.grazing + b.grazing,
  }
}

function layerOf({ spikes, pairs, silent, saturated, grazing }: GroupSums, norms: readonly number[]): LayerDiagnosis {
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
    exploding: isLearned ? explodingShare(norms) : null,
    gradientNorm: isLearned ? mean(norms) : null,
  }
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

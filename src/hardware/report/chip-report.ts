import type { ChipCounts, PerLevel } from '../counts/chip-counts.js'
import type { ChipEnergy } from '../profile/chip-profile.js'

/**
 * A sum of counts times figures, as far as these are known.
 *
 * `value` is the sum by the values of the figures; null where one is unknown whose count is above 0, which `unknown` names. The
 * truth is from `atLeast` to `atMost`, as far as figures say by bounds and ranges; null: nothing says how much at most.
 */
export interface FigureSum {
  readonly value: number | null
  readonly atLeast: number
  readonly atMost: number | null
  /** Fields of the profile. */
  readonly unknown: readonly string[]
}

/** In pJ. */
export interface EnergySum extends FigureSum {
  /** Of all figures in it; null where none is known, or powers are meant. */
  readonly kind: 'marginal' | 'average' | null
}

/** What costs energy: a field of the profile's `energy`, or links along the diagonal inside a chip, which have no figure. */
export type EnergyComponent = keyof ChipEnergy | 'hopDiagonal'

/** The energy of a part of a run. What events cost and what being on costs are never added to each other. */
export interface PartEnergy {
  readonly dynamic: EnergySum
  readonly static: EnergySum
  /** Those that count; what is included in another one has no number of its own. */
  readonly byComponent: Readonly<Partial<Record<EnergyComponent, EnergySum>>>
  /** Of `dynamic`. */
  readonly byLevel: PerLevel<EnergySum>
}

export type ChipPhase = 'forward' | 'backward' | 'loss' | 'update'

export interface ChipEnergies {
  readonly byPhase: Readonly<Record<ChipPhase, PartEnergy>>
  /** All phases. */
  readonly trainingStep: PartEnergy
  /**
   * Forward, dynamic, if every neuron was updated and every synapse visited in every step, packets apart; null where time is
   * continuous.
   */
  readonly denseForward: EnergySum | null
}

/** How long steps of a stepped chip take, forward; ns. */
export interface StepTime {
  /** What a tick takes at the speed of the chip; null: unknown. */
  readonly tick: number | null
  /** Closing a step, on the chips that are used. */
  readonly barrier: FigureSum
  /** A step of the busiest core, by its mean, and the barrier: cores that are busiest in turn make steps longer. */
  readonly mean: FigureSum
  readonly busiest: { readonly chip: number; readonly core: number } | null
  /** Whether steps are through before the next tick; null: unknown. */
  readonly keepsTick: boolean | null
}

/** The metrics of NeuroBench that need no task, by its names; means over trials. */
export interface NeuroBenchMetrics {
  /** Numbers that can be learned. */
  readonly ParameterCount: number
  /** Bytes of the synapses in the formats of the chip; null: a format is unknown. */
  readonly Footprint: number | null
  /** Share of pairs without a synapse, or with one of weight 0. */
  readonly ConnectionSparsity: number
  /** Share of (neuron, step) without a spike, of neurons that can spike. */
  readonly ActivationSparsity: number
  readonly MembraneUpdates: number
  readonly SynapticOperations: {
    readonly Effective_MACs: number
    readonly Effective_ACs: number
    readonly Dense: number
  }
}

/** What a run does and costs on a chip; the counts, and what follows from the figures of the profile. */
export interface ChipReport extends Omit<ChipCounts, 'zeroEvents'> {
  /** In pJ. */
  readonly energy: ChipEnergies
  /** Null where time is continuous. */
  readonly stepTime: StepTime | null
  /** All steps forward, in seconds of the chip; null: unknown. */
  readonly seconds: number | null
  readonly neurobench: NeuroBenchMetrics
  /** Whether packets can carry gradients; null: unknown. */
  readonly gradientsTravel: boolean | null
  /** What has to be known before the numbers are used, in sentences. */
  readonly notes: readonly string[]
}

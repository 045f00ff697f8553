import type { PlacedCore } from '../placement.js'
import type { ResourceUse } from './core-limits.js'

/** Cores that a group would take if its weights had fewer bits. */
export interface NarrowerWeights {
  readonly weightBits: number
  readonly cores: number
}

/** How a group fits cores of its own. */
export interface GroupFit {
  readonly group: string
  /** Of the whole group on one core; the mean number for synapses and axons of rules that are not drawn. */
  readonly uses: readonly ResourceUse[]
  /** Cores that it takes for what comes into it, cut between blocks of 32; null: it fits no number of them. */
  readonly cores: number | null
  /** The widest weights of 1, 2, 4, 8, … bits with which it would take fewer cores, where the chip has such weights. */
  readonly narrower: NarrowerWeights | null
  /** Why it does not fit one core, and what would help; null if it does. */
  readonly message: string | null
}

/** What a core needs, and has. */
export interface CoreFit extends PlacedCore {
  readonly uses: readonly ResourceUse[]
}

/** What a chip needs, and has, beside what its cores have. */
export interface ChipUse {
  readonly chip: number
  /** Of routing tables: lower bounds. */
  readonly uses: readonly ResourceUse[]
}

/** Whether a network fits a chip, why not, and what would help. */
export interface ChipFit {
  /** The name of the profile. */
  readonly profile: string
  readonly fits: boolean
  readonly groups: readonly GroupFit[]
  /** Of the placement that was given; else of groups in order, each on cores of its own but for what is left over at its end. */
  readonly cores: readonly CoreFit[]
  readonly chips: readonly ChipUse[]
  /** Cores there are, dead ones apart. */
  readonly available: number
  /** What does not fit, and what would help: a text of one or two lines each. */
  readonly messages: readonly string[]
  /** The fields of the profile that would limit something if they were known. */
  readonly unknown: readonly string[]
}

export interface FitOptions {
  /** Draws what rules leave to chance; without it synapses and axons of rules count by their mean. */
  readonly seed?: number
  /** Where everything is. Without it groups are packed in order. */
  readonly placement?: { readonly cores: readonly PlacedCore[] }
}

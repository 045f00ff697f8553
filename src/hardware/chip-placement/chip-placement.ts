import type { PlacedCore } from '../fit/chip-fit.js'

/** Which core of which chip holds which units; every neuron and source unit is on exactly one. Empty cores are left out. */
export interface ChipPlacement {
  /** The name of the chip's profile. */
  readonly profile: string
  /** How many chips there are. */
  readonly chips: { readonly columns: number; readonly rows: number }
  /** By chip, then by core; slices in the order of the groups, then of their units. */
  readonly cores: readonly PlacedCore[]
}

import type { Group } from './network.js'

/** The time constants that a group of neurons may be described by. */
export type TauField = 'tauMem' | 'tauSyn' | 'tauSynExc' | 'tauSynInh' | 'tauAdapt'

/** All of them. */
export const TAU_FIELDS: readonly TauField[] = Object.freeze(['tauMem', 'tauSyn', 'tauSynExc', 'tauSynInh', 'tauAdapt'])

/** How the description gives a time constant. */
export interface TauShape {
  readonly field: TauField
  /** One number that all neurons of the group share; else one number per neuron, listed or drawn. */
  readonly isCommon: boolean
}

/** The time constants that a group is described by, in the order of `TAU_FIELDS`; none of a source. */
export function tauShapes(group: Group): readonly TauShape[] {
  if (group.kind === 'source') return []
  const described = group as unknown as Readonly<Record<string, unknown>>
  return TAU_FIELDS.filter((field) => described[field] !== undefined).map((field) => ({
    field,
    isCommon: typeof described[field] === 'number',
  }))
}

import type { Quantity } from './quantity.js'

/** Time constants of the synaptic current: one, or one per sign of the weight. In ms. */
export type SynapticTimeConstants =
  | { readonly tauSyn: Quantity; readonly tauSynExc?: never; readonly tauSynInh?: never }
  | { readonly tauSyn?: never; readonly tauSynExc: Quantity; readonly tauSynInh: Quantity }

/** The time constants that a group of neurons may be described by. */
export type TauField = 'tauMem' | 'tauSyn' | 'tauSynExc' | 'tauSynInh' | 'tauAdapt'

/** All of them. */
export const TAU_FIELDS: readonly TauField[] = Object.freeze(['tauMem', 'tauSyn', 'tauSynExc', 'tauSynInh', 'tauAdapt'])

/** A time constant of neurons at an end of its range: without a current, or without a leak. */
export interface TauLimit {
  readonly field: TauField
  readonly value: number
  /** What the group does, as a clause. */
  readonly clause: string
}

const LIMITS: readonly TauLimit[] = [
  { field: 'tauSyn', value: 0, clause: 'arrivals move its voltage at once (tauSyn 0)' },
  { field: 'tauMem', value: Infinity, clause: 'its membrane does not leak (tauMem Infinity)' },
]

/** The first limit in which some neuron of a group is by its description; undefined: none. */
export function limitOf(group: object): TauLimit | undefined {
  const described = group as Readonly<Partial<Record<TauField, Quantity>>>
  return LIMITS.find(({ field, value }) => {
    const given = described[field]
    if (given === undefined || typeof given === 'number') return given === value
    if ('distribution' in given) return given.distribution === 'constant' && given.value === value
    return given.includes(value)
  })
}

/** How the description gives a time constant. */
export interface TauShape {
  readonly field: TauField
  /** One number that all neurons of the group share; else one number per neuron, listed or drawn. */
  readonly isCommon: boolean
}

/** The time constants that a group is described by, in the order of `TAU_FIELDS`; none of a source. */
export function tauShapes(group: object): readonly TauShape[] {
  const described = group as Readonly<Record<string, unknown>>
  return TAU_FIELDS.filter((field) => described[field] !== undefined).map((field) => ({
    field,
    isCommon: typeof described[field] === 'number',
  }))
}

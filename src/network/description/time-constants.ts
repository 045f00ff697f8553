import type { Quantity } from './quantity.js'

/** Time constants of the synaptic current: one, or one per sign of the weight. In ms. */
export type SynapticTimeConstants =
  | { readonly tauSyn: Quantity; readonly tauSynExc?: never; readonly tauSynInh?: never }
  | { readonly tauSyn?: never; readonly tauSynExc: Quantity; readonly tauSynInh: Quantity }

/** The time constants that a group of neurons may be described by. */
export type TauField = 'tauMem' | 'tauSyn' | 'tauSynExc' | 'tauSynInh' | 'tauAdapt'

/** All of them. */
export const TAU_FIELDS: readonly TauField[] = Object.freeze(['tauMem', 'tauSyn', 'tauSynExc', 'tauSynInh', 'tauAdapt'])

/** The first time constant of a group that is 0 or Infinity, as a clause; null if all decay. */
export function limitOf(group: object): string | null {
  const described = group as Readonly<Record<string, unknown>>
  const holds = (field: TauField, limit: number) => {
    const given = described[field]
    if (Array.isArray(given)) return given.includes(limit)
    return given === limit || (isRange(given) && [given.value, given.low, given.high].includes(limit))
  }
  if (holds('tauSyn', 0)) return 'arrivals move its voltage at once (tauSyn 0)'
  return holds('tauMem', Infinity) ? 'its membrane does not leak (tauMem Infinity)' : null
}

/** The ends of what a distribution draws. */
function isRange(given: unknown): given is { readonly value?: number; readonly low?: number; readonly high?: number } {
  return typeof given === 'object' && given !== null
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

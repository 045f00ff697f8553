import type { CaseRange } from './kernel-case.js'
import type { KernelFeature } from './kernel-features.js'

/** Whether all neurons see the same arrivals, or each has delays of its own. */
export type Arriving = 'shared' | 'own'

type Ranges = Readonly<Record<'lif' | 'li', CaseRange>>

const SHARED_DELAYS = ['scalar delays', 'delays per source'] as const satisfies readonly KernelFeature[]
const READOUT: readonly KernelFeature[] = [
  ...['few absent pairs', 'many absent pairs', 'lists', 'delays per synapse', 'two currents', 'taus per neuron'],
  ...['several blocks', 'many rows'],
  ...SHARED_DELAYS,
] as const satisfies readonly KernelFeature[]

/** All that there is but rules. */
export const ANY: Ranges = {
  lif: { must: [], may: [...READOUT, 'refractory periods', 'adaptation', 'recurrent input'] },
  li: { must: [], may: READOUT },
}

function simdRanges(must: readonly KernelFeature[]): Ranges {
  const may: readonly KernelFeature[] = [...SHARED_DELAYS, 'several blocks', 'many rows', 'few absent pairs']
  return { lif: { must, may: [...may, 'refractory periods', 'adaptation', 'recurrent input'] }, li: { must, may } }
}

/** Those of the SIMD kernel: dense, with few nulls, one current, time constants that all neurons share. */
export const SIMD: Readonly<Record<Arriving, Ranges>> = {
  shared: simdRanges([]),
  own: simdRanges(['delays per synapse']),
}

/** Those of the window kernel. */
export const BY_RULE: CaseRange = {
  must: ['rules', 'several blocks'],
  may: ['recurrent input', ...SHARED_DELAYS, 'delays per synapse', 'refractory periods', 'adaptation'],
}

/** The cases of a range that have a feature. */
export function having(feature: KernelFeature, range: CaseRange): CaseRange {
  return { ...without(feature, range), must: [...range.must.filter((other) => other !== feature), feature] }
}

/** The cases of a range that have it not. */
export function without(feature: KernelFeature, range: CaseRange): CaseRange {
  return { ...range, may: range.may.filter((other) => other !== feature) }
}

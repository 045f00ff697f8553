import type { CaseRange } from './kernel-case.js'
import type { KernelFeature } from './kernel-features.js'

/** Whether all neurons see the same arrivals, or each has delays of its own. */
export type Arriving = 'shared' | 'own'

type Ranges = Readonly<Record<'lif' | 'li', CaseRange>>

const SHARED_DELAYS = ['scalar delays', 'delays per source'] as const satisfies readonly KernelFeature[]
const READOUT: readonly KernelFeature[] = [
  ...['few absent pairs', 'many absent pairs', 'lists', 'small rules', 'delays per synapse'],
  ...['two currents', 'taus per neuron'],
  ...['several blocks', 'many rows'],
  ...SHARED_DELAYS,
] as const satisfies readonly KernelFeature[]

/** All that there is but large rules. */
export const ANY: Ranges = {
  lif: { must: [], may: [...READOUT, 'refractory periods', 'adaptation', 'recurrent input'] },
  li: { must: [], may: READOUT },
}

function simdRanges(also: readonly KernelFeature[]): Ranges {
  const may: readonly KernelFeature[] = [
    ...[...SHARED_DELAYS, 'several blocks', 'many rows', 'few absent pairs', 'many absent pairs'],
    ...also,
  ] as const satisfies readonly KernelFeature[]
  const must: readonly KernelFeature[] = []
  const ofLif = ['refractory periods', 'adaptation', 'tauAdapt per neuron', 'recurrent input'] as const
  return { lif: { must, may: [...may, ...ofLif, 'taus per neuron'] }, li: { must, may: [...may, 'taus per neuron'] } }
}

/** Those of the SIMD kernel: where all see the same arrivals dense ones, and of two currents with the same time constants. */
export const SIMD: Readonly<Record<Arriving, Ranges>> = {
  shared: withTwoCurrents(simdRanges([])),
  own: simdRanges(['delays per synapse', 'lists', 'small rules', 'two currents']),
}

function withTwoCurrents({ lif, li }: Ranges): Ranges {
  const also = (range: CaseRange): CaseRange => ({
    ...range,
    may: [...range.may, 'two currents'],
    apart: ['two currents', 'taus per neuron'],
  })
  return { lif: also(lif), li: also(li) }
}

/** Those of the window kernel. */
export const BY_RULE: CaseRange = {
  must: ['rules', 'several blocks'],
  may: ['recurrent input', ...SHARED_DELAYS, 'delays per synapse', 'refractory periods', 'adaptation'],
}

/** Those of it whose states are not scaled. */
export const UNSCALED_BY_RULE: Readonly<Record<'twoCurrents' | 'tausPerNeuron', CaseRange>> = {
  twoCurrents: { must: [...BY_RULE.must, 'two currents'], may: [...BY_RULE.may, 'tauAdapt per neuron'] },
  tausPerNeuron: {
    must: [...BY_RULE.must, 'taus per neuron'],
    may: [...BY_RULE.may, 'two currents', 'tauAdapt per neuron'],
  },
}

/** The cases of a range that have a feature. */
export function having(feature: KernelFeature, range: CaseRange): CaseRange {
  return { ...without(feature, range), must: [...range.must.filter((other) => other !== feature), feature] }
}

/** The cases of a range that have it not. */
export function without(feature: KernelFeature, range: CaseRange): CaseRange {
  return { ...range, may: range.may.filter((other) => other !== feature) }
}

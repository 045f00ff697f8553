import type { Connectivity, Projection } from '../description/network.js'
import type { NumberRule } from '../reading/read-number.js'
import type { ConnectivityKind, DescribedSynapses, PatternPlace, SynapsePattern } from './connectivity.js'
import { DENSE, type GivenMatrix } from './dense.js'
import { type GivenSynapses, LISTED_SYNAPSES } from './listed-synapses.js'
import { type GivenRule, RULE } from './rule.js'

/** Which pairs have synapses, as it was handed over. */
export type GivenPattern = GivenMatrix | GivenSynapses | GivenRule

type KindOf<Kind extends Connectivity['kind']> = ConnectivityKind<
  Extract<Connectivity, { readonly kind: Kind }>,
  Extract<GivenPattern, { readonly kind: Kind }>
>

const KINDS: { readonly [Kind in Connectivity['kind']]: KindOf<Kind> } = {
  dense: DENSE,
  synapses: LISTED_SYNAPSES,
  rule: RULE,
}

/** What the connectivity of a projection means. */
export function connectivityOf(projection: Projection): SynapsePattern {
  const { connectivity } = projection
  const kind: ConnectivityKind<Connectivity, GivenPattern> = KINDS[connectivity.kind]
  return kind.of(connectivity, projection)
}

/** Synapses, weights and delays of a projection as they are described. Raises `InputError`. */
export function readPattern(given: GivenPattern, place: PatternPlace, weightRule: NumberRule): DescribedSynapses {
  const kind: ConnectivityKind<Connectivity, GivenPattern> = KINDS[given.kind]
  return kind.validate(given, place, weightRule)
}

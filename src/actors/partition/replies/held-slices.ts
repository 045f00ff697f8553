import { hasSharedDelays } from '../../../dynamics/parameters/parameter-layout.js'
import type { Placement } from '../../../hardware/placement.js'
import { TERM_ORDER } from '../../../learning/gradient-squares.js'
import type { ParameterKind } from '../../../learning/session.js'
import { connectivityOf } from '../../../network/connectivity/connectivity-of.js'
import type { Group, Network, Projection } from '../../../network/description/network.js'
import { type TauShape, tauShapes } from '../../../network/description/time-constants.js'
import { hasNeurons, type LearnableArray, learnableOf } from '../../../network/models/models.js'
import { blocksIn, nodesOfSlice } from '../../../network/slices/blocks.js'
import type { GroupSlice } from '../../../network/slices/group-slice.js'
import type { TreeNode } from '../../../numerics/tree-nodes.js'

/** How many numbers of a projection a slice of its target holds. */
interface HeldProjection {
  readonly key: string
  readonly weights: () => number
  /** Those that neurons share are the first slice's. */
  readonly delays: () => number
}

/** What of a gradient a slice sums up the squares of; see `SquaresPart`. */
interface HeldTerm {
  readonly term: number
  readonly kind: ParameterKind
  readonly blocks: number
  readonly nodes: readonly TreeNode[]
}

/** A slice that a kernel of a core runs, and the numbers that it holds, as the coordinator knows them. */
export interface HeldSlice extends GroupSlice {
  readonly described: Group
  readonly size: number
  /** All projections into the group. */
  readonly projections: readonly HeldProjection[]
  readonly taus: readonly (TauShape & { readonly count: number })[]
  readonly terms: readonly HeldTerm[]
}

/**
 * The slices of neurons and of actors on a core.
 *
 * @param seed by which rules draw synapses: how many there are is drawn when it is first asked for
 */
export function heldSlices(network: Network, placement: Placement, core: number, seed: number): readonly HeldSlice[] {
  const placed = placement.cores.find((each) => each.core === core)?.slices ?? []
  return placed.flatMap((slice): readonly HeldSlice[] => {
    const described = network.groups.find(({ name }) => name === slice.group)
    if (described === undefined || described.kind === 'source') return []
    const size = slice.end - slice.start
    const incoming = network.projections.filter(({ target }) => target === slice.group)
    const taus = (hasNeurons(described) ? tauShapes(described) : []).map((shape) => {
      return { ...shape, count: shape.isCommon ? Number(slice.start === 0) : size }
    })
    const projections = incoming.map((projection) => heldProjection(network, projection, slice, seed))
    return [{ ...slice, described, size, projections, taus, terms: termsOf(network, described, slice) }]
  })
}

function heldProjection({ groups }: Network, projection: Projection, slice: GroupSlice, seed: number): HeldProjection {
  const sizeOf = (name: string) => groups.find((group) => group.name === name)?.size ?? 0
  const sizes = { sources: sizeOf(projection.source), targets: sizeOf(projection.target) }
  const connectivity = connectivityOf(projection)
  let count: number | null = null
  const weights = () => {
    count ??=
      connectivity.layout === 'dense'
        ? sizes.sources * (slice.end - slice.start)
        : connectivity.hold(sizes, seed, slice).targets.length
    return count
  }
  const shared = sharedDelays(projection, sizes.sources)
  const delays = () => {
    if (projection.delays.kind === 'none') return 0
    return shared === null ? weights() : slice.start === 0 ? shared : 0
  }
  return { key: projection.key, weights, delays }
}

/** How many delays neurons share; null where they share none. */
function sharedDelays({ delays }: Projection, sources: number): number | null {
  if (!hasSharedDelays({ delayShape: delays.kind })) return null
  return delays.kind === 'scalar' ? 1 : sources
}

function termsOf({ groups, projections }: Network, described: Group, slice: GroupSlice): readonly HeldTerm[] {
  const { size: total, name } = described
  const own = { blocks: blocksIn(total), nodes: nodesOfSlice(total, slice) }
  const whole = (count: number) => ({ blocks: blocksIn(count), nodes: nodesOfSlice(count, { start: 0, end: count }) })
  const isFirst = slice.start === 0
  const place = groups.indexOf(described)
  const ofGroup = ({ kind, field }: LearnableArray): HeldTerm => {
    return { term: TERM_ORDER.ofGroup(projections.length, place, field), kind, ...own }
  }
  const ofProjections = projections.flatMap((projection, order): readonly HeldTerm[] => {
    if (projection.target !== name) return []
    const sources = groups.find((group) => group.name === projection.source)?.size ?? 0
    const shared = sharedDelays(projection, sources)
    const delays = { term: TERM_ORDER.delays(order), kind: 'delays' } as const
    return [
      { term: TERM_ORDER.weights(order), kind: 'weights', ...own },
      ...(projection.delays.kind === 'perSynapse' ? [{ ...delays, ...own }] : []),
      ...(shared !== null && isFirst ? [{ ...delays, ...whole(shared) }] : []),
    ]
  })
  const taus = hasNeurons(described) ? tauShapes(described) : []
  return [
    ...ofProjections,
    ...learnableOf(described).map(ofGroup),
    ...taus.flatMap(({ field, isCommon }): readonly HeldTerm[] => {
      const term = TERM_ORDER.ofTau(projections.length, groups.length, place, field)
      if (!isCommon) return [{ term, kind: 'taus', ...own }]
      return isFirst ? [{ term, kind: 'taus', ...whole(1) }] : []
    }),
  ]
}

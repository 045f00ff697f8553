import type { Network, Projection } from '../network/description/network.js'
import { blockOf } from '../network/slices/blocks.js'
import { BLOCK } from '../numerics/block-sum.js'
import type { CutProjection } from './placement.js'
import { coresOfUnits, type SlicesPerCore } from './slices.js'

type Crossing = CutProjection['crossings'][number]

/** The core of every block of every group. */
type CoresOfBlocks = ReadonlyMap<string, Int32Array>

/**
 * The projections whose spikes leave their core, in the order of the list, with the pairs of cores they cross between.
 *
 * A dense projection or a rule that draws joins every source slice to every target slice; a list, and a rule that does
 * not, joins those that share a synapse.
 */
export function cutsOf(network: Network, cores: SlicesPerCore): readonly CutProjection[] {
  const coresOf = coresOfUnits(network, cores, BLOCK)
  return network.projections
    .map((projection) => ({ key: projection.key, crossings: crossingsOf(projection, coresOf, cores.length) }))
    .filter(({ crossings }) => crossings.length > 0)
}

function crossingsOf(
  { source, target, connectivity }: Projection,
  coresOf: CoresOfBlocks,
  count: number,
): readonly Crossing[] {
  const [from, to] = [coresOf.get(source), coresOf.get(target)]
  if (from === undefined || to === undefined) return []
  // A pair of cores as one number, so that a set can hold it.
  const pairs = new Set<number>()
  const add = (a: number, b: number) => {
    if (a !== b) pairs.add(a * count + b)
  }
  if (connectivity.kind === 'rule' && connectivity.rule.rule === 'oneToOne') {
    from.forEach((core, block) => {
      add(core, to[block] as number)
    })
  } else if (connectivity.kind !== 'synapses') {
    const targets = new Set(to)
    for (const a of new Set(from)) for (const b of targets) add(a, b)
  } else {
    connectivity.sources.forEach((unit, synapse) => {
      const targetUnit = connectivity.targets[synapse] as number
      add(from[blockOf(unit)] as number, to[blockOf(targetUnit)] as number)
    })
  }
  return [...pairs].sort((a, b) => a - b).map((pair) => ({ from: Math.floor(pair / count), to: pair % count }))
}

import type { Projection } from '../description/network.js'
import type { Slice } from '../slices/blocks.js'
import { type Origin, type Places, placesAt, placesBetween } from './draw.js'
import type { ProjectionValues } from './instance.js'
import { ruleSynapses } from './rule-synapses.js'

type Ends = Pick<ProjectionValues, 'layout' | 'sources' | 'targets' | 'absent' | 'sourceSize' | 'targetSize'>

/** The synapses of a projection that end in a slice of its target, and their places among all of them. */
export interface HeldSynapses extends Ends {
  readonly places: Places
}

/**
 * Chooses the synapses into a slice; those of other slices take no memory, but for the lists that name them, and no time,
 * but for rules that begin at the sources.
 *
 * @param sizes of the whole groups
 * @param seed of the draws of rules
 */
export function heldSynapses(
  { connectivity, key, source, target }: Projection,
  sizes: { readonly sources: number; readonly targets: number },
  seed: number,
  { start, end }: Slice,
): HeldSynapses {
  const targetSize = end - start
  const sourceSize = sizes.sources
  if (connectivity.kind === 'rule') {
    const origin: Origin = { seed, stream: `${key}/connect` }
    const shape = { ...sizes, isRecurrent: source === target }
    const synapses = ruleSynapses(connectivity.rule, shape, origin, { start, end })
    return { layout: 'synapses', sourceSize, targetSize, absent: null, ...synapses }
  }
  if (connectivity.kind === 'synapses') {
    const { sources, targets } = connectivity
    const indices = indicesWhere(targets, (target) => target >= start && target < end)
    return {
      layout: 'synapses',
      sourceSize,
      targetSize,
      sources: indices.map((s) => sources[s] as number),
      targets: indices.map((s) => (targets[s] as number) - start),
      absent: null,
      places: placesAt(indices),
    }
  }
  const places = placesBetween(start * sourceSize, end * sourceSize)
  const sources = new Uint32Array(places.count)
  const targets = new Uint32Array(places.count)
  for (let target = 0, s = 0; target < targetSize; target++) {
    for (let source = 0; source < sourceSize; source++, s++) {
      sources[s] = source
      targets[s] = target
    }
  }
  const absent = absentMask(connectivity.absent, start * sourceSize, places.count)
  return { layout: 'dense', sourceSize, targetSize, sources, targets, absent, places }
}

/** The indices of the entries that are wanted, ascending. */
function indicesWhere(entries: readonly number[], isWanted: (entry: number) => boolean): Uint32Array {
  const indices = new Uint32Array(entries.reduce((count, entry) => count + (isWanted(entry) ? 1 : 0), 0))
  let next = 0
  entries.forEach((entry, index) => {
    if (isWanted(entry)) indices[next++] = index
  })
  return indices
}

function absentMask(absent: readonly number[], first: number, count: number): Uint8Array | null {
  const here = absent.filter((index) => index >= first && index < first + count)
  if (here.length === 0) return null
  const mask = new Uint8Array(count)
  for (const index of here) mask[index - first] = 1
  return mask
}

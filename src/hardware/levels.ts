import type { Network } from '../network/description/network.js'
import { components } from '../network/graph/components.js'
import type { PlacementUnit } from './placement-units.js'

/**
 * The placement units of a network level by level: those of one can be computed at the same time, while each waits for the
 * one before.
 */
export function levelsOf(
  network: Network,
  placementUnits: readonly PlacementUnit[],
): readonly (readonly PlacementUnit[])[] {
  const levelOf = groupLevels(network)
  const levels: PlacementUnit[][] = []
  for (const placementUnit of placementUnits) {
    const level = levelOf.get(placementUnit.slices[0]?.group ?? '') ?? 0
    levels[level] ??= []
    levels[level]?.push(placementUnit)
  }
  return levels.filter((level) => level !== undefined)
}

/** The level of every group: how many components lie on the longest way to it; groups around a cycle are on the same. */
export function groupLevels(network: Network): ReadonlyMap<string, number> {
  const levelOf = new Map<string, number>()
  for (const { groups } of components(network)) {
    const sources = network.projections.filter(({ source, target }) => {
      return groups.includes(target) && !groups.includes(source)
    })
    const level = sources.reduce((most, { source }) => Math.max(most, (levelOf.get(source) ?? 0) + 1), 0)
    for (const group of groups) levelOf.set(group, level)
  }
  return levelOf
}

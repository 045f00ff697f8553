import type { Network } from '../network/description/network.js'
import { components } from '../network/graph/components.js'
import type { Piece } from './pieces.js'

/** The pieces of a network level by level: those of one can be computed at the same time, while each waits for the one before. */
export function levelsOf(network: Network, pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const levelOf = groupLevels(network)
  const levels: Piece[][] = []
  for (const piece of pieces) {
    const level = levelOf.get(piece.slices[0]?.group ?? '') ?? 0
    levels[level] ??= []
    levels[level]?.push(piece)
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

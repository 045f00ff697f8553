import fc from 'fast-check'
import { definePlacement } from '../../src/hardware/define-placement.js'
import type { Placement } from '../../src/hardware/placement.js'
import type { Network } from '../../src/network/description/network.js'
import { blocksOf } from '../../src/network/slices/blocks.js'
import type { GroupSlice } from '../../src/network/slices/group-slice.js'

/**
 * Any placement on 1 to `most` cores: groups cut anywhere between blocks, slices on any cores, none of them empty.
 *
 * @param cut groups of several blocks that lie on several cores for sure
 */
export function arbitraryPlacement(
  network: Network,
  most: number,
  cut: readonly string[] = [],
): fc.Arbitrary<Placement> {
  const groups = network.groups.map(({ name, size }) => {
    const blocks = blocksOf(size).length
    return fc
      .record({
        cuts: fc.uniqueArray(fc.integer({ min: 1, max: Math.max(1, blocks - 1) }), {
          minLength: cut.includes(name) ? 1 : 0,
          maxLength: Math.min(most, blocks) - 1,
        }),
        cores: fc.shuffledSubarray(
          Array.from({ length: most }, (_, core) => core),
          { minLength: most },
        ),
      })
      .map(({ cuts, cores }) => {
        const edges = [0, ...cuts.sort((x, y) => x - y).map((block) => block * 32), size]
        return edges.slice(1).map((end, k) => {
          const slice: GroupSlice = { group: name, start: edges[k] as number, end }
          return { core: cores[k] as number, slice }
        })
      })
  })
  return fc.tuple(...groups).map((lists) => {
    const perCore = Array.from({ length: most }, (_, core) => {
      return lists.flat().flatMap((placed) => (placed.core === core ? [placed.slice] : []))
    })
    return definePlacement(
      network,
      perCore.filter((slices) => slices.length > 0),
    )
  })
}

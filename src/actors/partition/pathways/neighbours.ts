import { DEFAULT_KERNEL, type KernelKind } from '../../../dynamics/kernels/kernel-kind.js'
import type { Placement } from '../../../hardware/placement.js'
import type { Network } from '../../../network/description/network.js'
import type { StreamUse } from '../../../streams/link.js'
import { pathwayTable, streamEnds } from './pathway-table.js'

/** What leads from one core to others. */
export interface Neighbourhood {
  /** Per core: those that a stream leads to or comes from, in rising order. */
  readonly neighbours: readonly (readonly number[])[]
  /** The emitting group of a stream between two cores; undefined where there is no such stream. */
  groupOf(stream: number, one: number, other: number): string | undefined
  useOf(stream: number): StreamUse
}

/** @param kernel of all partitions: it decides about streams */
export function neighbourhood(
  network: Network,
  placement: Placement,
  kernel: KernelKind = DEFAULT_KERNEL,
): Neighbourhood {
  const streams = streamEnds(pathwayTable(network, placement, kernel))
  const sets = placement.cores.map(() => new Set<number>())
  for (const { from, to } of streams.values()) {
    if (from === to) continue
    sets[from]?.add(to)
    sets[to]?.add(from)
  }
  return {
    neighbours: sets.map((set) => [...set].sort((a, b) => a - b)),
    groupOf(stream, one, other) {
      const ends = streams.get(stream)
      if (ends === undefined) return undefined
      const { group, from, to } = ends
      return (from === one && to === other) || (from === other && to === one) ? group : undefined
    },
    useOf: (stream) => streams.get(stream)?.use ?? 'neurons',
  }
}

import type { TellDone } from '../reach/drawn-rows.js'
import type { Partition } from './partitions.js'
import type { SpikeNets } from './spike-nets.js'

/**
 * Packets between cores, either way together; those of a core to itself are left out. Core k exchanges `packets[j]` with core
 * `partners[j]`, for j = `start[k]` … `start[k + 1] - 1`.
 */
export interface CoreGraph {
  readonly cores: number
  readonly start: Int32Array
  readonly partners: Int32Array
  readonly packets: Float64Array
}

/** Packets from each core to others, by the number of the other. */
export type PacketsBetween = readonly ReadonlyMap<number, number>[]

/** Number of nets between two progress reports. */
const OFTEN = 4096

/** One packet per spike and core that holds a target of it, its own left out. */
export function packetsBetween(
  partition: Partition,
  nets: SpikeNets,
  tell: TellDone = () => undefined,
): PacketsBetween {
  const coreOf = new Map(partition.flatMap((blocks, core) => blocks.map((block) => [block, core] as const)))
  const rows = partition.map(() => new Map<number, number>())
  for (let net = 0; net < nets.count; net++) {
    if (net % OFTEN === OFTEN - 1) tell(net, nets.count)
    const from = coreOf.get(nets.source[net] as number) as number
    const row = rows[from] as Map<number, number>
    const reached = new Set<number>()
    for (const block of nets.targetsOf(net)) reached.add(coreOf.get(block) as number)
    reached.delete(from)
    for (const to of reached) row.set(to, (row.get(to) ?? 0) + (nets.spikes[net] as number))
  }
  return rows
}

export function coreGraph(packets: PacketsBetween): CoreGraph {
  const edges = packets.map(() => new Map<number, number>())
  const add = (from: number, to: number, count: number) => {
    edges[from]?.set(to, (edges[from].get(to) ?? 0) + count)
  }
  packets.forEach((row, from) => {
    for (const [to, count] of row) {
      if (count === 0) continue
      add(from, to, count)
      add(to, from, count)
    }
  })
  const start = new Int32Array(edges.length + 1)
  edges.forEach(({ size }, core) => {
    start[core + 1] = (start[core] as number) + size
  })
  return {
    cores: edges.length,
    start,
    partners: Int32Array.from(edges.flatMap((row) => [...row.keys()])),
    packets: Float64Array.from(edges.flatMap((row) => [...row.values()])),
  }
}

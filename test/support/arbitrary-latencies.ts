import fc from 'fast-check'
import { placementOf } from '../../src/hardware/define-placement.js'
import type { Placement } from '../../src/hardware/placement.js'
import type { Network } from '../../src/network/description/network.js'

/** The same placement, whose cores hear of each other late, or at once. */
export function withArbitraryLatencies(network: Network, placement: Placement): fc.Arbitrary<Placement> {
  const cores = placement.cores.map(({ core }) => core)
  const latency = fc.constantFrom(0, 0.25, 1.3, 2 / 3)
  const row = fc.array(latency, { minLength: cores.length, maxLength: cores.length, size: 'max' })
  return fc.array(row, { minLength: cores.length, maxLength: cores.length, size: 'max' }).map((rows) =>
    withLatencies(
      network,
      placement,
      rows.map((entries, from) => entries.map((entry, to) => (from === to ? 0 : entry))),
    ),
  )
}

export function withLatencies(
  network: Network,
  { cores }: Placement,
  latencies: NonNullable<Placement['latencies']>,
): Placement {
  const slices = cores.map((core) => core.slices)
  return placementOf(network, slices, undefined, latencies)
}

import type { KernelKind } from '../../../dynamics/kernels/kernel-kind.js'
import { type WindowGroup, windowGroups } from '../../../dynamics/kernels/window/window-groups.js'
import { pairLatencies } from '../../../hardware/least-latency.js'
import type { Placement } from '../../../hardware/placement.js'
import type { Network } from '../../../network/description/network.js'

/**
 * The groups that run on the window kernel, which draws no spikes itself that take their time to it: those are drawn by the
 * source, and sent.
 */
export function windowedGroups(
  network: Network,
  placement: Placement,
  kernel: KernelKind,
): ReadonlyMap<string, WindowGroup> {
  const groups = windowGroups(network, kernel)
  const { cores, latencies } = placement
  if (latencies === undefined) return groups
  const slices = cores.map((core) => core.slices)
  const isNear = (source: string, target: string) =>
    pairLatencies(slices, latencies, { source, target }).every((latency) => latency === 0)
  return new Map(
    [...groups].map(([target, windowGroup]) => {
      const poissonInputs = [...windowGroup.poissonInputs].filter(([order]) =>
        isNear(network.projections[order]?.source as string, target),
      )
      return [target, { ...windowGroup, poissonInputs: new Map(poissonInputs) }]
    }),
  )
}

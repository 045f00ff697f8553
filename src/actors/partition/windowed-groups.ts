import type { KernelKind } from '../../dynamics/kernel-kind.js'
import { type WindowPlanOfGroup, windowGroups } from '../../dynamics/window/window-groups.js'
import type { Placement } from '../../hardware/placement.js'
import type { Network } from '../../network/network.js'

/**
 * The groups that run on the window kernel, which draws no spikes itself that take their time to it: those are drawn by the
 * source, and sent.
 */
export function windowedGroups(
  network: Network,
  placement: Placement,
  kernel: KernelKind,
): ReadonlyMap<string, WindowPlanOfGroup> {
  const groups = windowGroups(network, kernel)
  if (placement.latencies === undefined) return groups
  return new Map(
    [...groups].map(([target, plan]) => {
      const isNear = (order: number) => !areApart(placement, network.projections[order]?.source as string, target)
      return [target, { ...plan, drives: new Map([...plan.drives].filter(([order]) => isNear(order))) }]
    }),
  )
}

/** Whether some slice of one group is known only later to some slice of another. */
function areApart({ cores, latencies = [] }: Placement, source: string, target: string): boolean {
  const coresOf = (name: string) =>
    cores.flatMap(({ core, slices }) => (slices.some(({ group }) => group === name) ? [core] : []))
  const to = coresOf(target)
  return coresOf(source).some((from) => to.some((core) => (latencies[from]?.[core] ?? 0) > 0))
}

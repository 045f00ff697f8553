import type { Group, LifGroup, Network } from '../../network/description/network.js'
import { chooseKernels } from '../choose-kernel.js'
import type { KernelKind } from '../kernel-kind.js'
import { cellLength } from './cell-grid.js'
import { driveOf } from './drive-of.js'
import type { Drive } from './drive-places.js'
import { describedCell, type UnscaledPlan, unscaledPlan } from './unscaled-plan.js'

/** How the window kernel runs a group, from the description of the network alone: the same for all slices. */
export interface WindowPlanOfGroup {
  /** The projections whose spikes the kernel draws itself, by their place in the network's list. */
  readonly drives: ReadonlyMap<number, Drive>
  /** Absent where the state of the neurons is scaled. */
  readonly unscaled?: UnscaledPlan
}

/** The groups that run on the window kernel, by name; see `chooseKernels`. */
export function windowGroups(network: Network, kernel: KernelKind): ReadonlyMap<string, WindowPlanOfGroup> {
  const chosen = chooseKernels(network, kernel).filter(({ engine }) => engine === 'window')
  if (chosen.length === 0) return new Map()
  const names = chosen.map(({ group }) => group)
  return new Map(
    network.groups.flatMap((group): [string, WindowPlanOfGroup][] => {
      if (group.kind !== 'lif' || !names.includes(group.name)) return []
      return [[group.name, planOf(network, group)]]
    }),
  )
}

function planOf(network: Network, group: Group & LifGroup): WindowPlanOfGroup {
  const incoming = [...network.projections.entries()].filter(([, { target }]) => target === group.name)
  const unscaled = unscaledPlan(group)
  const taus = { tauMem: group.tauMem as number, tauSyn: group.tauSyn as number }
  const cell = unscaled === null ? cellLength(taus) : describedCell(group, unscaled)
  const drives = incoming.flatMap(([order, projection]): [number, Drive][] => {
    const drive = driveOf(network, projection, cell)
    return drive === null ? [] : [[order, drive]]
  })
  return { drives: new Map(drives), ...(unscaled === null ? {} : { unscaled }) }
}

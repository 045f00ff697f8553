import type { Group, LifGroup, Network } from '../../../network/description/network.js'
import { chooseKernels } from '../choose-kernel.js'
import type { KernelKind } from '../kernel-kind.js'
import { binLength } from './bins/bin-grid.js'
import { describedBin, type UnscaledForm, unscaledForm } from './bins/unscaled-form.js'
import { poissonInputOf } from './poisson/poisson-input-of.js'
import type { PoissonInput } from './poisson/poisson-input-places.js'

/** How the window kernel runs a group, from the description of the network alone: the same for all slices. */
export interface WindowGroup {
  /** The projections whose spikes the kernel draws itself, by their place in the network's list. */
  readonly poissonInputs: ReadonlyMap<number, PoissonInput>
  /** Absent where the state of the neurons is scaled. */
  readonly unscaled?: UnscaledForm
}

/** The groups that run on the window kernel, by name; see `chooseKernels`. */
export function windowGroups(network: Network, kernel: KernelKind): ReadonlyMap<string, WindowGroup> {
  const chosen = chooseKernels(network, kernel).filter(({ engine }) => engine === 'window')
  if (chosen.length === 0) return new Map()
  const names = chosen.map(({ group }) => group)
  return new Map(
    network.groups.flatMap((group): [string, WindowGroup][] => {
      if (group.kind !== 'lif' || !names.includes(group.name)) return []
      return [[group.name, windowGroupOf(network, group)]]
    }),
  )
}

function windowGroupOf(network: Network, group: Group & LifGroup): WindowGroup {
  const incoming = [...network.projections.entries()].filter(([, { target }]) => target === group.name)
  const unscaled = unscaledForm(group)
  const taus = { tauMem: group.tauMem as number, tauSyn: group.tauSyn as number }
  const bin = unscaled === null ? binLength(taus) : describedBin(group, unscaled)
  const poissonInputs = incoming.flatMap(([order, projection]): [number, PoissonInput][] => {
    const poissonInput = poissonInputOf(network, projection, bin)
    return poissonInput === null ? [] : [[order, poissonInput]]
  })
  return { poissonInputs: new Map(poissonInputs), ...(unscaled === null ? {} : { unscaled }) }
}

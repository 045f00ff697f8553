import type { Group, LifGroup, Network } from '../../../network/description/network.js'
import { type TauField, tauShapes } from '../../../network/description/time-constants.js'
import type { LifValues } from '../../../network/instance/instance.js'
import { isSpiking } from '../../../network/models/models.js'
import { describedTau, tauShapesOf } from '../../parameters/tau-values.js'
import { chooseKernels } from '../choose-kernel.js'
import type { KernelKind } from '../kernel-kind.js'
import { binLength, binUnder } from './bins/bin-grid.js'
import { type PoissonInput, poissonInputOf } from './poisson/poisson-input-places.js'

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
      if (!isSpiking(group) || !names.includes(group.name)) return []
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

/** What bounds the length of a bin. */
const OF_COURSE: readonly TauField[] = ['tauMem', 'tauSyn', 'tauSynExc', 'tauSynInh']
/**
 * What time constants that neurons have of their own count for in ms, whatever they are: slices know theirs alone, and a
 * network that is saved with what it has learned has the grid of the session that learned it.
 */
const TAUS_PER_NEURON = 2

/** How a group runs whose state is not scaled: with two synaptic time constants, or some per neuron. */
export interface UnscaledForm {
  /** In ms, what the time constants that neurons have of their own count for; Infinity if there are none. */
  readonly leastTau: number
}

/** Null of a group whose neurons share one tauMem, tauSyn and tauAdapt. */
function unscaledForm(group: Group & LifGroup): UnscaledForm | null {
  const own = tauShapes(group).filter(({ isCommon }) => !isCommon)
  if (own.length === 0 && group.tauSyn !== undefined) return null
  return { leastTau: own.some(({ field }) => OF_COURSE.includes(field)) ? TAUS_PER_NEURON : Number.POSITIVE_INFINITY }
}

/** Length of a bin in ms by the time constants that a group shares now, and what its form says of all others. */
export function unscaledBin(values: LifValues, { leastTau }: UnscaledForm): number {
  const common = tauShapesOf(values).filter(({ field, isCommon }) => isCommon && OF_COURSE.includes(field))
  return binUnder(Math.min(leastTau, ...common.map(({ field }) => describedTau(values, field)[0] as number)))
}

/** The same by the description. */
function describedBin(group: Group & LifGroup, { leastTau }: UnscaledForm): number {
  const described = group as unknown as Readonly<Record<TauField, number>>
  const common = tauShapes(group).filter(({ field, isCommon }) => isCommon && OF_COURSE.includes(field))
  return binUnder(Math.min(leastTau, ...common.map(({ field }) => described[field])))
}

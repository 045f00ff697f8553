import type { CreateActor } from '../../../dynamics/kernels/actor/actor-contract.js'
import type { ActorOrigin } from '../../../dynamics/kernels/actor/actor-kernel.js'
import { chooseKernels } from '../../../dynamics/kernels/choose-kernel.js'
import { type ComponentKernel, createSingleKernel } from '../../../dynamics/kernels/component-kernel.js'
import { createFusedKernel } from '../../../dynamics/kernels/fused-kernel.js'
import type { Kernel } from '../../../dynamics/kernels/kernel.js'
import {
  actorKernelOfGroup,
  chosenKernelOfGroup,
  windowKernelOfGroup,
} from '../../../dynamics/kernels/kernel-of-group.js'
import type { WorkerPool } from '../../../dynamics/kernels/simd/worker-pool.js'
import { InternalError } from '../../../events/errors.js'
import type { Placement } from '../../../hardware/placement.js'
import type { Network } from '../../../network/description/network.js'
import { type Component, components } from '../../../network/graph/components.js'
import { shortCycle } from '../../../network/graph/lookahead.js'
import type { ActorValues, NetworkInstance } from '../../../network/instance/instance.js'
import type { Computation } from '../../computation-options.js'
import { placedSlices, spikingSlices } from '../pathways/placed-slices.js'
import { windowedGroups } from '../pathways/windowed-groups.js'
import { createOperators, type OperatorSetup } from './create-operators.js'

/** What the kernels of a core are made from. */
export interface KernelSetup extends Pick<Computation, 'seed' | 'kernel'>, OperatorSetup {
  readonly network: Network
  /** The slices of this core and the projections into them. */
  readonly instance: NetworkInstance
  readonly placement: Placement
  readonly core: number
  /** The threads that SIMD kernels run on. */
  readonly pool: WorkerPool
  readonly beat: () => void
}

/** Makes the kernels of the slices that a core holds of a component of the network. */
export function createComponentKernels(setup: KernelSetup): (part: Component) => readonly ComponentKernel[] {
  const { network, instance, placement, core, seed, kernel, modules, pool } = setup
  const slices = placedSlices(placement)
  const spiking = spikingSlices(network, placement)
  const sourceSlices = (group: string) => spiking(group, core)
  const choices = new Map(chooseKernels(network, kernel).map((choice) => [choice.group, choice]))
  const windowed = windowedGroups(network, placement, kernel)
  const operatorsOf = createOperators(network, setup)

  /**
   * One component per slice, unless spikes go around a cycle of whole groups here in next to no time: then those groups
   * run within one kernel.
   */
  function kernelsOf(part: Component): readonly ComponentKernel[] {
    const held = part.groups.filter(isHeld)
    const [whole, cut] = [held.filter((name) => !isCut(name)), held.filter(isCut)]
    const inside = {
      groups: network.groups.filter(({ name }) => whole.includes(name)),
      projections: network.projections.filter(({ source, target }) => whole.includes(source) && whole.includes(target)),
    }
    return [
      ...components(inside).flatMap((tied) =>
        shortCycle(instance, tied) === null
          ? tied.groups.map(single)
          : [createFusedKernel(instance, tied.groups, sourceSlices, kernelOf, operatorsOf)],
      ),
      ...cut.map(single),
    ]
  }

  function single(name: string): ComponentKernel {
    // Its synapses are sorted, which may take long.
    setup.beat()
    const ways = windowed.get(name)
    if (ways !== undefined)
      return createSingleKernel(windowKernelOfGroup(ways, instance, name, seed, sourceSlices), operatorsOf)
    return createSingleKernel(kernelOf(name), operatorsOf)
  }

  function kernelOf(name: string): Kernel {
    const held = instance.groups.find((values) => values.name === name)
    if (held?.kind === 'actor') return actorKernelOfGroup(instance, held, originOf(held), sourceSlices)
    const choice = choices.get(name)
    if (choice?.engine !== 'simd') return chosenKernelOfGroup('reference', instance, name, sourceSlices)
    return chosenKernelOfGroup('simd', instance, name, sourceSlices, pool, choice.feed ?? undefined)
  }

  function originOf({ name, module }: ActorValues): ActorOrigin {
    const create = modules.get(module)
    if (create === undefined) throw new InternalError(`The module of the actor "${name}" is not loaded.`)
    const note = setup.noteVerbs?.({ kind: 'actor', name, group: name, module: module.module })
    return { create: create as CreateActor, seed: seed, note }
  }

  function isCut(group: string): boolean {
    return (slices.get(group)?.length ?? 0) > 1
  }

  /** Whether a group of neurons has a slice here. */
  function isHeld(name: string): boolean {
    if (network.groups.find((group) => group.name === name)?.kind === 'source') return false
    return slices.get(name)?.some((slice) => slice.core === core) === true
  }

  return kernelsOf
}

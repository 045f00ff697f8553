import type { ActorValues, NetworkInstance, NeuronValues, ProjectionValues } from '../../network/instance/instance.js'
import { hasNeurons, isSpiking } from '../../network/models/models.js'
import type { ArrivalSharing } from '../parameters/synapses.js'
import type { SourceSlices } from '../timeline/kernel-input.js'
import { ActorKernel, type ActorOrigin } from './actor/actor-kernel.js'
import type { Kernel } from './kernel.js'
import type { KernelKind } from './kernel-kind.js'
import { GroupKernel } from './reference/group-kernel.js'
import { SimdKernel } from './simd/simd-kernel.js'
import type { WorkerPool } from './simd/worker-pool.js'
import type { WindowGroup } from './window/window-groups.js'
import { WindowKernel } from './window/window-kernel.js'

/**
 * The reference kernel of one group of a network, or of the slice that the instance holds of it.
 *
 * @param sourceSlices how the sources of its projections are cut; default: each is whole
 */
export function kernelOfGroup(instance: NetworkInstance, group: string, sourceSlices?: SourceSlices): GroupKernel {
  const { values, projections } = partsOf(instance, group)
  return new GroupKernel(values, projections, sourceSlices)
}

/**
 * The same with a kernel of one's choice; the group must suit it.
 *
 * @param pool threads that the SIMD kernel runs on; default: this one
 * @param feed of the SIMD kernel, see `KernelChoice`; default: that of what is held
 */
export function chosenKernelOfGroup(
  kind: KernelKind,
  instance: NetworkInstance,
  group: string,
  sourceSlices?: SourceSlices,
  pool?: WorkerPool,
  feed?: ArrivalSharing,
): Kernel {
  const { values, projections } = partsOf(instance, group)
  if (kind === 'reference') return new GroupKernel(values, projections, sourceSlices)
  return new SimdKernel(values, projections, sourceSlices, pool, feed)
}

/**
 * The window kernel of a group.
 *
 * @param windowGroup see `windowGroups`
 * @param seed of the spikes that it draws itself
 */
export function windowKernelOfGroup(
  windowGroup: WindowGroup,
  instance: NetworkInstance,
  group: string,
  seed: number,
  sourceSlices?: SourceSlices,
): WindowKernel {
  const { values, projections } = partsOf(instance, group)
  if (!isSpiking(values)) throw new RangeError(`"${group}" is not a group of LIF neurons`)
  return new WindowKernel(values, projections, windowGroup, seed, sourceSlices)
}

/** The kernel of an actor, whose units the module computes that `origin` knows. */
export function actorKernelOfGroup(
  instance: NetworkInstance,
  values: ActorValues,
  origin: ActorOrigin,
  sourceSlices?: SourceSlices,
): ActorKernel {
  const projections = instance.projections.filter(({ target }) => target === values.name)
  return new ActorKernel(values, projections, origin, sourceSlices)
}

interface GroupParts {
  readonly values: NeuronValues
  readonly projections: readonly ProjectionValues[]
}

function partsOf({ groups, projections }: NetworkInstance, group: string): GroupParts {
  const values = groups.find(({ name }) => name === group)
  if (values === undefined || !hasNeurons(values)) throw new RangeError(`"${group}" is not a group of neurons`)
  return { values, projections: projections.filter(({ target }) => target === group) }
}

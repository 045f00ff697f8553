import type { NetworkInstance } from '../network/instance.js'
import { GroupKernel } from './group-kernel.js'
import type { SourceSlices } from './kernel-input.js'

/**
 * The kernel of one group of a network, or of the slice that the instance holds of it.
 *
 * @param sourceSlices how the sources of its projections are cut; default: each is whole
 */
export function kernelOfGroup(instance: NetworkInstance, group: string, sourceSlices?: SourceSlices): GroupKernel {
  const values = instance.groups.find(({ name }) => name === group)
  if (values === undefined || values.kind === 'source') throw new RangeError(`"${group}" is not a group of neurons`)
  const projections = instance.projections.filter(({ target }) => target === group)
  return new GroupKernel(values, projections, sourceSlices)
}

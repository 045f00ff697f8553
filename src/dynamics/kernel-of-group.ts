import type { NetworkInstance, ProjectionValues } from '../network/instance.js'
import { GroupKernel } from './group-kernel.js'

/** A projection into a group, and its place in the network's list. */
export interface PlacedProjection {
  readonly order: number
  readonly values: ProjectionValues
}

/** The kernel of one group of a network, and the projections it listens to, in the kernel's order. */
export function kernelOfGroup(
  instance: NetworkInstance,
  group: string,
): { readonly kernel: GroupKernel; readonly afferents: readonly PlacedProjection[] } {
  const values = instance.groups.find(({ name }) => name === group)
  if (values === undefined || values.kind === 'source') throw new RangeError(`"${group}" is not a group of neurons`)
  const afferents = instance.projections
    .map((projection, order) => ({ order, values: projection }))
    .filter((projection) => projection.values.target === group)
  const kernel = new GroupKernel(
    values,
    afferents.map((afferent) => afferent.values),
  )
  return { kernel, afferents }
}

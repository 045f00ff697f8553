import type { ComponentKernel } from '../../dynamics/kernels/component-kernel.js'
import { entryOf } from '../../events/by-name.js'
import type { Run } from './run.js'

/** Raises `InputError` NEAR_MISS_KERNEL where a kernel cannot have its part in a heuristic of near misses. */
export function admitNearMisses({ kernels }: ComponentKernel, { loss }: Run): void {
  if (loss?.nearMiss === undefined) return
  const hasSome = (group: string) => entryOf(loss.nearMiss, group) !== undefined
  for (const kernel of kernels) {
    if (hasSome(kernel.values.name)) kernel.admitNearMisses('own')
    if (kernel.inputs.some(({ source }) => hasSome(source))) kernel.admitNearMisses('heard')
  }
}

import type { GroupKernel } from '../dynamics/group-kernel.js'
import type { NetworkInstance } from '../network/instance.js'

/** The instance with the biases, thresholds and delays of this moment, as far as questions about run ends need them. */
export function currentInstance(instance: NetworkInstance, kernels: readonly GroupKernel[]): NetworkInstance {
  return {
    ...instance,
    groups: instance.groups.map((group) => {
      const kernel = kernels.find(({ values }) => values.name === group.name)
      if (kernel === undefined || group.kind === 'source') return group
      const { layout, parameters } = kernel
      const part = (from: number) => parameters.subarray(from, from + group.size)
      const bias = part(layout.bias)
      return group.kind === 'li' ? { ...group, bias } : { ...group, bias, threshold: part(layout.threshold) }
    }),
  }
}

import type { Network } from '../../src/network/description/network.js'
import type { DrivenKernel } from './drive-kernel.js'
import { poissonReference } from './window-case.js'

/** The reference kernel of a group, which draws what its Poisson inputs bring, with the inputs of the window kernel. */
export function poissonReferenceKernel(network: Network, group: string, inputs: DrivenKernel['inputs']): DrivenKernel {
  const reference = poissonReference(network, group)
  const { kernel } = reference
  return new Proxy(kernel as DrivenKernel, {
    get(target, name) {
      if (name === 'inputs') return inputs
      const of = name in reference && name !== 'kernel' ? reference : target
      const value = Reflect.get(of, name) as unknown
      return typeof value === 'function' ? value.bind(of) : value
    },
  })
}

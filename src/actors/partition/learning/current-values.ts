import type { Kernel } from '../../../dynamics/kernels/kernel.js'
import type { GroupValues } from '../../../network/instance/instance.js'

/** A slice with the biases and thresholds of this moment, as far as questions about run ends need them. */
export function currentValues({ values, layout, parameters }: Kernel): GroupValues {
  const part = (from: number) => parameters.subarray(from, from + values.size)
  const bias = part(layout.bias)
  if (values.kind === 'actor') return values
  return values.kind === 'li' ? { ...values, bias } : { ...values, bias, threshold: part(layout.threshold) }
}

import { InputError } from '../events/errors.js'

/**
 * Which kernel runs the groups: the one in WebAssembly where it suits a group, or the plain reference everywhere. Both
 * agree to the accuracy of the model, not to the bit: all partitions of a cluster use the same.
 */
export type KernelKind = 'simd' | 'reference'

export const KERNEL_KINDS: readonly KernelKind[] = ['simd', 'reference']

export const DEFAULT_KERNEL: KernelKind = 'simd'

/** Raises `InputError` KERNEL_UNKNOWN. */
export function checkKernelKind(kind: unknown): void {
  if (KERNEL_KINDS.some((each) => each === kind)) return
  throw new InputError({
    code: 'KERNEL_UNKNOWN',
    field: 'options.kernel',
    found: String(kind),
    expected: '"simd" or "reference"',
  })
}

import { InputError } from '../events/errors.js'

/**
 * Which kernel runs the groups: the one in WebAssembly where it suits a group, or the plain reference everywhere. Both
 * agree to the accuracy of the model, not to the bit: all partitions of a cluster use the same.
 */
export type KernelKind = 'simd' | 'reference'

const KERNEL_KINDS: readonly unknown[] = ['simd', 'reference'] satisfies readonly KernelKind[]

/** Raises `InputError` KERNEL_UNKNOWN. */
export function checkKernelKind(kind: unknown): void {
  if (KERNEL_KINDS.includes(kind)) return
  throw new InputError({
    code: 'KERNEL_UNKNOWN',
    field: 'options.kernel',
    found: String(kind),
    expected: '"simd" or "reference"',
  })
}

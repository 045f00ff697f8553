import { wordOf } from '../../network/reading/read-value.js'

/**
 * Which kernel runs the groups: the one in WebAssembly where it suits a group, or the plain reference everywhere. Both
 * agree to the accuracy of the model, not to the bit: all partitions of a cluster use the same.
 */
export type KernelKind = 'simd' | 'reference'

export const KERNEL_KINDS: readonly KernelKind[] = ['simd', 'reference']

export const DEFAULT_KERNEL: KernelKind = 'simd'

/** Raises `InputError` KERNEL_UNKNOWN. */
export const readKernelKind = wordOf(KERNEL_KINDS, 'KERNEL_UNKNOWN')

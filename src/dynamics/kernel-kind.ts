/**
 * Which kernel runs the groups: the one in WebAssembly where it suits a group, or the plain reference everywhere. Both
 * agree to the accuracy of the model, not to the bit: all partitions of a cluster use the same.
 */
export type KernelKind = 'simd' | 'reference'

export const KERNEL_KINDS: readonly KernelKind[] = ['simd', 'reference']

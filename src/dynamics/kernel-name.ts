/** Which kernels these are: results of different ones agree to many digits, but not to the last bit. */
export const KERNEL_NAME = 'reference'

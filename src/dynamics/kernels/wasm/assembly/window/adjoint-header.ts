/** Where the header of a window kernel's way back lies. */
export let adjointHeader: usize = 0

export function attachAdjoint(address: usize): void {
  adjointHeader = address
}

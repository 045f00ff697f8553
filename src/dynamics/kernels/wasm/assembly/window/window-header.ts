/** Where the header of a window kernel lies. */
export let windowHeader: usize = 0

export function attachWindow(address: usize): void {
  windowHeader = address
}

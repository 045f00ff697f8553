/** Where the plan of a window kernel lies. */
export let windowPlan: usize = 0

export function attachWindow(address: usize): void {
  windowPlan = address
}

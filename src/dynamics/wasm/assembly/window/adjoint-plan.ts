/** Where the plan of a window kernel's way back lies. */
export let adjointPlan: usize = 0

export function attachAdjoint(address: usize): void {
  adjointPlan = address
}

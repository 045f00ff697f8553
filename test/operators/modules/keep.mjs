// An operator that does nothing.
export function createOperator() {
  return { apply: () => ({}) }
}

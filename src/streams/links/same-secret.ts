/** Whether two secrets are the same; takes as long wherever the first difference is. */
export function isSameSecret(found: Uint8Array, expected: Uint8Array): boolean {
  let difference = found.length ^ expected.length
  for (let k = 0; k < expected.length; k++) difference |= (found[k] ?? 0) ^ (expected[k] ?? 0)
  return difference === 0
}

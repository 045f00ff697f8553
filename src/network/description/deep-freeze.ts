/** Freezes a value made of plain objects and lists, and all it holds; returns it. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  // Long lists of numbers hold nothing to freeze.
  if (Array.isArray(value) && typeof value[0] === 'number') return value
  for (const part of Object.values(value)) deepFreeze(part)
  return value
}

/** Whether an object is what `{ … }` makes, also in another realm, or inherits nothing at all. */
export function isPlain(value: object): boolean {
  const above: object | null = Object.getPrototypeOf(value)
  return above === null || isRoot(above)
}

/** Whether an object has fields that are not its own, so that reading these would leave something out. Methods are none. */
export function inheritsFields(value: object): boolean {
  let above: object | null = Object.getPrototypeOf(value)
  for (; above !== null && !isRoot(above); above = Object.getPrototypeOf(above)) {
    const inherited = Object.entries(Object.getOwnPropertyDescriptors(above))
    if (inherited.some(([name, { value: method }]) => name !== 'constructor' && typeof method !== 'function'))
      return true
  }
  return false
}

/** Whether it is `Object.prototype`, maybe that of another realm. */
function isRoot(above: object): boolean {
  return Object.getPrototypeOf(above) === null && Object.hasOwn(above, 'isPrototypeOf')
}

/** What a module may not look at: found by name, for the library itself never looks at it either. */
const HIDDEN: readonly (readonly [owner: string, name: string, words: string])[] = [
  ['Math', 'random', 'a number of chance that no seed decides'],
  ['Date', 'now', 'the time of day'],
  ['performance', 'now', 'a clock'],
]

/** Runs something, and says which of the things that differ from run to run it has asked for; null if none. */
export function hiddenCalls(run: () => void): string | null {
  let found: string | null = null
  const owners = HIDDEN.map(([owner]) => Reflect.get(globalThis, owner) as object)
  const kept = HIDDEN.map(([, name], k) => Object.getOwnPropertyDescriptor(owners[k] as object, name))
  const before = HIDDEN.map(([, name], k) => Reflect.get(owners[k] as object, name) as () => unknown)
  HIDDEN.forEach(([, name, words], k) => {
    const owner = owners[k] as object
    const value = (...given: readonly unknown[]) => {
      found ??= words
      return Reflect.apply(before[k] as () => unknown, owner, given)
    }
    Object.defineProperty(owner, name, { value, configurable: true, writable: true })
  })
  try {
    run()
  } finally {
    HIDDEN.forEach(([, name], k) => {
      const owner = owners[k] as object
      const descriptor = kept[k]
      if (descriptor === undefined) Reflect.deleteProperty(owner, name)
      else Object.defineProperty(owner, name, descriptor)
    })
  }
  return found
}

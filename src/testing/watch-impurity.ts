/** What a pure function never asks: chance and clocks, by the object that has them. */
const SOURCES: readonly (readonly [object: string, members: readonly string[]])[] = [
  ['Math', ['random']],
  ['Date', ['now']],
  ['performance', ['now']],
  ['crypto', ['getRandomValues', 'randomUUID']],
]

/** Does some work, and says what of chance and clocks was asked meanwhile, such as Date.now; null: nothing. */
export function askedMeanwhile<Result>(work: () => Result): { readonly result: Result; readonly asked: string | null } {
  let asked: string | null = null
  const restore: (() => void)[] = []
  for (const [name, members] of SOURCES) {
    const owner: unknown = Reflect.get(globalThis, name)
    if (typeof owner !== 'object' && typeof owner !== 'function') continue
    const watched = new Proxy(owner as object, {
      get(target, member) {
        if (members.includes(String(member))) asked ??= `${name}.${String(member)}`
        const value: unknown = Reflect.get(target, member)
        return typeof value === 'function' ? value.bind(target) : value
      },
      construct(target, given) {
        if (given.length === 0) asked ??= `new ${name}`
        return Reflect.construct(target as new () => object, given)
      },
    })
    const own = Object.getOwnPropertyDescriptor(globalThis, name) as PropertyDescriptor
    Object.defineProperty(globalThis, name, { value: watched, configurable: true, writable: true })
    restore.push(() => Object.defineProperty(globalThis, name, own))
  }
  try {
    return { result: work(), asked }
  } finally {
    for (const each of restore) each()
  }
}

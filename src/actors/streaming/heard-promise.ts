const WAYS_TO_WAIT: readonly (string | symbol)[] = ['then', 'catch', 'finally'] satisfies (keyof Promise<unknown>)[]

/** The same promise, of which is told whenever somebody waits for it; to be handed it is not to wait. */
export function heardPromise<Value>(promise: Promise<Value>, onAwaited: () => void): Promise<Value> {
  return new Proxy(promise, {
    get(target, name) {
      if (WAYS_TO_WAIT.includes(name)) onAwaited()
      const value: unknown = Reflect.get(target, name)
      // The methods of a promise take no proxy for one.
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

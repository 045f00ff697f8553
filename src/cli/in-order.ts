import { createDeferred } from '../actors/supervision/deferred.js'

interface Lanes {
  /** How many are done at a time. */
  readonly parallel: number
  readonly signal: AbortSignal
}

/**
 * Does some things at a time and yields what came of each in their order, as soon as all before it are done. After an error,
 * or where the caller stops, the signal of those under way is aborted, and they are waited for.
 */
export async function* inOrder<Each, Result>(
  all: readonly Each[],
  { parallel, signal }: Lanes,
  work: (each: Each, signal: AbortSignal) => Promise<Result>,
): AsyncGenerator<Result> {
  const results = all.map(() => createDeferred<Result>())
  const stopped = new AbortController()
  const either = AbortSignal.any([signal, stopped.signal])
  let next = 0

  async function lane(): Promise<void> {
    while (next < all.length) {
      const k = next++
      const { resolve, reject } = results[k] as (typeof results)[number]
      try {
        either.throwIfAborted()
        resolve(await work(all[k] as Each, either))
      } catch (error) {
        reject(error as Error)
        stopped.abort(error)
      }
    }
  }

  const lanes = Promise.all(Array.from({ length: Math.min(parallel, all.length) }, lane))
  try {
    for (const { promise } of results) yield await promise
  } finally {
    stopped.abort()
    await lanes
  }
}

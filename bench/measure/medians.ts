import { Bench } from 'tinybench'
import { ownSeconds } from './processor-time.js'

/** Something to time; `before` runs before every call and is not timed. */
export interface Timed {
  readonly run: () => unknown
  readonly before?: () => void
}

/**
 * Median milliseconds of processor time per call of each function, one after the other; other processes do not count.
 *
 * @param time milliseconds per function
 */
export async function medians<Name extends string>(
  functions: Readonly<Record<Name, Timed>>,
  time: number,
): Promise<Readonly<Record<Name, number>>> {
  const now = () => 1000 * ownSeconds()
  const bench = new Bench({ now, time, warmupTime: time / 2, iterations: 3, warmupIterations: 1 })
  for (const [name, { run, before }] of Object.entries<Timed>(functions))
    bench.add(name, run, before === undefined ? {} : { beforeEach: before })
  await bench.run()
  const entries = bench.tasks.map(({ name, result }) => {
    if (result.state === 'errored') throw new Error(`${name} failed`, { cause: result.error })
    if (result.state !== 'completed') throw new Error(`${name} did not run: ${result.state}`)
    return [name, result.latency.p50]
  })
  return Object.fromEntries(entries) as Record<Name, number>
}

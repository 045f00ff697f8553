import { Bench } from 'tinybench'

/** A measured figure and what it is measured against. */
export interface Figure {
  readonly benchmark: string
  readonly value: number
  readonly unit: string
  /** What the ratio compares with, and its figure in the same unit. */
  readonly rival: string
  readonly rivalValue: number
}

/** Median milliseconds per call of each function, measured side by side. */
export async function medians<Name extends string>(
  tasks: Readonly<Record<Name, () => unknown>>,
): Promise<Readonly<Record<Name, number>>> {
  const bench = new Bench({ time: 500, warmupTime: 200 })
  for (const [name, run] of Object.entries<() => unknown>(tasks)) bench.add(name, run)
  await bench.run()
  const entries = bench.tasks.map(({ name, result }) => {
    if (result.state !== 'completed') throw new Error(`${name} did not run`)
    return [name, result.latency.p50]
  })
  return Object.fromEntries(entries) as Record<Name, number>
}

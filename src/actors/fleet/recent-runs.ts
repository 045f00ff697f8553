/** What is known of each of the runs that were heard of last. */
export interface RecentRuns<Known> {
  get(run: string): Known | undefined
  set(run: string, known: Known): void
}

/** @param most runs that are remembered; one beyond it takes the place of that which was set longest ago */
export function createRecentRuns<Known>(most: number): RecentRuns<Known> {
  const runs = new Map<string, Known>()
  return {
    get: (run) => runs.get(run),
    set(run, known) {
      runs.delete(run)
      runs.set(run, known)
      const [oldest] = runs.keys()
      if (runs.size > most && oldest !== undefined) runs.delete(oldest)
    },
  }
}

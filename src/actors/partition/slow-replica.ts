import type { Partition } from './partition.js'

/** Runs after which the times of replicas are compared first; then after twice as many. */
const FIRST_LOOK = 32
/** Where parts are unequal, one has at most twice the trials of another. */
const TOO_SLOW = 4

/**
 * Compares the time that replicas of a core spend in kernels and optimisers, now and then, and says once which of them takes
 * over 4 times as long as the fastest, as all wait for it.
 *
 * @returns what is called after each run that all have computed a part of
 */
export function watchSlowness(
  replicas: readonly Pick<Partition, 'core' | 'kernelSeconds'>[],
  note: (note: string) => void,
): () => void {
  let runs = 0
  let next = FIRST_LOOK
  let before: readonly number[] = replicas.map(() => 0)
  let isSaid = false

  async function look(): Promise<void> {
    const total = await Promise.all(replicas.map((replica) => replica.kernelSeconds()))
    const spent = total.map((seconds, replica) => seconds - (before[replica] as number))
    before = total
    const [least, most] = [Math.min(...spent), Math.max(...spent)]
    if (!(most > TOO_SLOW * least && least > 0)) return
    isSaid = true
    const core = replicas[0]?.core
    const times = (most / least).toFixed(1)
    note(
      `Replica ${spent.indexOf(most)} of core ${core} takes ${times} times as long as the fastest for its part of a mini-batch, and all wait for it. Use machines of one kind, or leave that one out.`,
    )
  }

  return () => {
    if (++runs < next || isSaid) return
    next *= 2
    // A replica that is lost meanwhile says so in its next run.
    look().catch(() => undefined)
  }
}

import { type Session, spikeCount, type Trials } from '../../dist/index.js'
import { ownSeconds } from './processor-time.js'

/** Runs again and again, once at least; returns the nanoseconds of processor time of one: the mean over so many seconds. */
export async function costOfRuns(run: () => Promise<unknown>, seconds: number): Promise<number> {
  const start = ownSeconds()
  for (let count = 1; ; count++) {
    await run()
    const spent = ownSeconds() - start
    if (spent >= seconds) return (1e9 * spent) / count
  }
}

/** Gradients of all parameters, of a loss on the spikes of the group `out`. */
export function gradientOf(session: Session, trials: Trials): Promise<unknown> {
  return session.gradient(trials, spikeCount('out', { tau: 20 }), new Uint8Array(trials.count))
}

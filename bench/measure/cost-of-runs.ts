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

/** On the spikes of the outputs of `networkOf`. */
export const LOSS = spikeCount('out', { tau: 20 })

/** Gradients of all parameters. */
export function gradientOf(session: Session, trials: Trials): Promise<unknown> {
  return session.gradient(trials, LOSS, new Uint8Array(trials.count))
}

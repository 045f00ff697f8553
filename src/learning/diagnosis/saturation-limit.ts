/** Spikes of a neuron in a trial. */
const MANY = 20

/**
 * A neuron is saturated in a trial in which it spikes more often than this: 20 times, or so often that it spends more than
 * half of the trial in its refractory periods.
 *
 *     min(20, until / (2 refractory))
 *
 * A heuristic for people, on which nothing depends: exact training uses a few spikes of a neuron, and many of them cost
 * time and blur what a single one says.
 *
 * @param until length of the trial in ms; may be infinite
 * @param refractory in ms
 */
export function saturationLimit(until: number, refractory: number): number {
  return Math.min(MANY, Math.floor(until / (2 * refractory)))
}

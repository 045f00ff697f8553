import type { Loss } from '../../learning/loss.js'
import type { FiringTally } from '../group/firing-tally.js'

/** (hidden neuron, trial) pairs, and how many of them had no spike; hidden: every LIF group but the loss's. */
export function silence(
  tallies: readonly FiringTally[],
  loss: Loss | null,
): { readonly pairs: number; readonly silent: number } {
  let pairs = 0
  let silent = 0
  for (const { group, pairs: all, fired } of tallies) {
    if (loss === null || group === loss.group) continue
    pairs += all
    silent += all - fired
  }
  return { pairs, silent }
}

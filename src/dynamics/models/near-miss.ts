/** How near a maximum of V may come to the threshold to be felt, and how strongly; voltages in the units of the threshold. */
export interface NearMiss {
  /** Maxima are felt that lie by less than this below the threshold of their time. */
  readonly below: number
  /** A maximum counts once V has fallen by this much from it, or the trial has ended. */
  readonly fall: number
  readonly strength: number
  /** Spikes are felt, too, that might not have been; default false. */
  readonly dying?: boolean
}

/**
 * Heuristic, no gradient: what a maximum of V adds to dL/dV at its time, held fixed, and takes from dL/dtheta.
 *
 * The exact gradient does not see a spike being born, or dying: the loss jumps there. This acts as if a maximum of V were a
 * spike with a probability that rises smoothly, of z = V - theta at the maximum, theta being threshold + A of then, and b
 * being `below`:
 *
 *     P = (1 + z/b)^2 / 2  for -b < z < 0        P = 1 - (1 - z/b)^2 / 2  for 0 <= z < b        dP/dz = (1 - |z|/b) / b
 *
 * and the loss changed by P E: what is added is strength · E · dP/dz. E is what one more spike at that time would do to the
 * loss, to first order, its own reset ignored: summed over the synapses of the neuron, E = sum of w pI(t + d).
 *
 * A near miss, z < 0, is a local maximum of V from which V has fallen by `fall`, or the trial has ended, without a spike and
 * without having risen beyond. Of a spike z is that of V as it would have gone on without its reset, W: W falls by `fall`
 * from its maximum, or the neuron's next spike or the end of the trial comes before; z is how far that maximum is above
 * theta without what the spike has added to A. It adds to dL/dV at the spike. Both go through arrivals, which are only
 * other V' to them: how dense these are does not show.
 *
 * @param effect E
 */
export function birthPush({ below, strength }: NearMiss, effect: number, z: number): number {
  const left = below - Math.abs(z)
  return left > 0 ? (strength * effect * (left / below)) / below : 0
}

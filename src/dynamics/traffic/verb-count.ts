/** How often the neurons of a group did something, or their adjoint; see `Neurons` and `Adjoint`. */
export class VerbCount {
  /** Put at rest. */
  resets = 0
  /** Carried over some time: V and the currents; the currents alone; the adaptation. */
  flows = 0
  decays = 0
  adaptations = 0
  /** Own events: arrivals, spikes, ends of refractory periods. */
  arrivals = 0
  spikes = 0
  ends = 0
}

import type { SpikeTrains } from '../../events/spike-trains.js'

/** Counts the synaptic events that spikes cause through one projection into a kernel. */
export interface ArrivalCounter {
  /** Whether spikes of a unit of the source concern somebody here. */
  isHeard(unit: number): boolean
  /** A run begins, with the delays of now. */
  begin(until: number): void
  /** One event per synapse of each spike whose arrival, spike time + delay, comes before the end of the trials. */
  count(trains: Pick<SpikeTrains, 'times' | 'units'>): number
}

import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { OWN_EVENT, OWN_PEAK, OWN_SPIKE, UNDONE } from '../../wasm/schema/adjoint-records.js'
import type { TapedArrivals, TrialTape } from './run-tape.js'

/** Writes the arrivals of a bin where they are undone; returns how many bytes of records they come to. */
export function writeUndone({ f64, u32 }: KernelMemory, at: number, arriving: TapedArrivals): number {
  const { count, times, projections, units, firsts, ends, slots } = arriving
  let bytes = 0
  for (let k = 0; k < count; k++) {
    const undone = at + UNDONE.size * k
    const [first, end] = [firsts[k] as number, ends[k] as number]
    f64[(undone + UNDONE.at.time) / 8] = times[k] as number
    u32[(undone + UNDONE.at.projection) / 4] = projections[k] as number
    u32[(undone + UNDONE.at.row) / 4] = units[k] as number
    u32[(undone + UNDONE.at.first) / 4] = first
    u32[(undone + UNDONE.at.end) / 4] = end
    u32[(undone + UNDONE.at.slot) / 4] = slots[k] as number
    bytes += end - first
  }
  return bytes
}

/**
 * Writes the own events of a trial from one on.
 *
 * @param deltaOf what came back for the k-th spike among them
 */
export function writeOwnEvents(
  { f64, u32 }: KernelMemory,
  at: number,
  { count, times, currents, adaptations, neurons, kinds }: TrialTape,
  from: number,
  deltaOf: (k: number) => number,
): void {
  let spikes = 0
  for (let k = from; k < count; k++) {
    const event = at + OWN_EVENT.size * (k - from)
    const kind = kinds[k] as number
    const ofPeak = kind === OWN_PEAK ? (currents[k] as number) : 0
    f64[(event + OWN_EVENT.at.time) / 8] = times[k] as number
    f64[(event + OWN_EVENT.at.current) / 8] = currents[k] as number
    f64[(event + OWN_EVENT.at.adaptation) / 8] = adaptations[k] as number
    f64[(event + OWN_EVENT.at.delta) / 8] = kind === OWN_SPIKE ? deltaOf(spikes++) : ofPeak
    u32[(event + OWN_EVENT.at.neuron) / 4] = neurons[k] as number
    u32[(event + OWN_EVENT.at.kind) / 4] = kind
  }
}

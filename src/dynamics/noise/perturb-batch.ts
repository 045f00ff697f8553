import { placesInOrder } from '../../events/natural-merge-sort.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { FateDraws } from './fate-draws.js'
import { causalLeavingTime, causalShift, leavingTime, type SpikeWay } from './spike-noise.js'

/** A spike batch that may have met with noise. */
export interface PerturbedBatch extends SpikeBatch {
  /** On a cycle: how much later than it should each spike arrives, in ms; see `shiftedDelay`. */
  readonly shifts?: Float64Array
  /** Beside shifts: how much later than it was sent each spike is known here, in ms; absent: at once. */
  readonly latencies?: Float64Array
}

/** A batch after the noise, and where its spikes stood before. */
export interface Perturbation {
  readonly batch: PerturbedBatch
  /** Place of each spike in the original batch; -1 where moving the original would not move it. */
  readonly places: Int32Array
}

/**
 * Gradients of a perturbed batch in the order of the original: lost spikes get 0, a late one what its arrival got, for
 * dL/dt = dL/d(t + d + eps).
 *
 * @param values node after node, one per spike of the perturbed batch
 * @param nodes of the returned gradients
 * @param count spikes of the original
 */
export function restoreOriginal(places: Int32Array, values: Float64Array, nodes: number, count: number): Float64Array {
  const kept = places.length
  const restored = new Float64Array(nodes * count)
  for (let node = 0; node < nodes; node++)
    for (let k = 0; k < kept; k++) {
      const place = places[k] as number
      if (place >= 0) restored[node * count + place] = values[node * kept + k] as number
    }
  return restored
}

/** Counts the spikes of each unit in each trial, of a slice that starts at unit `start`. */
export interface SpikeCounts {
  readonly start: number
  readonly size: number
  /** [trial][unit of the slice]. */
  readonly counts: Uint32Array
}

/** Spikes whose numbers are known, where others of their units were left out, or have come earlier. */
export type NumberedBatch = SpikeBatch & { readonly numbers?: Uint32Array }

/**
 * What becomes of a batch: lost spikes are left out, the others come later or earlier.
 *
 * Off cycles a spike leaves eps ms later, at 0 at the earliest, and the batch is put in order again. On a cycle the
 * times stay, and the batch says by how much each arrival is late; what waits for a tick leaves at that tick.
 */
export function perturbBatch(batch: NumberedBatch, fates: FateDraws, seen: SpikeCounts, way: SpikeWay): Perturbation {
  const kept = keepSpikes(batch, fates, seen)
  return way.causal ? withShifts(batch, kept, way) : inOrder(batch, kept, way)
}

interface KeptSpikes {
  readonly offsets: Uint32Array
  readonly places: Int32Array
  readonly shifts: Float64Array
}

function keepSpikes(
  { offsets, times, units, numbers }: NumberedBatch,
  fates: FateDraws,
  seen: SpikeCounts,
): KeptSpikes {
  const left = new Uint32Array(offsets.length)
  const places = new Int32Array(times.length)
  const shifts = new Float64Array(times.length)
  let count = 0
  for (let trial = 0; trial + 1 < offsets.length; trial++) {
    const end = offsets[trial + 1] as number
    for (let k = offsets[trial] as number; k < end; k++) {
      const unit = units[k] as number
      const at = trial * seen.size + unit - seen.start
      const came = seen.counts[at] as number
      seen.counts[at] = came + 1
      const number = numbers === undefined ? came : (numbers[k] as number)
      if (!fates.arrives(trial, unit, number)) continue
      places[count] = k
      shifts[count] = fates.shift
      count++
    }
    left[trial + 1] = count
  }
  return { offsets: left, places: places.slice(0, count), shifts: shifts.slice(0, count) }
}

function withShifts(batch: SpikeBatch, { offsets, places, shifts: drawn }: KeptSpikes, way: SpikeWay): Perturbation {
  const times = new Float64Array(places.length)
  const units = new Uint32Array(places.length)
  const shifts = new Float64Array(places.length)
  for (let k = 0; k < places.length; k++) {
    const time = batch.times[places[k] as number] as number
    const shift = drawn[k] as number
    times[k] = causalLeavingTime(time, shift, way)
    shifts[k] = causalShift(time, shift, way)
    units[k] = batch.units[places[k] as number] as number
  }
  const { stream, sequence, window } = batch
  return { batch: { stream, sequence, window, offsets, times, units, shifts }, places }
}

function inOrder(batch: SpikeBatch, { offsets, places, shifts }: KeptSpikes, way: SpikeWay): Perturbation {
  const count = places.length
  const late = new Float64Array(count)
  const isHeld = new Uint8Array(count)
  for (let k = 0; k < count; k++) {
    const [time, eps] = [batch.times[places[k] as number] as number, shifts[k] as number]
    isHeld[k] = time + eps > 0 || eps === 0 ? 0 : 1
    late[k] = leavingTime(time, eps, way)
  }
  const unitOf = (k: number) => batch.units[places[k] as number] as number
  const order = placesInOrder(offsets, late, (a, b) => unitOf(a) < unitOf(b))
  const times = new Float64Array(count)
  const units = new Uint32Array(count)
  const origins = new Int32Array(count)
  for (let k = 0; k < count; k++) {
    const spike = order[k] as number
    times[k] = late[spike] as number
    units[k] = unitOf(spike)
    // A spike that is held back at 0 stays there if its original moves.
    origins[k] = isHeld[spike] === 1 ? -1 : (places[spike] as number)
  }
  const { stream, sequence, window } = batch
  return { batch: { stream, sequence, window, offsets, times, units }, places: origins }
}

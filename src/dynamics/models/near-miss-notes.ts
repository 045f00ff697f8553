import { sortByKey } from '../../events/natural-merge-sort.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { birthPush, type NearMiss } from './near-miss.js'

/** A near miss, or a spike that might not have been. */
interface Note {
  readonly trial: number
  readonly n: number
  readonly time: number
  /** How far the maximum is above the threshold, see `birthPush`. */
  readonly z: number
  /** The spike's record on the tape; -1: a near miss. */
  readonly spike: number
  /** Of a near miss: that of the neuron in the trial before it; -1: there is none. */
  readonly previous: number
}

/** What a forward pass has noted for a heuristic of near misses, and what it adds on the way back. */
export class NearMissNotes {
  private readonly nearMiss: NearMiss
  private readonly size: number
  private readonly notes: Note[] = []
  /** The last near miss of each (trial, neuron), -1 if there is none. */
  private readonly heads: Int32Array
  /** Of each note its place among the pseudo-spikes. */
  private places = new Int32Array(0)
  private readonly ofSpikes = new Map<number, number>()
  /** What has returned for the pseudo-spikes. */
  private effects: Float64Array = new Float64Array(0)

  constructor(nearMiss: NearMiss, { trials, size }: { readonly trials: number; readonly size: number }) {
    this.nearMiss = nearMiss
    this.size = size
    this.heads = new Int32Array(trials * size).fill(-1)
  }

  /** A near miss of a (trial, neuron), later than those before; returns its number. */
  miss(record: number, time: number, z: number): number {
    const { heads, notes } = this
    const previous = heads[record] as number
    heads[record] = notes.length
    return notes.push({ ...this.of(record), time, z, spike: -1, previous }) - 1
  }

  /** A spike that might not have been, by its record on the tape, or its place. */
  dying(record: number, spike: number, time: number, z: number): void {
    this.ofSpikes.set(spike, this.notes.length)
    this.notes.push({ ...this.of(record), time, z, spike, previous: -1 })
  }

  private of(record: number): Pick<Note, 'trial' | 'n'> {
    const trial = Math.floor(record / this.size)
    return { trial, n: record - trial * this.size }
  }

  /** The pseudo-spikes of all trials, by (time, unit). */
  pseudoSpikes(trials: number, firstUnit: number): SpikeTrains {
    const { notes } = this
    const count = notes.length
    const offsets = new Uint32Array(trials + 1)
    for (const { trial } of notes) offsets[trial + 1] = (offsets[trial + 1] as number) + 1
    for (let trial = 0; trial < trials; trial++)
      offsets[trial + 1] = (offsets[trial + 1] as number) + (offsets[trial] as number)
    const order = this.inTrials(offsets)
    const noteAt = (k: number) => notes[order[k] as number] as Note
    const [times, units] = [new Float64Array(count), new Uint32Array(count)]
    this.places = new Int32Array(count)
    for (let place = 0; place < count; place++) {
      this.places[order[place] as number] = place
      times[place] = noteAt(place).time
      units[place] = firstUnit + noteAt(place).n
    }
    return { offsets, times, units }
  }

  /** The notes trial by trial, by (time, unit). */
  private inTrials(offsets: Uint32Array): Int32Array {
    const { notes } = this
    const order = new Int32Array(notes.length)
    const times = new Float64Array(notes.length)
    const next = offsets.slice()
    notes.forEach(({ trial, time }, k) => {
      times[k] = time
      const at = next[trial] as number
      next[trial] = at + 1
      order[at] = k
    })
    const byUnit = (a: number, b: number) => (notes[a] as Note).n < (notes[b] as Note).n
    const spare = new Int32Array(notes.length)
    for (let trial = 0; trial + 1 < offsets.length; trial++) {
      const part = order.subarray(offsets[trial], offsets[trial + 1])
      sortByKey(part, spare, part.length, times, byUnit)
    }
    return order
  }

  /** What has returned for the pseudo-spikes, in their order. */
  returned(effects: Float64Array): void {
    this.effects = effects
  }

  /** The last near miss of a (trial, neuron); -1: there is none. */
  lastMiss(record: number): number {
    return this.heads[record] as number
  }

  timeOf(miss: number): number {
    return (this.notes[miss] as Note).time
  }

  previous(miss: number): number {
    return (this.notes[miss] as Note).previous
  }

  /** What a near miss adds to dL/dV. */
  pushOf(note: number): number {
    const effect = this.effects[this.places[note] as number] as number
    return birthPush(this.nearMiss, effect, (this.notes[note] as Note).z)
  }

  /** What a spike adds to it, by its record or place. */
  pushOfSpike(spike: number): number {
    const note = this.ofSpikes.get(spike)
    return note === undefined ? 0 : this.pushOf(note)
  }
}

import type { EventRecording } from '../event-recordings.js'

interface Chunk {
  readonly micros: Float64Array
  readonly units: Uint32Array
}

/** Events of the first chunk; each has room for twice as many as the one before it, up to a limit. */
const FIRST_EVENTS = 1 << 10
const MOST_EVENTS = 1 << 18

/** Collects the events of a recording as a decoder finds them, in any order, with times in microseconds. */
export class EventBuffer {
  #full: Chunk[] = []
  #last = newChunk(FIRST_EVENTS)
  #used = 0
  #earliest = Number.POSITIVE_INFINITY

  /** Microseconds of the first event; infinite where there is none. */
  get earliest(): number {
    return this.#earliest
  }

  /** @param micros a whole number, exact in a double */
  add(micros: number, unit: number): void {
    if (this.#used === this.#last.micros.length) {
      this.#full.push(this.#last)
      this.#last = newChunk(Math.min(MOST_EVENTS, 2 * this.#used))
      this.#used = 0
    }
    this.#last.micros[this.#used] = micros
    this.#last.units[this.#used++] = unit
    if (micros < this.#earliest) this.#earliest = micros
  }

  /** The events so far, with times in ms from `start` microseconds on; the buffer is empty then. */
  finish(start = 0): EventRecording {
    const chunks = [...this.#full, { micros: this.#last.micros.subarray(0, this.#used), units: this.#last.units }]
    const count = chunks.reduce((sum, { micros }) => sum + micros.length, 0)
    const recording = { times: new Float64Array(count), units: new Uint32Array(count) }
    let first = 0
    for (const { micros, units } of chunks) {
      for (let k = 0; k < micros.length; k++) recording.times[first + k] = ((micros[k] as number) - start) / 1000
      recording.units.set(units.subarray(0, micros.length), first)
      first += micros.length
    }
    this.#full = []
    this.#used = 0
    this.#earliest = Number.POSITIVE_INFINITY
    return recording
  }
}

function newChunk(events: number): Chunk {
  return { micros: new Float64Array(events), units: new Uint32Array(events) }
}

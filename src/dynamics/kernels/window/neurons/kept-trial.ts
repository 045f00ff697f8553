import type { KernelMemory } from '../../wasm/kernel-memory.js'
import type { WindowHeaderFields } from '../window-header.js'
import type { WindowTrial } from './window-trial.js'

/** The state of a trial at the start of a bin, and the sums of that bin, kept while somebody looks at what happens in it. */
export class KeptTrial {
  private readonly memory: KernelMemory
  private readonly trial: WindowTrial
  private readonly states: Uint8Array
  private readonly sums: Uint8Array
  /** Address of the sums of the bin. */
  private readonly here: number
  private readonly heldCount: number

  /**
   * @param bytes of the sums of a bin
   * @param place of the bin in the ring, whose Poisson inputs were drawn
   */
  constructor(memory: KernelMemory, trial: WindowTrial, bytes: number, place: number) {
    const { states, sums } = trial.regions as Required<WindowHeaderFields>
    const all = new Uint8Array(memory.memory.buffer)
    this.memory = memory
    this.trial = trial
    this.here = sums + bytes * place
    // All that a bin changes lies before the sums, see `layOutTrial`.
    this.states = all.slice(states, sums)
    this.sums = all.slice(this.here, this.here + bytes)
    this.heldCount = trial.heldCount
  }

  restore(): void {
    const { states } = this.trial.regions as Required<WindowHeaderFields>
    const bytes = new Uint8Array(this.memory.memory.buffer)
    bytes.set(this.states, states)
    bytes.set(this.sums, this.here)
    this.trial.heldCount = this.heldCount
  }
}

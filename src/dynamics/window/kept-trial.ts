import type { KernelMemory } from '../wasm/kernel-memory.js'
import type { WindowPlanFields } from './window-plan.js'
import type { WindowTrial } from './window-trial.js'

/** The state of a trial at the start of a cell, and the sums of that cell, kept while somebody looks at what happens in it. */
export class KeptTrial {
  private readonly memory: KernelMemory
  private readonly trial: WindowTrial
  private readonly states: Uint8Array
  private readonly sums: Uint8Array
  /** Address of the sums of the cell. */
  private readonly here: number
  private readonly heldCount: number

  /**
   * @param bytes of the sums of a cell
   * @param place of the cell in the ring, whose drives were drawn
   */
  constructor(memory: KernelMemory, trial: WindowTrial, bytes: number, place: number) {
    const { states, sums } = trial.regions as Required<WindowPlanFields>
    const all = new Uint8Array(memory.memory.buffer)
    this.memory = memory
    this.trial = trial
    this.here = sums + bytes * place
    // All that a cell changes lies before the sums, see `layOutTrial`.
    this.states = all.slice(states, sums)
    this.sums = all.slice(this.here, this.here + bytes)
    this.heldCount = trial.heldCount
  }

  restore(): void {
    const { states } = this.trial.regions as Required<WindowPlanFields>
    const bytes = new Uint8Array(this.memory.memory.buffer)
    bytes.set(this.states, states)
    bytes.set(this.sums, this.here)
    this.trial.heldCount = this.heldCount
  }
}

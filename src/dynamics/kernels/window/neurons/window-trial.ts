import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { createArrivalBins } from '../arrivals/arrival-bins.js'
import type { TrialWithMaxima } from '../back/running-maxima.js'
import type { PoissonInputPlaces } from '../poisson/poisson-input-places.js'
import type { WindowHeaderFields } from '../window-header.js'

/** Where the state of the neurons in one trial lies, and what is on its way to them. */
export interface WindowTrial extends TrialWithMaxima {
  /** Fields of the header. */
  readonly regions: WindowHeaderFields
  readonly arrivals: ReturnType<typeof createArrivalBins>
  readonly poissonInputs: readonly PoissonInputPlaces[]
  /** The trial of the mini-batch that they draw for; -1: none yet. */
  named: number
  heldCount: number
  /** The last bin with which what begins to arrive from Poisson inputs was drawn; -1: none. */
  drawnFor: number
}

export interface TrialWorkspace {
  /** Neurons held. */
  readonly size: number
  /** Bins of the ring of sums, and how many there are in a ms. */
  readonly bins: number
  readonly perBin: number
  /** Bytes of a neuron's state, and of its sums. */
  readonly state: number
}

/** Takes the memory of one trial, one region behind the other, the sums last; the places of neurons are an even number. */
export function layOutTrial(
  memory: KernelMemory,
  { size, bins, perBin, state }: TrialWorkspace,
  poissonInputs: readonly PoissonInputPlaces[],
): WindowTrial {
  const places = size + (size % 2)
  const regions = {
    states: memory.take(state * places),
    limits: memory.take(8 * places),
    heldUntil: memory.take(8 * places),
    adaptations: memory.take(8 * places),
    adapted: memory.take(8 * places),
    heldNeurons: memory.take(4 * places),
    firedCounts: memory.take(4 * places),
    sums: memory.take(state * places * bins),
  }
  return {
    regions,
    arrivals: createArrivalBins(perBin),
    poissonInputs,
    named: -1,
    heldCount: 0,
    runningMaxima: null,
    runningMaximaAt: null,
    drawnFor: -1,
  }
}

/** The state of a trial at the start of a bin, and the sums of that bin, kept while the bin is run provisionally. */
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

import { InternalError } from '../../events/errors.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { KernelValues, ProjectionValues } from '../../network/instance/instance.js'
import { delayRanges, type KernelInput, kernelInputs, type SourceSlices } from '../timeline/kernel-input.js'
import type { ReturnedGradients } from '../timeline/received-batches.js'
import type { ArrivalCounter } from '../traffic/arrival-counter.js'
import type { MemoryTraffic } from '../traffic/memory-traffic.js'
import type { KernelOptions } from './kernel-options.js'
import { KernelParameters } from './kernel-parameters.js'
import type { KernelState } from './kernel-state.js'

/** Voltage maxima and their times in ms: row-major [trial][neuron held]. */
export interface KernelMaxima {
  readonly values: Float64Array
  readonly times: Float64Array
}

/** What goes into a run and comes out of it, by whether one group runs or several together. */
export interface RunTerms {
  readonly options: unknown
  readonly state: unknown
  readonly spikes: unknown
  /** dL/d(max V); see `KernelProtocol.beginBackward`. */
  readonly peakGradients: unknown
  /** What came back for the spikes of a step. */
  readonly returned: unknown
}

/** The terms of one group, or of a slice of it. */
export interface GroupTerms extends RunTerms {
  readonly options: KernelOptions
  readonly state: KernelState
  readonly spikes: SpikeTrains
  readonly peakGradients: Float64Array | null
  /** One value per spike of the step, in order. */
  readonly returned: Float64Array
}

/**
 * How spikes go through neurons and gradients come back, window by window: deterministic functions of the spike batches that
 * are handed over. No bit depends on how a run is cut into windows, nor a group into slices.
 *
 * Forward: `begin`, then `receive` batches and `advance` to growing horizons. Backward: `beginBackward`, then `backward` once
 * per `advance` in reverse, collecting `takeReturned`; last `finishGradient` of each kernel. In micro-batches every `advance`
 * runs the next one to the end, and each is undone by a `beginBackward` and a `backward`, the first one first.
 */
export interface KernelProtocol<Of extends RunTerms> {
  /** How far the watermarks of each input reach ahead, ms: its smallest delay. See `Kernel.smallestDelays`. */
  smallestDelays(): readonly number[]

  /** Starts a mini-batch of trials at t = 0; nothing of an earlier run remains. */
  begin(options: Of['options']): void

  /**
   * Resumes, in place of `begin`, from a state at `start` ms. The spikes in flight there need not be received again.
   */
  resume(options: Of['options'], start: number, state: Of['state']): void

  /**
   * The state at the instant up to which `advance` has run, with every spike before it received: what `resume` needs.
   * Only of runs in windows without gradients.
   */
  saveState(): Of['state']

  /** Takes a spike batch of an input; batches of one input come in order. */
  receive(input: number, batch: SpikeBatch): void

  /**
   * How far `advance` goes if everything before a horizon is known: not before what it reached for smaller ones.
   *
   * @param outputBound up to where others know all spikes of the groups already, ms; default: where it stands. A group on
   *   a cycle has to go further where it can; otherwise all groups of the cycle wait for each other.
   */
  reach(horizon: number, outputBound?: number): number

  /** The earliest instant at which something can happen here if nothing else is received. Not in whole trials. */
  nextEvent(): number

  /** Runs everything before `horizon` ms, which `reach` returned; the spikes in event order. */
  advance(horizon: number): Of['spikes']

  /**
   * Starts the backward pass at the end of the trials.
   *
   * @param peakGradients dL/d(max V) per (trial, neuron held), for LI readouts and for the hinge of silent neurons; of
   *   readouts that are integrated dL/d(integral)
   */
  beginBackward(peakGradients: Of['peakGradients']): void

  /** Undoes the last `advance` that is not undone, of micro-batches the first; `returned` is what came back for its spikes. */
  backward(returned: Of['returned']): void

  /** Gradients of batches all of whose arrivals are undone by now, the last batch of each input first. */
  takeReturned(): readonly ReturnedGradients[]
}

/** The kernel of one group, or of a slice of it, and the synapses into it: forward and adjoint. */
export abstract class Kernel<Values extends KernelValues = KernelValues>
  extends KernelParameters<Values>
  implements KernelProtocol<GroupTerms>
{
  /** One per stream that arrives here, by (projection, slice of its source). */
  readonly inputs: readonly KernelInput[]

  /**
   * @param sourceSlices how the sources of the projections are cut; default: each is whole
   * @param isSent whether the spikes of a projection come as batches; default: all do
   */
  constructor(
    values: Values,
    projections: readonly ProjectionValues[],
    sourceSlices?: SourceSlices,
    isSent: (projection: ProjectionValues) => boolean = () => true,
  ) {
    super(values, projections)
    this.inputs = kernelInputs(projections, sourceSlices).filter((input) => {
      return isSent(projections[input.projection] as ProjectionValues)
    })
  }

  /** Counts synaptic events; absent where the lists of synapses are to be asked. */
  countArrivals?(projection: number): ArrivalCounter

  /**
   * Bytes read and written by all passes so far.
   *
   * No figure depends on how a group is cut into slices, nor a run into windows. So what every slice does for itself is left
   * out: it brings the spikes that come into order, and adds up what returns over blocks; and what every window does: it takes
   * neurons up and puts them down again. What is looked at again counts once. How a slice is laid out follows from the whole
   * group (`group-traits.ts`, `Synapses.lacksPairs`), since the columns that it has are counted.
   */
  abstract memoryTraffic(): MemoryTraffic

  /** Whether trials may go through in micro-batches. */
  get runsMicroBatches(): boolean {
    return false
  }

  /** Raises `InputError` NOISE_KERNEL if runs of this kernel know no noise. */
  admitNoise(): void {}

  /** Infinity of an input without a synapse; below 0 where noise may let spikes arrive earlier than they are sent. */
  smallestDelays(): readonly number[] {
    const { delays, synapses } = this
    return delayRanges(this.inputs, synapses, delays).map(({ least }) => least)
  }

  abstract begin(options: KernelOptions): void

  saveState(): KernelState {
    throw new InternalError(`The kernel of "${this.values.name}" has no state between two windows.`)
  }

  resume(_options: KernelOptions, start: number, _state: KernelState): void {
    throw new InternalError(`The kernel of "${this.values.name}" cannot go on from ${start} ms.`)
  }

  abstract receive(input: number, batch: SpikeBatch): void

  reach(horizon: number, _promised?: number): number {
    return horizon
  }

  /** A queued arrival, or an own event. */
  abstract nextEvent(): number

  /**
   * Runs every arrival before `arrivalsBefore` and every spike before `spikesBefore` (the same instant, which is the default, or
   * the next double: spikes at an instant precede its arrivals). Units are numbers in the whole group.
   */
  abstract advance(arrivalsBefore: number, spikesBefore?: number): SpikeTrains

  abstract beginBackward(peakGradients: Float64Array | null): void

  abstract backward(deltas: Float64Array): void

  abstract takeReturned(): readonly ReturnedGradients[]

  /** Voltage maxima of an LI readout, or of silent LIF neurons when tracked; of one micro-batch alone, if its number is given. */
  abstract maxima(microBatch?: number): KernelMaxima

  /** Integrals over the voltages of an LI readout, if the options ask for them: row-major [trial][neuron held]. */
  integrals(_microBatch?: number): Float64Array {
    throw new InternalError(`The kernel of "${this.values.name}" has no integrals.`)
  }

  /** Whether the n-th LIF neuron held has not fired in a trial of the present run. */
  abstract isSilent(trial: number, n: number): boolean

  /** Grazing crossings the backward pass met. */
  abstract get grazing(): number
}

import { entryOf } from '../../events/by-name.js'
import { joinTrains } from '../../events/join-trains.js'
import { noSpikes } from '../../events/no-spikes.js'
import { selectSpikes } from '../../events/select-spikes.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { PerturbedBatch } from '../noise/perturb-batch.js'
import type { Reach } from '../parameters/synapses.js'
import { type KernelInput, lateBatch } from './kernel-input.js'

/** By projection key: the spikes received that may still arrive somewhere. */
export type InFlight = Readonly<Record<string, SpikeTrains>>

/** A batch of an input. */
export interface InputBatch {
  readonly input: number
  readonly batch: SpikeBatch
}

/** The complete gradients of a received batch: per node of the slice, one gradient event per spike. */
export interface ReturnedGradients extends InputBatch {
  /** values[node · count + k], of the spikes; over the `returnedNodes` of the kernel's layout. */
  readonly values: Float64Array
}

/** A batch whose gradients will return. */
export interface ReturnableBatch extends InputBatch {
  /** Number of its first spike among all that were received. */
  readonly first: number
  /** The earliest instant at which something of it may arrive, ms. */
  readonly soonest: number
}

/** One input's batches, in the order of its watermarks. */
interface Stream {
  /** As they were sent and as they are known here, in runs that go on in segments: those of which something may still arrive. */
  recent: { readonly batch: SpikeBatch; readonly late: PerturbedBatch }[]
  /** In runs with gradients: those whose gradients have not returned. */
  returnable: ReturnableBatch[]
}

export interface ReceivingRun {
  readonly segmented?: boolean
  readonly gradients: boolean
  /** How late spikes may arrive. */
  readonly reach: Reach
  /** How soon after a spike of an input it may arrive, ms. */
  leastDelay(input: number): number
}

/**
 * The batches that a kernel has received in a run: which of their spikes are in flight where one segment of it ends, and for
 * which of them gradients may return.
 */
export class ReceivedBatches {
  /** Spikes so far. */
  count = 0
  private readonly inputs: readonly KernelInput[]
  private run: ReceivingRun | null = null
  private streams: readonly Stream[] = []

  constructor(inputs: readonly KernelInput[]) {
    this.inputs = inputs
  }

  begin(run: ReceivingRun): void {
    this.run = run
    this.count = 0
    this.streams = this.inputs.map(() => ({ recent: [], returnable: [] }))
  }

  /** Returns the batch as it is known here, and the number of its first spike. */
  receive(input: number, batch: PerturbedBatch): { readonly late: PerturbedBatch; readonly first: number } {
    const late = lateBatch(this.inputs[input] as KernelInput, batch)
    const { recent, returnable } = this.streams[input] as Stream
    const first = this.count
    this.count += batch.times.length
    if (this.run?.segmented === true && batch.times.length > 0) recent.push({ batch, late })
    if (this.run?.gradients === true)
      returnable.push({ input, batch, first, soonest: late.window.start + this.run.leastDelay(input) })
    return { late, first }
  }

  /** Those whose gradients have not returned, input by input. */
  get returnable(): readonly ReturnableBatch[] {
    return this.streams.flatMap(({ returnable }) => returnable)
  }

  /**
   * Takes the gradients of batches all of whose arrivals are undone, or come after the end: the last batch of each input first.
   *
   * @param undone everything from there on is undone, ms; 0: all is
   * @param valuesOf what returns for a batch; `place` is its number among those of its input
   */
  takeReturned(
    undone: number,
    valuesOf: (batch: ReturnableBatch, place: number) => Float64Array,
  ): readonly ReturnedGradients[] {
    return this.streams.flatMap(({ returnable }) => {
      const returned: ReturnedGradients[] = []
      for (let last = returnable.at(-1); last !== undefined; last = returnable.at(-1)) {
        if (undone > 0 && last.soonest < undone) break
        returnable.pop()
        returned.push({ input: last.input, batch: last.batch, values: valuesOf(last, returnable.length) })
      }
      return returned
    })
  }

  /** Forgets batches of which nothing arrives at `time` or later. */
  forget(time: number): void {
    const { run, inputs } = this
    if (run?.segmented !== true) return
    this.streams.forEach(({ recent }, input) => {
      const reach = run.reach.most((inputs[input] as KernelInput).projection)
      while (recent[0] !== undefined && recent[0].late.window.end + reach < time) recent.shift()
    })
  }

  /**
   * By key of their projection the spikes received that some synapse may let arrive at `time` or later: spikes without
   * a receiving neuron are not among them, whether they were sent here or not.
   */
  inFlight(time: number, trials: number): InFlight {
    const entries = [...this.keys()].map(([projection, key]): [string, SpikeTrains] => {
      return [key, this.inFlightThrough(projection, time, trials)]
    })
    return Object.fromEntries(entries)
  }

  /** Spikes that were in flight at `time`, by the inputs of their projections, as batches to be received. */
  split(inFlight: InFlight, time: number, trials: number): readonly InputBatch[] {
    return [...this.keys()].flatMap(([projection, key]) => {
      return this.splitThrough(projection, time, entryOf(inFlight, key) ?? noSpikes(trials))
    })
  }

  /** Of the projections; several inputs may come through one. */
  private keys(): ReadonlyMap<number, string> {
    return new Map(this.inputs.map(({ projection, key }) => [projection, key]))
  }

  private inFlightThrough(projection: number, time: number, trials: number): SpikeTrains {
    const received = this.streams.flatMap(({ recent }, input) => {
      return this.inputs[input]?.projection === projection ? recent : []
    })
    const inFlight = received.map(({ batch, late: { times, units } }) => {
      return selectSpikes(batch, (place) => {
        const reach = this.run?.reach.ofUnit(projection, units[place] as number) ?? -Infinity
        return reach >= 0 && (times[place] as number) + reach >= time
      }).trains
    })
    return joinTrains([noSpikes(trials), ...inFlight]).trains
  }

  private splitThrough(projection: number, time: number, spikes: SpikeTrains): readonly InputBatch[] {
    return [...this.inputs.entries()].flatMap(([input, { projection: own, units, source }]) => {
      if (own !== projection) return []
      const { trains } = selectSpikes(spikes, (place) => {
        const unit = spikes.units[place] as number
        return units.start <= unit && unit < units.end
      })
      return [{ input, batch: { stream: source, sequence: 0, window: { start: 0, end: time }, ...trains } }]
    })
  }
}

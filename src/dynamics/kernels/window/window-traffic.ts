import type { LifValues } from '../../../network/instance/instance.js'
import { TRIAL_CHUNK } from '../../parameters/trial-sum.js'
import { type MemoryTraffic, TrafficCounter } from '../../traffic/memory-traffic.js'
import { OWN_EVENT, SPIKE_INTERVAL, UNSCALED_SPIKE_INTERVAL } from '../wasm/schema/adjoint-records.js'
import { EMITTED, WINDOW_PEAK } from '../wasm/schema/window-records.js'
import { SHORT_TARGETS, type SourceRows } from './rows/source-rows.js'
import type { AdjointSizes } from './window-header.js'

/** What neurons have done since the last `takeTally`. */
export interface WindowTally {
  /** Bins that all trials were taken through, one by one or not. */
  bins: number
  spikes: number
  releases: number
  /** Counting intervals of Poisson inputs that were begun at a neuron, and arrivals drawn in them. */
  intervals: number
  drawn: number
}

/** What a run does with its neurons. */
export interface WindowWork {
  readonly trials: number
  readonly gradients: boolean
  /** Maxima of voltages are wanted. */
  readonly hasRunningMaxima: boolean
  /** Doubles of the state of a neuron. */
  readonly doubles: number
}

/** Records that spikes of a projection come to, in a run that is to be undone. */
export interface UndoneRecords {
  readonly hasDelaysPerSynapse: boolean
  readonly wantsEvents: boolean
}

/** What a way back works with. */
export interface WindowBack {
  readonly sizes: AdjointSizes
  readonly isUnscaled: boolean
  readonly hasTaus: boolean
  /** Doubles of the gradient of a trial. */
  readonly length: number
  /** Poisson inputs that are drawn once more. */
  readonly poissonInputs: number
}

/** What a forward pass has come to, until it is undone. */
interface Passed {
  bins: number
  spikes: number
  releases: number
  drawn: number
  /** Per kind of record: how many arrived, and their bytes. */
  readonly records: Map<number, { readonly rows: SourceRows; count: number }>
}

/**
 * What a window kernel reads and writes, from how often it did what: a neuron's state counts in every bin, also in those that
 * a slice may pass over as nothing happens in it; an arrival with its record and the sums of its bin; an own event with what
 * it leaves. Who walks through a bin looks at the same again. So no figure depends on how a group is cut into slices, or a
 * run into windows.
 */
export class WindowTraffic {
  private readonly counter = new TrafficCounter()
  private readonly values: LifValues
  private passed = nothingPassed()

  constructor(values: LifValues) {
    this.values = values
  }

  total(): MemoryTraffic {
    return this.counter.total()
  }

  /** Every synapse was given numbers of its own: a weight, and a delay where synapses have their own. */
  packed(numbers: number): void {
    this.counter.update('weights', numbers, 8)
  }

  /** A run begins at its start: the neurons of all trials are put to rest, with threshold, adaptation and number of spikes. */
  begin({ trials, doubles, hasRunningMaxima }: WindowWork): void {
    const neurons = trials * this.values.size
    this.passed = nothingPassed()
    this.counter.write('state', neurons, 8 * (doubles + 4 + Number(hasRunningMaxima)))
    this.counter.write('spikes', neurons, 4)
    if (hasRunningMaxima) this.counter.write('tape', neurons, WINDOW_PEAK.size)
  }

  /** A spike came to `count` records: what each holds is added to a pair of sums. */
  arrived(rows: SourceRows, count: number): void {
    if (count === 0) return
    this.counter.read('weights', count, this.widthOf(rows))
    this.counter.update('state', count, 16)
    const known = this.passed.records.get(rows.records)
    if (known === undefined) this.passed.records.set(rows.records, { rows, count })
    else known.count += count
  }

  /** Neurons have gone on: state and sums of every bin, and what rules spikes out; own events; arrivals that were drawn. */
  advanced(tally: WindowTally, { trials, doubles, gradients, hasRunningMaxima }: WindowWork): void {
    const { bins, spikes, releases, intervals, drawn } = tally
    const { counter, passed } = this
    const visits = bins * trials * this.values.size
    counter.read('state', visits, 2 * 8 * doubles + 8 + (hasRunningMaxima ? 8 : 0))
    counter.write('state', visits, 2 * 8 * doubles)
    // The adaptation and its time, and until when a neuron is held; the number of spikes.
    this.counter.update('state', spikes, 24)
    this.counter.update('state', releases, 8)
    this.counter.update('spikes', spikes, 4)
    this.counter.update('tape', spikes + releases, EMITTED.size)
    counter.write('spikes', spikes, 12)
    if (gradients) counter.write('tape', spikes + releases, TAPED)
    counter.read('weights', intervals, 8)
    this.counter.update('spikes', drawn, 4)
    this.counter.update('state', drawn, 16)
    passed.bins += bins * trials
    passed.spikes += spikes
    passed.releases += releases
    passed.drawn += drawn
  }

  /**
   * All of a run is undone: bin by bin the adjoint of every neuron; every own event, which leaves an inter-spike interval;
   * every arrival, which takes the pair of its inter-spike interval.
   *
   * @param trials of the run
   * @param runningMaxima maxima that the loss looks at
   */
  undone(
    { sizes, isUnscaled, hasTaus, length, poissonInputs }: WindowBack,
    { trials, runningMaxima }: { readonly trials: number; readonly runningMaxima: number },
    recordsOf: (rows: SourceRows) => UndoneRecords,
  ): void {
    const { counter, passed } = this
    const { size } = this.values
    const adjoint = sizes.pairs + (hasTaus ? sizes.tauStates : 0)
    counter.write('state', trials * size, adjoint + sizes.restarts + sizes.adaptations)
    this.counter.update('state', passed.bins * size, adjoint)
    const { spikes, releases } = passed
    const events = spikes + releases + runningMaxima
    counter.read('tape', spikes + releases, TAPED)
    counter.read('tape', runningMaxima, WINDOW_PEAK.size)
    this.counter.update('tape', events, OWN_EVENT.size)
    counter.read('spikes', spikes, 8)
    this.counter.update('state', events, adjoint)
    counter.write('state', events, isUnscaled ? UNSCALED_SPIKE_INTERVAL.size : SPIKE_INTERVAL.size)
    this.counter.update('state', spikes, sizes.adaptations)
    this.counter.update('state', releases, sizes.restarts)
    // Bias; threshold and step of the adaptation.
    this.counter.update('gradients', events, 8)
    this.counter.update('gradients', spikes, 16)
    if (hasTaus) this.counter.update('gradients', 2 * spikes + releases, 8)
    for (const { rows, count } of passed.records.values()) this.undoneRecords(rows, count, recordsOf(rows), hasTaus)
    this.counter.update('spikes', passed.drawn, 4)
    counter.read('state', passed.drawn, 16)
    this.counter.update('gradients', poissonInputs * passed.bins * size, 8)
    this.summed(trials, length)
    this.passed = nothingPassed()
  }

  private undoneRecords(rows: SourceRows, count: number, undone: UndoneRecords, hasTaus: boolean): void {
    this.counter.read('weights', count, this.widthOf(rows))
    this.counter.read('state', count, 20 + (hasTaus ? 24 : 0))
    this.counter.update('gradients', count, 8 + (undone.hasDelaysPerSynapse ? 8 : 0) + (hasTaus ? 16 : 0))
    if (undone.wantsEvents) this.counter.update('spikes', count, 8)
  }

  /** Gradients of a trial each were added up in the order of `TrialSum`, and handed over. */
  private summed(trials: number, length: number): void {
    const chunks = Math.ceil(trials / TRIAL_CHUNK)
    const merges = chunks - 1
    this.counter.read('gradients', length * (2 * trials + chunks + 2 * merges + 1), 8)
    this.counter.write('gradients', length * (2 * trials + 2 * chunks + merges + 2), 8)
  }

  /** Bytes of a record, as the whole group would have it. */
  private widthOf({ stride }: SourceRows): number {
    return this.values.total > SHORT_TARGETS ? Math.max(stride, 4) : stride
  }
}

/** Time, current and adaptation of an own event, its neuron and its kind, as a run keeps them. */
const TAPED = 3 * 8 + 2 * 4

function nothingPassed(): Passed {
  return { bins: 0, spikes: 0, releases: 0, drawn: 0, records: new Map() }
}

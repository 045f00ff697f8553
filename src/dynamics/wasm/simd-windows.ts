import { entryOf } from '../../events/by-name.js'
import { InternalError } from '../../events/errors.js'
import { noSpikes } from '../../events/no-spikes.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { nextDown } from '../../numerics/neighbours.js'
import { arrivalRanges } from '../arrival-ranges.js'
import type { KernelAnswer, KernelMaxima } from '../kernel.js'
import type { KernelInput } from '../kernel-input.js'
import type { KernelOptions } from '../kernel-options.js'
import type { KernelState } from '../kernel-state.js'
import { lateBatch } from '../late-batch.js'
import { RUNAWAY_STRETCH } from '../neuron-faults.js'
import { RecentSpikes } from '../recent-spikes.js'
import type { DelayRange } from '../synapses.js'
import { writeFields } from './fields.js'
import { LaneStates } from './lane-states.js'
import { mostInTrial } from './most-in-trial.js'
import type { OctetEngine } from './octet-engine.js'
import { emitSpikes, runForward, takeTapes } from './octet-forward.js'
import { holds } from './octet-layout.js'
import { type PlanFields, writePlan } from './plan.js'
import { readMaxima } from './read-maxima.js'
import { ARRIVAL, INPUT, INSTANT, OCTET, PEAK, RANGE, TAU_FACTORS } from './schema/records.js'
import { wantsTaus } from './wants.js'
import { WindowArrivals } from './window-arrivals.js'
import { type AnsweredBatch, type SteppedWindow, WindowRetreat } from './window-retreat.js'

const LEAST_TAPE = 8

/**
 * A run of a SIMD kernel in windows, forward and back. Between two of them stays where the neurons stand, and what has not arrived;
 * no bit depends on where one window ends and the next begins.
 */
export class SimdWindows {
  private readonly engine: OctetEngine
  private readonly options: KernelOptions
  private readonly arrivals: WindowArrivals
  private readonly recent: RecentSpikes
  private readonly states: LaneStates
  private readonly ranges: readonly DelayRange[]
  /** Those that are not undone, of a run with gradients. */
  private readonly steps: SteppedWindow[] = []
  /** Per input, of a run with gradients. */
  private readonly received: AnsweredBatch[][]
  private back: WindowRetreat | null = null
  private fields: PlanFields = {}
  /** Addresses; 0: none. */
  private readonly tables: { readonly spikeCounts: number; readonly peaks: number }
  /** What belongs to one window begins here. */
  private readonly windows: number
  private reached: number
  /** Records that an octet is given room for. */
  private tapeRoom = LEAST_TAPE

  /** @param start of the first window, in ms; after 0 `resume` follows */
  constructor(engine: OctetEngine, options: KernelOptions, start = 0) {
    const { trials, until } = options
    const { memory, places, group } = engine
    const { inputs, synapses, values, layout } = group
    const parameters = memory.f64.slice(places.parameters / 8, places.parameters / 8 + layout.length)
    const delays = parameters.subarray(layout.delays, layout.bias)
    engine.forgetRun()
    this.engine = engine
    this.options = options
    this.reached = start
    this.arrivals = new WindowArrivals({
      ...{ inputs, synapses, delays, trials, until },
      ...{ firstRow: places.firstRow, since: start },
    })
    this.recent = new RecentSpikes(inputs, synapses.reachOf(delays))
    this.states = new LaneStates(engine, trials)
    const lanes = OCTET * places.octets * trials
    this.ranges = arrivalRanges(inputs, synapses, delays, options.spikeNoise)
    this.received = inputs.map(() => [])
    const hasPeaks = values.kind === 'li' || options.trackSilent
    this.tables = { spikeCounts: memory.takeZeros(4 * lanes), peaks: hasPeaks ? memory.take(PEAK.size * lanes) : 0 }
    this.windows = memory.mark()
  }

  resume({ columns, inFlight }: KernelState): void {
    const { inputs } = this.engine.group
    this.states.restore(columns)
    for (const [projection, key] of new Map(inputs.map((input) => [input.projection, input.key]))) {
      const spikes = entryOf(inFlight, key) ?? noSpikes(this.options.trials)
      for (const { input, batch } of this.recent.split(projection, this.reached, spikes)) this.receive(input, batch)
    }
  }

  saveState(): KernelState {
    const { inputs } = this.engine.group
    const inFlight = inputs.map(({ projection, key }): [string, SpikeTrains] => {
      return [key, this.recent.inFlight(projection, this.reached, this.options.trials)]
    })
    return { columns: this.states.save(), inFlight: Object.fromEntries(inFlight) }
  }

  smallestDelays(): readonly number[] {
    return this.ranges.map(({ least }) => least)
  }

  receive(input: number, batch: SpikeBatch): void {
    const slot = this.arrivals.receive(input, batch)
    if (this.options.segmented === true) this.recent.receive(input, batch)
    if (!this.options.gradients) return
    const { inputs, layout } = this.engine.group
    const from = inputs[input] as KernelInput
    const soonest = lateBatch(from, batch).window.start + (this.ranges[input] as DelayRange).least
    const sharedBase = layout.sharedBase[from.projection] as number
    const { offsets, units } = batch
    this.received[input]?.push({ input, batch, soonest, offsets, units, slot, sharedBase })
  }

  advance(arrivalsBefore: number, spikesBefore: number): SpikeTrains {
    const { engine, options, states } = this
    const { memory, traffic, group } = engine
    const { trials, until, gradients } = options
    if (!gradients) memory.release(this.windows)
    this.fields = {}
    this.write({
      ...{ trials, until, horizon: Math.min(arrivalsBefore, until) },
      lastSpike: nextDown(Math.min(spikesBefore, until)),
      runawayStretch: options.segmented === true ? RUNAWAY_STRETCH : Number.POSITIVE_INFINITY,
      stopsAfterFirst: Number(options.stopAfterFirst),
      ...{ wantsTaus: Number(wantsTaus(options)), integrals: 0 },
      ...this.tables,
      ...states.fields(),
    })
    this.prepare(arrivalsBefore)
    const tapes = takeTapes(engine, trials)
    this.write(tapes)
    runForward(engine, tapes.tapes, this.tapeRoom)
    states.turn()
    traffic.forward(!wantsTaus(options))
    const spikes =
      group.values.kind === 'li' ? noSpikes(trials) : emitSpikes(engine, trials, (fields) => this.write(fields))
    if (gradients) this.steps.push({ start: this.reached, fields: this.fields })
    this.tapeRoom = Math.max(LEAST_TAPE, Math.ceil((2 * this.recordsOf(spikes)) / engine.places.octets))
    this.reached = arrivalsBefore
    if (options.segmented === true) this.recent.forget(arrivalsBefore)
    return spikes
  }

  /** Those of the spikes, and of the ends of refractory periods. */
  private recordsOf({ times }: SpikeTrains): number {
    return holds(this.engine.group.values) ? 2 * times.length : times.length
  }

  /** Brings what arrives before a horizon into order. */
  private prepare(horizon: number): void {
    const { engine, options } = this
    const { trials } = options
    const { memory } = engine
    const { offsets, times, rows, slots } = this.arrivals.take(horizon)
    const instants = times.length + 2 * trials
    const inputs = memory.take(INPUT.size)
    const fields = {
      ...{ times: memory.copy(times), units: memory.copy(rows), offsets: memory.copy(offsets) },
      ...{ row: 0, slot: 0, slots: memory.copy(slots), kind: 0, delays: 0 },
    }
    writeFields(memory, INPUT, inputs, fields)
    this.write({
      ...{ inputCount: 1, inputs, instants: memory.take(INSTANT.size * instants) },
      instantRanges: memory.take(RANGE.size * trials),
      arrivals: memory.take(ARRIVAL.size * times.length),
      tauFactors: wantsTaus(options) ? memory.take(TAU_FACTORS.size * instants) : 0,
      ...engine.takeEventRoom(mostInTrial([{ offsets }], trials)),
    })
    engine.work('prepare', trials)
  }

  /** @param peakGradients see `Kernel` */
  beginBackward(peakGradients: Float64Array | null): void {
    const { engine, options, steps, received, reached } = this
    const { memory, places } = engine
    const from = this.tables.spikeCounts / 4
    const spikeCounts = memory.i32.slice(from, from + OCTET * places.octets * options.trials)
    const slots = this.arrivals.count
    writePlan(memory, this.tables)
    this.back = new WindowRetreat({
      ...{ engine, options, windows: steps, received, slots },
      ...{ reached, peakGradients, spikeCounts },
    })
  }

  retreat(deltas: Float64Array): void {
    this.under().retreat(deltas)
  }

  takeAnswers(): readonly KernelAnswer[] {
    return this.under().takeAnswers()
  }

  finishShared(into: Float64Array): void {
    this.under().finishShared(into)
  }

  get grazing(): number {
    return this.back?.grazing ?? 0
  }

  private under(): WindowRetreat {
    if (this.back === null) throw new InternalError('There is nothing that the kernel could undo.')
    return this.back
  }

  /** The next arrival or own event if nothing else is received. */
  nextEvent(): number {
    return Math.min(this.arrivals.next(), this.states.nextCrossing())
  }

  maxima(): KernelMaxima {
    const { memory, group, places } = this.engine
    const shape = { octets: places.octets, size: group.values.size, trials: this.options.trials }
    const count = shape.trials * shape.size
    if (this.tables.peaks === 0) return { values: new Float64Array(count), times: new Float64Array(count) }
    const biases = memory.f64.subarray(places.parameters / 8 + group.layout.bias)
    return readMaxima(memory, this.tables.peaks, shape, biases)
  }

  isSilent(trial: number, n: number): boolean {
    const { memory, places } = this.engine
    return memory.i32[this.tables.spikeCounts / 4 + OCTET * places.octets * trial + n] === 0
  }

  /** Writes fields of the plan, which stay those of the window. */
  private write(fields: PlanFields): void {
    this.fields = { ...this.fields, ...fields }
    writePlan(this.engine.memory, fields)
  }
}

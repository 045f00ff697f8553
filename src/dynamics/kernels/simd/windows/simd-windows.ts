import { InternalError } from '../../../../events/errors.js'
import { noSpikes } from '../../../../events/no-spikes.js'
import type { SpikeBatch } from '../../../../events/spike-batch.js'
import type { SpikeTrains } from '../../../../events/spike-trains.js'
import { isReadout } from '../../../../network/models/models.js'
import { nextDown } from '../../../../numerics/neighbours.js'
import { RUNAWAY_INTERVAL } from '../../../models/neuron-faults.js'
import { mostOfNeuron } from '../../../models/spike-limit.js'
import { hasTwoCurrents, holds } from '../../../parameters/group-traits.js'
import type { DelayRange } from '../../../parameters/synapses.js'
import { arrivalRanges, delayRanges } from '../../../timeline/kernel-input.js'
import { ReceivedBatches, type ReturnedGradients } from '../../../timeline/received-batches.js'
import { SpikesInFlight, type WindowSpikeLists } from '../../../timeline/spikes-in-flight.js'
import { type WindowArrivalLists, WindowArrivals } from '../../../timeline/window-arrivals.js'
import type { KernelMaxima } from '../../kernel.js'
import { type KernelOptions, wantsTaus } from '../../kernel-options.js'
import type { KernelState } from '../../kernel-state.js'
import { type HeaderFields, writeHeader } from '../../wasm/header.js'
import { LaneStates } from '../layout/lane-states.js'
import { LaneTables } from '../layout/lane-tables.js'
import type { SimdEngine } from '../layout/simd-engine.js'
import { emitSpikes, runForward, takeTapes } from '../passes/simd-forward.js'
import type { ArrivalWork } from '../simd-traffic.js'
import { ArrivalWorkspace } from './arrival-workspace.js'
import type { ArrivingRows } from './arriving-rows.js'
import { KeptBins } from './kept-bins.js'
import { type SteppedWindow, WindowBackward } from './window-backward.js'

/** Minimum number of records that a lane group has room for. */
const LEAST_TAPE = 8

/**
 * A run of a SIMD kernel in windows, forward and back. Between two of them stays where the neurons stand, and what has not
 * arrived; no bit depends on where one window ends and the next begins.
 */
export class SimdWindows {
  private readonly engine: SimdEngine
  private readonly options: KernelOptions
  private readonly arrivals: WindowArrivals | SpikesInFlight
  /** Null where nothing is added up in bins. */
  private readonly bins: KeptBins | null
  private readonly received: ReceivedBatches
  private readonly states: LaneStates
  private readonly ranges: readonly DelayRange[]
  private readonly hasShifts: boolean
  private readonly work: ArrivalWork
  /** Where spikes have arrived, in a run with gradients. */
  private readonly arriving: ArrivingRows[] = []
  /** Windows that are not undone, of a run with gradients. */
  private readonly steps: SteppedWindow[] = []
  private back: WindowBackward | null = null
  private readonly tables: LaneTables
  /** Where the tape of each lane group lies. */
  private readonly tapes: number
  private readonly room: ArrivalWorkspace
  /** What belongs to one window begins here. */
  private windows: number
  /** Something is listed that may arrive. */
  private isPrepared = false
  private reached: number
  /** Records that a lane group is given room for. */
  private tapeRoom = LEAST_TAPE

  /** @param start of the first window, in ms; after 0 `resume` follows */
  constructor(engine: SimdEngine, options: KernelOptions, start = 0) {
    const { trials, until } = options
    const { memory, places, group } = engine
    const { inputs, synapses, layout } = group
    const parameters = memory.f64.slice(places.parameters / 8, places.parameters / 8 + layout.length)
    const delays = parameters.subarray(layout.delays, layout.bias)
    engine.forgetRun()
    engine.firstTrial = options.firstTrial ?? 0
    this.engine = engine
    this.options = options
    this.reached = start
    const ranges = delayRanges(inputs, synapses, delays)
    this.ranges = arrivalRanges(inputs, ranges, options.spikeNoise)
    const feed = { inputs, synapses, delays, trials, until, firstUnit: places.firstUnit, since: start }
    this.hasShifts = options.spikeNoise?.projections.some((noise) => noise?.causal === true) === true
    this.work = engine.arrivalWork(options, this.hasShifts)
    // Chance has moved spikes before they come here, unless it shifts arrivals.
    const leastDelays = places.hasPerNeuronArrivals ? leastDelaysOf(engine, ranges) : null
    this.arrivals =
      leastDelays === null
        ? new WindowArrivals(feed)
        : new SpikesInFlight({
            ...feed,
            ranges: this.ranges,
            leastDelays,
            hasShifts: this.hasShifts,
            countsComing: this.undoesAtOnce,
          })
    const isNoisy = options.spikeNoise !== undefined
    const hasBins = places.hasPerNeuronArrivals && !this.hasShifts && !hasTwoCurrents(group.values)
    this.bins = hasBins ? new KeptBins(engine, { ranges, trials, start, isNoisy }) : null
    this.received = new ReceivedBatches(inputs)
    const { segmented = false, gradients } = options
    const leastDelay = (input: number) => (this.ranges[input] as DelayRange).least
    this.received.begin({ segmented, gradients, reach: synapses.reachOf(delays), leastDelay })
    this.states = new LaneStates(engine, trials)
    this.tables = new LaneTables(engine, options, trials)
    this.tapes = takeTapes(engine)
    this.room = new ArrivalWorkspace(engine, options)
    const leastDelaysAt = leastDelays === null ? 0 : memory.copy(leastDelays)
    this.windows = memory.mark()
    this.write({
      ...{ trials, until, ...this.tables.fields, tapes: this.tapes, inputs: this.room.input, inputCount: 1 },
      ...{ integrals: 0, leastDelays: leastDelaysAt, keptBins: 0, spikeRoom: 0 },
      longestDelay: Math.max(0, ...this.ranges.map(({ most }) => most)),
      longestLeastDelay: Math.max(0, ...ranges.map(({ least }) => least).filter(Number.isFinite)),
      runawayInterval: options.segmented === true ? RUNAWAY_INTERVAL : Number.POSITIVE_INFINITY,
      mostInCell: mostOfNeuron(options.spikeLimit ?? Number.POSITIVE_INFINITY, 0),
      ...{ stopsAfterFirst: Number(options.stopAfterFirst), wantsTaus: Number(wantsTaus(options)) },
    })
  }

  resume({ columns, inFlight }: KernelState): void {
    this.states.restore(columns)
    const batches = this.received.split(inFlight, this.reached, this.options.trials)
    for (const { input, batch } of batches) this.take(input, batch)
  }

  saveState(): KernelState {
    return { columns: this.states.save(), inFlight: this.received.inFlight(this.open, this.options.trials) }
  }

  /** What arrives at this time or later is not in the states yet, ms. */
  private get open(): number {
    return this.engine.places.hasPerNeuronArrivals ? Math.min(this.states.from, this.reached) : this.reached
  }

  smallestDelays(): readonly number[] {
    return this.ranges.map(({ least }) => least)
  }

  receive(input: number, batch: SpikeBatch): void {
    const { traffic, group } = this.engine
    const where = traffic.rowsOf(group.inputs[input]?.projection as number, batch.units)
    traffic.arrived(where, this.work)
    if (this.options.gradients) this.arriving.push(where)
    this.take(input, batch)
  }

  private take(input: number, batch: SpikeBatch): void {
    const { late, first } = this.received.receive(input, batch)
    this.arrivals.receive(input, late, first)
    this.bins?.receive(input, batch.window)
  }

  advance(arrivalsBefore: number, spikesBefore: number): SpikeTrains {
    const { engine, options, states } = this
    const { memory, traffic, group } = engine
    const { trials, until, gradients } = options
    if (!gradients) memory.release(this.windows)
    const arriving = this.takeKnown(arrivalsBefore)
    const [horizon, lastSpike] = [Math.min(arrivalsBefore, until), nextDown(Math.min(spikesBefore, until))]
    const fields = { ...this.room.take(arriving, this.firstComing(arrivalsBefore)), reached: this.reached, horizon }
    const complete = states.from
    this.write({
      ...fields,
      ...states.fields(),
      ...this.bins?.begin(complete, horizon),
      openSince: this.open,
      lastSpike,
    })
    const events = this.room.prepare(arriving, gradients)
    const most = runForward(engine, this.tapes, this.tapeRoom)
    states.turn(lastSpike)
    this.bins?.turn(complete, states.from)
    traffic.forward()
    const spikes = isReadout(group.values) ? noSpikes(trials) : this.emit()
    if (gradients) this.steps.push({ start: this.reached, fields: this.room.undoneWith(fields), events })
    this.tapeRoom = Math.max(LEAST_TAPE, Math.min(most, this.recordsOf(spikes)))
    this.reached = arrivalsBefore
    this.isPrepared = true
    this.arrivals.forget(this.open)
    this.received.forget(this.open)
    return spikes
  }

  /** What has become known of before a horizon, and room for it. */
  private takeKnown(horizon: number): WindowArrivalLists | WindowSpikeLists {
    const known = this.arrivals.take(horizon)
    if (this.room.reserve(known)) this.windows = this.engine.memory.mark()
    return known
  }

  /** Spikes are undone all at once, with the window of their earliest arrival. */
  private get undoesAtOnce(): boolean {
    return this.options.gradients && !this.hasShifts
  }

  /** Where spikes are undone all at once, with the window of their earliest arrival: those of this one, trial by trial. */
  private firstComing(horizon: number): Uint32Array | null {
    if (!this.undoesAtOnce || !(this.arrivals instanceof SpikesInFlight)) return null
    return this.arrivals.firstComing(this.reached, horizon)
  }

  /** Number of records of the spikes, and of one end of a refractory period for each. */
  private recordsOf({ times }: SpikeTrains): number {
    return holds(this.engine.group.values) ? 2 * times.length : times.length
  }

  private emit(): SpikeTrains {
    const { engine, options } = this
    const mark = engine.memory.mark()
    const spikes = emitSpikes(engine, options.trials)
    engine.memory.release(mark)
    return spikes
  }

  /** @param peakGradients see `Kernel` */
  beginBackward(peakGradients: Float64Array | null): void {
    const { engine, options, steps: windows, received, reached, tables, arriving } = this
    this.back = new WindowBackward({
      ...{ engine, options, windows, received, reached, peakGradients, tables, arriving },
      undoesLaneByLane: this.hasShifts,
    })
  }

  backward(deltas: Float64Array): void {
    this.under().backward(deltas)
  }

  takeReturned(): readonly ReturnedGradients[] {
    return this.under().takeReturned()
  }

  finishShared(): void {
    this.under().finishShared(this.engine.sharedGradient())
  }

  get grazing(): number {
    return this.back?.grazing ?? 0
  }

  private under(): WindowBackward {
    if (this.back === null) throw new InternalError('There is nothing that the kernel could undo.')
    return this.back
  }

  /** The next arrival or own event if nothing else is received. */
  nextEvent(): number {
    if (this.arrivals instanceof SpikesInFlight) {
      if (!this.isPrepared) this.prepareResumed()
      this.write({ ...this.room.eventRoom, reached: this.reached, horizon: this.reached })
    }
    return Math.min(this.arrivals.next(this.reached), this.states.nextCrossing())
  }

  /** Brings into order what had been sent before the run went on, and is not in the states yet. */
  private prepareResumed(): void {
    const arriving = this.takeKnown(this.reached)
    this.write({
      ...this.room.take(arriving, null),
      reached: this.reached,
      horizon: this.reached,
      openSince: this.open,
    })
    this.room.prepare(arriving, this.options.gradients)
    this.isPrepared = true
  }

  maxima(): KernelMaxima {
    return this.tables.maxima()
  }

  isSilent(trial: number, n: number): boolean {
    return this.tables.isSilent(trial, n)
  }

  private write(fields: HeaderFields): void {
    writeHeader(this.engine.memory, fields)
  }
}

/** The least delay of the units of each input, unit by unit among those of all projections, in ms. */
function leastDelaysOf({ places, group }: SimdEngine, ranges: readonly DelayRange[]): Float64Array {
  const units = group.synapses.afferents.reduce((sum, { sourceSize }) => sum + sourceSize, 0)
  const least = new Float64Array(units).fill(Number.POSITIVE_INFINITY)
  group.inputs.forEach(({ projection, units: { start, end } }, input) => {
    const first = places.firstUnit[projection] as number
    least.fill((ranges[input] as DelayRange).least, first + start, first + end)
  })
  return least
}

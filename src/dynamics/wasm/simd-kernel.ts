import { InternalError } from '../../events/errors.js'
import { noSpikes } from '../../events/no-spikes.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { LifValues, LiValues, ProjectionValues } from '../../network/instance.js'
import { sumsLength } from '../../numerics/tree-nodes.js'
import type { AdamLoop } from '../adam-loop.js'
import { Kernel, type KernelAnswer, type KernelMaxima } from '../kernel.js'
import type { SourceSlices } from '../kernel-input.js'
import type { KernelOptions } from '../kernel-options.js'
import type { MemoryTraffic } from '../memory-traffic.js'
import { RUNAWAY } from '../neuron-faults.js'
import { initialParameters } from '../parameter-vector.js'
import { bandPush } from '../rate-band.js'
import type { Afferent } from '../synapses.js'
import { tausIn } from '../tau-values.js'
import { TRIAL_CHUNK } from '../trial-sum.js'
import { type Batch, sumNodes, sumShared } from './block-sums.js'
import { type Crew, createSoloCrew } from './crew.js'
import { compileKernel, instantiateKernel, type KernelExports } from './instantiate.js'
import { type LaneShape, readIntegrals, takeIntegrals } from './integral-room.js'
import { JOBS, type JobName } from './jobs.js'
import { createKernelAdamLoop } from './kernel-adam-loop.js'
import { BYTES } from './kernel-bytes.js'
import { align, KernelMemory } from './kernel-memory.js'
import { mostInTrial } from './most-in-trial.js'
import { constantFields, DELAY_SHAPES, layOutOctets, OCTET, type OctetLayout } from './octet-layout.js'
import { createOctetOutcomes, type OctetOutcomes } from './octet-outcomes.js'
import { OctetTraffic } from './octet-traffic.js'
import { PLAN_END, plannedTaus, readPlan, sameTaus, writePlan } from './plan.js'
import { PEAK_BYTES, readMaxima } from './read-maxima.js'
import { searchCrossingOf } from './search-crossing.js'

interface ReceivedBatch extends Batch {
  readonly input: number
  readonly batch: SpikeBatch
}

/** What a forward pass leaves for the backward pass and for questions. */
interface Pass {
  readonly options: KernelOptions
  readonly batches: readonly ReceivedBatch[]
  readonly slots: number
  readonly spikeCounts: number
  readonly peaks: number
  /** 0: none. */
  readonly integrals: number
}

/**
 * The kernel in WebAssembly, two doubles at a time: groups whose neurons all see the same arrivals, in trials that run
 * whole. See `suitsSimd`; the mathematics is in assembly/.
 *
 * Eight neurons at a time walk through all arrivals of all trials with their state in registers; those that may cross
 * their threshold leave that path and are solved one by one.
 */
export class SimdKernel extends Kernel {
  private readonly memory: KernelMemory
  private readonly code: KernelExports
  private readonly crew: Crew
  /** Its number in the crew. */
  private readonly number: number
  private readonly places: OctetLayout
  private readonly outcomes: OctetOutcomes
  /** What belongs to a run begins here. */
  private readonly runs: number
  private options: KernelOptions | null = null
  private beat = (): void => undefined
  private batches: ReceivedBatch[] = []
  private slots = 0
  private pass: Pass | null = null
  private peakGradients: Float64Array | null = null
  private answers: readonly KernelAnswer[] = []
  /** The backward pass has begun, and its one step is not yet done. */
  private isBackward = false
  /** Records that the tape of an octet is given room for. */
  private tapeRoom = 64
  private readonly traffic: OctetTraffic

  /**
   * @param sourceSlices how the sources of the projections are cut; default: each is whole
   * @param crew threads that do the work; default: this one
   */
  constructor(
    values: LifValues | LiValues,
    projections: readonly ProjectionValues[],
    sourceSlices?: SourceSlices,
    crew: Crew = createSoloCrew(),
  ) {
    super(values, projections, sourceSlices)
    const memory = new KernelMemory(PLAN_END, crew.variant)
    const module = compileKernel(crew.variant)
    const scratch = Array.from({ length: crew.size }, () => memory.takeZeros(BYTES.scratch))
    this.memory = memory
    this.crew = crew
    const host = { searchCrossing: searchCrossingOf(memory.memory), beat: () => this.beat() }
    this.code = instantiateKernel(module, memory.memory, host)
    this.code.attach(0, scratch[0] as number)
    this.number = crew.enlist({ module, memory: memory.memory, scratch, code: this.code })
    this.places = layOutOctets(memory, values, this.synapses, this.layout)
    this.outcomes = createOctetOutcomes(memory, values)
    const bins = this.places.hasOwnDelays ? memory.take(BYTES.bins * crew.size) : 0
    writePlan(memory, { runaway: RUNAWAY, bins })
    this.traffic = new OctetTraffic(memory, this.places, values.size)
    this.runs = memory.mark()
    this.parameters.set(initialParameters(values, projections, this.layout))
    this.parametersChanged()
  }

  get parameters(): Float64Array {
    const from = this.places.parameters / 8
    return this.memory.f64.subarray(from, from + this.layout.length)
  }

  parametersChanged(): void {
    this.followTaus()
    this.work('pack', this.places.octets)
    this.traffic.isPacked = true
  }

  /** Time constants may have been learned. */
  private followTaus(): void {
    const { tauMem, tauSynExc, tauAdapt } = tausIn(this.parameters, this.layout)
    const now = { tauMem: tauMem[0] as number, tauSyn: tauSynExc[0] as number, tauAdapt: tauAdapt[0] as number }
    if (!sameTaus(now, plannedTaus(this.memory.memory.buffer))) writePlan(this.memory, constantFields(now))
  }

  override adamLoop(from: number, to: number): AdamLoop {
    const { memory, places, layout } = this
    const [means, squares] = [from, layout.length + from].map((at) => places.moments + 8 * at) as [number, number]
    const run = (items: number) => this.work('adam', items)
    return createKernelAdamLoop({ memory, fields: places.adamFields, means, squares, count: to - from, run })
  }

  override memoryTraffic(): MemoryTraffic | null {
    return this.traffic.total()
  }

  begin(options: KernelOptions): void {
    if (!options.whole) throw new InternalError('The SIMD kernel runs whole trials only.')
    this.options = options
    this.beat = options.beat
    this.batches = []
    this.slots = 0
    this.pass = null
    this.answers = []
    this.isBackward = false
  }

  receive(input: number, batch: SpikeBatch): void {
    const sharedBase = this.layout.sharedBase[this.inputs[input]?.projection as number] as number
    this.batches.push({ input, batch, offsets: batch.offsets, units: batch.units, slot: this.slots, sharedBase })
    this.slots += batch.times.length
  }

  advance(): SpikeTrains {
    const options = this.begun()
    const { memory, places, values, batches, slots } = this
    const { trials } = options
    memory.release(this.runs)
    const wanted = values.kind === 'li' ? options.integral : undefined
    const integrals = takeIntegrals(memory, this.shapeOf(options), slots + trials, wanted)
    this.prepare(options)
    const spikeCounts = memory.takeZeros(4 * OCTET * places.octets * trials)
    const hasPeaks = values.kind === 'li' || options.trackSilent
    const peaks = hasPeaks ? memory.take(PEAK_BYTES * OCTET * places.octets * trials) : 0
    const tapeStarts = memory.take(4 * places.octets * (trials + 1))
    const tapes = memory.take(8 * places.octets)
    writePlan(memory, { spikeCounts, peaks, tapeStarts, tapes, stopsAfterFirst: Number(options.stopAfterFirst) })
    this.runForward()
    this.traffic.forward(integrals === 0 && !wantsTaus(options))
    this.pass = { options, batches, slots, spikeCounts, peaks, integrals }
    return values.kind === 'li' ? noSpikes(trials) : this.emit(trials)
  }

  /** Brings what arrives into order, with the propagators between. */
  private prepare(options: KernelOptions): void {
    const { trials, until } = options
    const { memory, batches, slots } = this
    const inputs = memory.take(BYTES.input * batches.length)
    batches.forEach((batch, k) => {
      const fields = this.inputFields(batch)
      memory.i32.set(fields, (inputs + BYTES.input * k) / 4)
    })
    const instants = memory.take(BYTES.instant * (slots + trials))
    const instantRanges = memory.take(8 * trials)
    const arrivals = memory.take(BYTES.arrival * slots)
    writePlan(memory, { trials, until, slots, inputCount: batches.length, inputs, instants, instantRanges, arrivals })
    const tauFactors = wantsTaus(options) ? memory.take(BYTES.tauFactor * (slots + trials)) : 0
    writePlan(memory, { wantsTaus: Number(wantsTaus(options)), tauFactors })
    // Also to list the arrivals at one neuron.
    this.takeEventRoom(mostInTrial(batches, trials))
    this.work('prepare', trials)
  }

  /** See assembly/instants.ts. */
  private inputFields({ input, batch, slot }: ReceivedBatch): readonly number[] {
    const { memory, places, layout } = this
    const projection = this.inputs[input]?.projection as number
    const { delayShape, delayBase } = this.synapses.afferents[projection] as Afferent
    const times = memory.copy(batch.times)
    const units = memory.copy(batch.units)
    const offsets = memory.copy(batch.offsets)
    const delays = places.parameters + 8 * (layout.delays + delayBase)
    // Delays that differ from neuron to neuron are added there.
    const kind = places.hasOwnDelays ? 0 : DELAY_SHAPES.indexOf(delayShape)
    return [times, units, offsets, places.firstRow[projection] as number, slot, kind, delays]
  }

  /** Room for every thread to put so many events in order. */
  private takeEventRoom(count: number): void {
    const eventRoom = 5 * align((BYTES.event / 2) * (count + 1))
    writePlan(this.memory, { eventRoom, events: this.memory.take(eventRoom * this.crew.size) })
  }

  /** Runs all octets; those whose tape gets full once more, with more room. */
  private runForward(): void {
    const { octets } = this.places
    const given = this.tapeRoom
    for (let octet = 0; octet < octets; octet++) this.takeTape(octet)
    this.work('forward', octets)
    for (let octet = 0; octet < octets; octet++) {
      for (let room = given; this.outcomes.endOf(octet) === 'tape is full'; room = this.tapeRoom) {
        this.tapeRoom = Math.max(this.tapeRoom, 2 * room)
        this.takeTape(octet)
        this.code.run(JOBS.forward, octet)
        this.beat()
      }
      if (this.outcomes.endOf(octet) !== 'done') throw this.outcomes.fault(octet)
    }
  }

  private takeTape(octet: number): void {
    const { memory, tapeRoom } = this
    const from = memory.take(BYTES.record * tapeRoom)
    const tapes = readPlan(memory, 'tapes') / 4
    memory.u32.set([from, from + BYTES.record * tapeRoom], tapes + 2 * octet)
  }

  private emit(trials: number): SpikeTrains {
    const { memory, code, places } = this
    const records = this.outcomes.countOf(places.octets)
    const spikeTimes = memory.take(8 * records)
    const spikeUnits = memory.take(4 * records)
    const spikeOffsets = memory.take(4 * (trials + 1))
    writePlan(memory, { spikeTimes, spikeUnits, spikeOffsets })
    code.countSpikes()
    const offsets = memory.u32.slice(spikeOffsets / 4, spikeOffsets / 4 + trials + 1)
    this.takeEventRoom(mostInTrial([{ offsets }], trials))
    this.work('emit', trials)
    this.traffic.emitted(records)
    return {
      offsets,
      times: memory.f64.slice(spikeTimes / 8, spikeTimes / 8 + records),
      units: memory.u32.slice(spikeUnits / 4, spikeUnits / 4 + records),
    }
  }

  nextEvent(): number {
    throw new InternalError('The SIMD kernel runs whole trials only.')
  }

  beginBackward(peakGradients: Float64Array | null): void {
    this.peakGradients = peakGradients
    this.isBackward = true
  }

  retreat(deltas: Float64Array): void {
    if (!this.isBackward) throw new InternalError('There is nothing left that the kernel could undo.')
    this.isBackward = false
    const { memory, places, crew } = this
    const { options, slots } = this.passed()
    const hasEvents = this.wantsEvents(options)
    const levels = 33 - Math.clz32(Math.ceil(options.trials / TRIAL_CHUNK))
    const stretchRoom = places.hasOwnDelays ? BYTES.stretch * this.mostEvents() : 0
    const gradientBytes = places.gradientBytes + (wantsTaus(options) ? BYTES.tauRows : 0)
    writePlan(memory, {
      deltas: memory.copy(deltas),
      peakGradients: this.peakGradients === null ? 0 : memory.copy(this.peakGradients),
      pushes: this.takePushes(options),
      refusesUndefinedSlope: Number(options.undefinedSlope === 'refuse'),
      wantsBias: Number(options.biasGradient ?? true),
      eventSums: hasEvents ? memory.take(2 * 8 * slots * places.octets) : 0,
      ...{ gradientBytes, levels, vectors: memory.take(gradientBytes * levels * crew.size) },
      ...{ stretchRoom, stretches: memory.take(stretchRoom * crew.size) },
      tauStretches: wantsTaus(options) ? memory.take(stretchRoom * crew.size) : 0,
    })
    this.work('backward', places.octets)
    for (let octet = 0; octet < places.octets; octet++)
      if (this.outcomes.endOf(octet) !== 'done') throw this.outcomes.fault(octet)
    this.traffic.takePass()
    this.answer(hasEvents)
  }

  /** Of a neuron in a trial: its spikes, or a maximum. */
  private mostEvents(): number {
    return this.spikeCounts().reduce((most, count) => Math.max(most, count), 1)
  }

  /** What a rate band does to the spikes of each lane; 0 without one. */
  private takePushes({ rateBand }: KernelOptions): number {
    if (rateBand === undefined) return 0
    return this.memory.copy(Float64Array.from(this.spikeCounts(), (count) => bandPush(rateBand, count)))
  }

  /** [trial][octet][lane]. */
  private spikeCounts(): Int32Array {
    const { spikeCounts, options } = this.passed()
    const from = spikeCounts / 4
    return this.memory.i32.subarray(from, from + OCTET * this.places.octets * options.trials)
  }

  /** Sums gradient events over blocks and their trees, and over trials for shared delays; zeros where nobody asks. */
  private answer(hasEvents: boolean): void {
    const { memory, layout, places } = this
    const { batches, slots, options } = this.passed()
    const inReverse = batches.toReversed()
    if (!hasEvents) {
      this.answers = inReverse.map(({ input, batch }) => {
        return { input, batch, values: new Float64Array(sumsLength(layout.nodes, batch.times.length)) }
      })
      return
    }
    const blockSums = memory.take(8 * slots * layout.blocks)
    writePlan(memory, { blockSums })
    this.work('sumBlock', layout.blocks)
    this.traffic.summed(slots, layout.blocks)
    const sums = { slots, values: memory.f64.subarray(blockSums / 8, blockSums / 8 + slots * layout.blocks) }
    this.answers = inReverse.map(({ input, batch, slot }) => {
      return { input, batch, values: sumNodes(layout, sums, slot, batch.times.length) }
    })
    if (layout.sharedCount === 0) return
    const shared = places.gradient / 8 + layout.shared
    const into = memory.f64.subarray(shared, shared + layout.blocks * layout.sharedCount)
    sumShared(layout, sums, batches, options.trials, into)
  }

  takeAnswers(): readonly KernelAnswer[] {
    const { answers } = this
    this.answers = []
    return answers
  }

  sumGradient(): Float64Array {
    const from = this.places.gradient / 8
    return this.memory.f64.subarray(from, from + this.layout.gradientLength)
  }

  maxima(): KernelMaxima {
    const { options, peaks } = this.passed()
    const { memory, values, parameters, layout } = this
    const count = options.trials * values.size
    if (peaks === 0) return { values: new Float64Array(count), times: new Float64Array(count) }
    return readMaxima(memory, peaks, this.shapeOf(options), parameters.subarray(layout.bias))
  }

  override integrals(): Float64Array {
    const { options, integrals } = this.passed()
    return integrals === 0 ? super.integrals() : readIntegrals(this.memory, integrals, this.shapeOf(options))
  }

  private shapeOf({ trials }: KernelOptions): LaneShape {
    return { octets: this.places.octets, size: this.values.size, trials }
  }

  isSilent(trial: number, n: number): boolean {
    if (this.values.kind !== 'lif') return false
    const { spikeCounts } = this.passed()
    return this.memory.i32[spikeCounts / 4 + OCTET * this.places.octets * trial + n] === 0
  }

  get grazing(): number {
    return this.outcomes.countOf(this.places.octets)
  }

  /** Does a job with all threads of the crew. */
  private work(job: JobName, items: number): void {
    this.crew.run(this.number, JOBS[job], items, this.beat)
  }

  /** Somebody asks what moving the spikes that came would do: neurons, a source, or shared delays. */
  private wantsEvents({ inputTimes = true }: KernelOptions): boolean {
    return inputTimes || this.layout.sharedCount > 0 || this.synapses.afferents.some(({ fromSource }) => !fromSource)
  }

  private begun(): KernelOptions {
    if (this.options === null) throw new InternalError('The kernel has not begun a run.')
    return this.options
  }

  private passed(): Pass {
    if (this.pass === null) throw new InternalError('The kernel has not run.')
    return this.pass
  }
}

/** The gradient by the time constants is asked for. */
function wantsTaus({ gradients, tauGradient = false }: KernelOptions): boolean {
  return gradients && tauGradient
}

import { InternalError } from '../../events/errors.js'
import { noSpikes } from '../../events/no-spikes.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { DelayShape, LifValues, LiValues, ProjectionValues } from '../../network/instance.js'
import { pairwiseSum } from '../../numerics/pairwise-sum.js'
import { Kernel, type KernelAnswer, type KernelMaxima } from '../kernel.js'
import type { SourceSlices } from '../kernel-input.js'
import type { KernelOptions } from '../kernel-options.js'
import { Membrane } from '../membrane.js'
import { RUNAWAY, runawayNeuron, undefinedShift } from '../neuron-faults.js'
import { initialParameters } from '../parameter-vector.js'
import { firstUpcrossing } from '../rolle.js'
import { TRIAL_CHUNK, TrialSum } from '../trial-sum.js'
import { compileKernel, instantiateKernel, type KernelExports, type SearchCrossing } from './instantiate.js'
import { KernelMemory } from './kernel-memory.js'
import { commonConstants, layOutOctets, OCTET, type OctetLayout } from './octet-layout.js'
import { PLAN_END, writePlan } from './plan.js'

/** Bytes, as assembly/{lanes,sort-events,instants,tape,peaks,delayed-stretches}.ts lay them out. */
const SCRATCH_BYTES = 2048
const INPUT_BYTES = 32
const EVENT_BYTES = 16
const INSTANT_BYTES = 64
const ARRIVAL_BYTES = 8
const RECORD_BYTES = 32
const PEAK_BYTES = 40
const STRETCH_BYTES = 384

/** By the numbers of assembly/{instants,delayed-pack}.ts. */
const DELAY_SHAPES: readonly DelayShape[] = ['none', 'scalar', 'perSource', 'perSynapse']

/** How a pass over an octet may end, by the numbers of assembly/outcome.ts. */
const OUTCOMES = ['done', 'tape is full', 'runaway', 'slope is undefined', 'gradient overflows'] as const

interface ReceivedBatch {
  readonly input: number
  readonly batch: SpikeBatch
  /** Number of its first spike among those of all batches. */
  readonly slot: number
}

/** What a forward pass leaves for the backward pass and for questions. */
interface Pass {
  readonly options: KernelOptions
  readonly batches: readonly ReceivedBatch[]
  readonly slots: number
  readonly spikeCounts: number
  readonly peaks: number
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
  private readonly places: OctetLayout
  /** What belongs to a run begins here. */
  private readonly runs: number
  private options: KernelOptions | null = null
  private batches: ReceivedBatch[] = []
  private slots = 0
  private pass: Pass | null = null
  private peakGradients: Float64Array | null = null
  private answers: readonly KernelAnswer[] = []
  private grazings = 0
  /** Records that the last tape of an octet had room for. */
  private tapeRoom = 64

  /** @param sourceSlices how the sources of the projections are cut; default: each is whole */
  constructor(values: LifValues | LiValues, projections: readonly ProjectionValues[], sourceSlices?: SourceSlices) {
    super(values, projections, sourceSlices)
    this.memory = new KernelMemory(PLAN_END)
    this.code = instantiateKernel(compileKernel('plain'), this.memory.memory, searchOf(values))
    this.code.attach(this.memory.takeZeros(SCRATCH_BYTES))
    this.places = layOutOctets(this.memory, values, this.synapses, this.layout)
    writePlan(this.memory, { runaway: RUNAWAY })
    this.runs = this.memory.mark()
    this.parameters.set(initialParameters(values, projections, this.layout))
    this.parametersChanged()
  }

  get parameters(): Float64Array {
    const from = this.places.parameters / 8
    return this.memory.f64.subarray(from, from + this.layout.length)
  }

  parametersChanged(): void {
    const { code, places, layout, synapses } = this
    synapses.afferents.forEach(({ base, sourceSize }, p) => {
      const from = places.parameters + 8 * (layout.weights + base)
      code.pack(from, places.weights, places.firstRow[p] as number, sourceSize)
    })
    if (places.hasOwnDelays) this.packDelays()
    this.writeNeurons()
  }

  /** Delays of all projections, those that synapses share among them, in the places of the weights. */
  private packDelays(): void {
    const { code, places, layout, synapses } = this
    synapses.afferents.forEach(({ delayShape, delayBase, sourceSize }, p) => {
      const from = places.parameters + 8 * (layout.delays + delayBase)
      code.packDelays(from, DELAY_SHAPES.indexOf(delayShape), places.firstRow[p] as number, sourceSize)
    })
  }

  begin(options: KernelOptions): void {
    if (!options.whole) throw new InternalError('The SIMD kernel runs whole trials only.')
    this.options = options
    this.batches = []
    this.slots = 0
    this.pass = null
    this.answers = []
    this.grazings = 0
  }

  receive(input: number, batch: SpikeBatch): void {
    this.batches.push({ input, batch, slot: this.slots })
    this.slots += batch.times.length
  }

  advance(): SpikeTrains {
    const options = this.begun()
    const { memory, places, values, batches, slots } = this
    const { trials } = options
    memory.release(this.runs)
    this.prepare(options)
    const spikeCounts = memory.takeZeros(4 * OCTET * places.octets * trials)
    const peaks =
      values.kind === 'li' || options.trackSilent ? memory.take(PEAK_BYTES * OCTET * places.octets * trials) : 0
    const tapeStarts = memory.take(4 * places.octets * (trials + 1))
    writePlan(memory, { spikeCounts, peaks, tapeStarts, stopsAfterFirst: Number(options.stopAfterFirst) })
    let records = 0
    for (let octet = 0; octet < places.octets; octet++) {
      records += this.runOctet(octet)
      options.beat()
    }
    this.pass = { options, batches, slots, spikeCounts, peaks }
    if (values.kind === 'li') return noSpikes(trials)
    const spikes = this.emit(records, trials)
    if (!options.gradients) memory.release(this.runs)
    return spikes
  }

  /** Brings what arrives into order, with the propagators between. */
  private prepare({ trials, until }: KernelOptions): void {
    const { memory, code, batches, slots, synapses, places, layout } = this
    const inputs = memory.take(INPUT_BYTES * batches.length)
    batches.forEach(({ input, batch, slot }, k) => {
      const projection = this.inputs[input]?.projection as number
      const { delayShape, delayBase } = synapses.afferents[projection] as (typeof synapses.afferents)[number]
      const times = memory.copy(batch.times)
      const units = memory.copy(batch.units)
      const offsets = memory.copy(batch.offsets)
      const delays = places.parameters + 8 * (layout.delays + delayBase)
      // Delays that differ from neuron to neuron are added there.
      const kind = places.hasOwnDelays ? 0 : DELAY_SHAPES.indexOf(delayShape)
      const row = places.firstRow[projection] as number
      memory.i32.set([times, units, offsets, row, slot, kind, delays], (inputs + INPUT_BYTES * k) / 4)
    })
    const events = memory.take(EVENT_BYTES * slots)
    const spareEvents = memory.take(EVENT_BYTES * slots)
    const instants = memory.take(INSTANT_BYTES * (slots + trials))
    const instantStarts = memory.take(4 * (trials + 1))
    const arrivals = memory.take(ARRIVAL_BYTES * slots)
    writePlan(memory, { trials, until, inputCount: batches.length, inputs, events, spareEvents })
    writePlan(memory, { instants, instantStarts, arrivals, slots })
    if (places.hasOwnDelays) code.prepareDelayed()
    else code.prepare()
  }

  /** Runs an octet through all trials, with as much tape as it needs; returns the number of its spikes. */
  private runOctet(octet: number): number {
    const { memory, code } = this
    const from = memory.mark()
    for (;;) {
      const to = memory.take(RECORD_BYTES * this.tapeRoom) + RECORD_BYTES * this.tapeRoom
      const outcome = OUTCOMES[code.forward(octet, from, to)]
      if (outcome === 'done') break
      if (outcome !== 'tape is full') throw this.fault(octet)
      memory.release(from)
      this.tapeRoom *= 2
    }
    const end = code.tapeEnd(octet)
    memory.release(end)
    return (end - from) / RECORD_BYTES
  }

  private emit(records: number, trials: number): SpikeTrains {
    const { memory, code } = this
    const spikeTimes = memory.take(8 * records)
    const spikeUnits = memory.take(4 * records)
    const spikeOffsets = memory.take(4 * (trials + 1))
    const events = memory.take(EVENT_BYTES * records)
    const spareEvents = memory.take(EVENT_BYTES * records)
    writePlan(memory, { spikeTimes, spikeUnits, spikeOffsets, events, spareEvents })
    code.emit()
    return {
      offsets: memory.u32.slice(spikeOffsets / 4, spikeOffsets / 4 + trials + 1),
      times: memory.f64.slice(spikeTimes / 8, spikeTimes / 8 + records),
      units: memory.u32.slice(spikeUnits / 4, spikeUnits / 4 + records),
    }
  }

  nextEvent(): number {
    throw new InternalError('The SIMD kernel runs whole trials only.')
  }

  beginBackward(peakGradients: Float64Array | null): void {
    this.peakGradients = peakGradients
  }

  retreat(deltas: Float64Array): void {
    const { memory, code, places } = this
    const { options, slots } = this.passed()
    const eventSums = this.wantsEvents(options) ? memory.take(2 * 8 * slots * places.octets) : 0
    writePlan(memory, {
      deltas: memory.copy(deltas),
      peakGradients: this.peakGradients === null ? 0 : memory.copy(this.peakGradients),
      refusesUndefinedSlope: Number(options.undefinedSlope === 'refuse'),
      eventSums,
    })
    if (eventSums !== 0) code.clearEvents()
    const levels = 33 - Math.clz32(Math.ceil(options.trials / TRIAL_CHUNK))
    const vectors = memory.take(places.gradientBytes * levels)
    if (places.hasOwnDelays) writePlan(memory, { stretches: memory.take(STRETCH_BYTES * this.mostEvents()) })
    this.grazings = 0
    for (let octet = 0; octet < places.octets; octet++) {
      const gradient = code.backward(octet, vectors)
      if (gradient === 0) throw this.fault(octet)
      this.grazings += code.grazing()
      this.unpack(octet, gradient)
      options.beat()
    }
    this.answer(eventSums !== 0)
  }

  /** Of a neuron in a trial: its spikes, or a maximum. */
  private mostEvents(): number {
    const { memory, places } = this
    const { spikeCounts, options } = this.passed()
    const counts = memory.i32.subarray(spikeCounts / 4, spikeCounts / 4 + OCTET * places.octets * options.trials)
    return counts.reduce((most, count) => Math.max(most, count), 1)
  }

  /** Writes an octet's gradient to its places in the vector. */
  private unpack(octet: number, from: number): void {
    const { code, places, layout, synapses, memory, values } = this
    synapses.afferents.forEach(({ base, delayShape, delayBase, sourceSize }, p) => {
      const row = places.firstRow[p] as number
      code.unpack(octet, from, places.gradient + 8 * (layout.weights + base), row, sourceSize)
      if (delayShape !== 'perSynapse') return
      const into = places.gradient + 8 * (layout.delays + delayBase)
      code.unpack(octet, from + 8 * OCTET * (places.rows + 3), into, row, sourceSize)
    })
    const first = OCTET * octet
    const count = Math.min(OCTET, values.size - first)
    const own = from / 8 + OCTET * places.rows
    for (const [k, at] of [layout.bias, layout.threshold, layout.adaptStep].entries()) {
      const start = own + OCTET * k
      memory.f64.copyWithin(places.gradient / 8 + at + first, start, start + count)
    }
  }

  /** Sums gradient events over blocks and their trees, and over trials for shared delays. */
  private answer(isWanted: boolean): void {
    const { memory, code, layout } = this
    const { batches, slots, options } = this.passed()
    const sums = memory.takeZeros(isWanted ? 8 * slots * layout.blocks : 0)
    if (isWanted) for (let block = 0; block < layout.blocks; block++) code.sumBlock(block, sums + 8 * slots * block)
    const ofBlocks = memory.f64.subarray(sums / 8, sums / 8 + (isWanted ? slots * layout.blocks : 0))
    this.answers = batches.toReversed().map(({ input, batch, slot }) => {
      const spikes = batch.times.length
      const values = new Float64Array(layout.nodes.length * spikes)
      if (isWanted) this.sumNodes(values, ofBlocks.subarray(slot), spikes)
      return { input, batch, values }
    })
    if (isWanted && layout.sharedCount > 0) this.sumShared(ofBlocks, options.trials)
  }

  /** values[node · spikes + k]: the tree over the blocks of each node. */
  private sumNodes(values: Float64Array, ofBlocks: Float64Array, spikes: number): void {
    const { nodes } = this.layout
    const { slots } = this.passed()
    const first = nodes[0]?.from ?? 0
    const column = new Float64Array(this.layout.blocks)
    nodes.forEach(({ from, to }, node) => {
      if (to - from === 1) {
        const start = (from - first) * slots
        values.set(ofBlocks.subarray(start, start + spikes), node * spikes)
        return
      }
      for (let k = 0; k < spikes; k++) {
        for (let b = from; b < to; b++) column[b - from] = ofBlocks[(b - first) * slots + k] as number
        values[node * spikes + k] = pairwiseSum(column, 0, to - from)
      }
    })
  }

  /** The gradient events sent back to each source unit, per block: over the spikes of a trial, the last one first, then over trials. */
  private sumShared(ofBlocks: Float64Array, trials: number): void {
    const { layout, memory, places } = this
    const { batches, slots } = this.passed()
    const count = layout.blocks * layout.sharedCount
    const sum = new TrialSum(count)
    const ofTrial = new Float64Array(count)
    for (let trial = 0; trial < trials; trial++) {
      for (const { input, batch, slot } of batches.toReversed()) {
        const base = layout.sharedBase[this.inputs[input]?.projection as number] as number
        if (base < 0) continue
        for (let k = (batch.offsets[trial + 1] as number) - 1; k >= (batch.offsets[trial] as number); k--)
          for (let b = 0; b < layout.blocks; b++) {
            const at = b * layout.sharedCount + base + (batch.units[k] as number)
            ofTrial[at] = (ofTrial[at] as number) + (ofBlocks[b * slots + slot + k] as number)
          }
      }
      sum.take(ofTrial, 0)
    }
    const start = places.gradient / 8 + layout.shared
    sum.finish(memory.f64.subarray(start, start + count))
  }

  takeAnswers(): readonly KernelAnswer[] {
    const { answers } = this
    this.answers = []
    return answers
  }

  protected sumGradient(): Float64Array {
    const from = this.places.gradient / 8
    return this.memory.f64.subarray(from, from + this.layout.gradientLength)
  }

  maxima(): KernelMaxima {
    const { options, peaks } = this.passed()
    const { memory, places, values, parameters, layout } = this
    const count = options.trials * values.size
    const maxima = { values: new Float64Array(count), times: new Float64Array(count) }
    if (peaks === 0) return maxima
    for (let trial = 0; trial < options.trials; trial++)
      for (let n = 0; n < values.size; n++) {
        const peak = (peaks + PEAK_BYTES * (OCTET * places.octets * trial + n)) / 8
        const at = trial * values.size + n
        maxima.values[at] = (memory.f64[peak] as number) + (parameters[layout.bias + n] as number)
        maxima.times[at] = memory.f64[peak + 1] as number
      }
    return maxima
  }

  isSilent(trial: number, n: number): boolean {
    if (this.values.kind !== 'lif') return false
    const { spikeCounts } = this.passed()
    return this.memory.i32[spikeCounts / 4 + OCTET * this.places.octets * trial + n] === 0
  }

  get grazing(): number {
    return this.grazings
  }

  /** Writes what neurons need of the parameters; idle lanes never fire. */
  private writeNeurons(): void {
    const { values, memory, places, layout, parameters } = this
    const { f64 } = memory
    const count = OCTET * places.octets
    for (let n = 0; n < count; n++) {
      const isHeld = n < values.size
      const bias = isHeld ? (parameters[layout.bias + n] as number) : 0
      f64[places.biases / 8 + n] = bias
      const fires = isHeld && values.kind === 'lif'
      f64[places.thresholds / 8 + n] = fires ? (parameters[layout.threshold + n] as number) - bias : Infinity
      f64[places.resets / 8 + n] = fires ? (values.vReset[n] as number) - bias : 0
      f64[places.adaptSteps / 8 + n] = fires ? (parameters[layout.adaptStep + n] as number) : 0
    }
  }

  /** Somebody asks what moving the spikes that came would do: neurons, a source, or shared delays. */
  private wantsEvents({ inputTimes = true }: KernelOptions): boolean {
    return inputTimes || this.layout.sharedCount > 0 || this.synapses.afferents.some(({ fromSource }) => !fromSource)
  }

  private fault(octet: number): Error {
    const { code, values } = this
    const moment = {
      group: values.name,
      unit: values.start + OCTET * octet + code.faultLane(),
      time: code.faultTime(),
    }
    switch (OUTCOMES[code.lastOutcome()]) {
      case 'runaway':
        return runawayNeuron(moment)
      case 'slope is undefined':
      case 'gradient overflows':
        return undefinedShift(moment, code.faultSlope())
      default:
        return new InternalError(`The kernel of "${values.name}" stopped without a reason.`)
    }
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

/** The complete search for a crossing, for the voltage above the bias. */
function searchOf(values: LifValues | LiValues): SearchCrossing {
  const membrane = new Membrane(commonConstants(values))
  return (u, i, a, threshold) => {
    membrane.v = u
    membrane.iExc = i
    membrane.adaptation = a
    membrane.threshold = threshold
    return firstUpcrossing(membrane)
  }
}

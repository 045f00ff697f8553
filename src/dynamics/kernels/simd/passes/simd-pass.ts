import { InternalError } from '../../../../events/errors.js'
import { noSpikes } from '../../../../events/no-spikes.js'
import type { SpikeBatch } from '../../../../events/spike-batch.js'
import type { SpikeTrains } from '../../../../events/spike-trains.js'
import type { TrialRange } from '../../../../events/trial-range.js'
import { isReadout } from '../../../../network/models/models.js'
import { nextDown } from '../../../../numerics/neighbours.js'
import { sumsLength } from '../../../../numerics/tree-nodes.js'
import { mostOfNeuron } from '../../../models/spike-limit.js'
import type { Afferent } from '../../../parameters/synapses.js'
import type { TrialSum } from '../../../parameters/trial-sum.js'
import { type KernelInput, lateBatch } from '../../../timeline/kernel-input.js'
import type { ReturnedGradients } from '../../../timeline/received-batches.js'
import type { KernelMaxima } from '../../kernel.js'
import { type KernelOptions, wantsEvents, wantsTaus } from '../../kernel-options.js'
import { writeFields } from '../../wasm/fields.js'
import { copyHeader, type HeaderFields, restoreHeader, writeHeader } from '../../wasm/header.js'
import type { NumberOf } from '../../wasm/schema/layout.js'
import { ARRIVAL, DELAY_SHAPES, INPUT, RANGE } from '../../wasm/schema/records.js'
import { type LaneShape, LaneTables, readIntegrals, takeIntegrals } from '../layout/lane-tables.js'
import type { SimdEngine } from '../layout/simd-engine.js'
import type { ReceivedUnits } from '../rows/learned-rows.js'
import type { ArrivingRows } from '../windows/arriving-rows.js'
import { type Batch, sumNodes, sumShared } from './block-sums.js'
import { emitSpikes, mostInTrial, runForward, takeInstants, takeTapeStarts, takeTapes } from './simd-forward.js'

interface ReceivedBatch extends Batch {
  readonly input: number
  readonly batch: SpikeBatch
}

/** Where the gradients of a mini-batch are summed over its trials. */
export interface GradientWorkspace {
  /** Fields of the header: room for trees of gradient vectors. */
  readonly fields: HeaderFields
  /** Trials in the micro-batches that were undone before. */
  readonly trialsBefore: number
  readonly isLast: boolean
  /** Of the gradient events of shared delays; null if there are none. */
  readonly shared: TrialSum | null
}

/**
 * Some trials of a run on their way through a SIMD kernel, forward and back: a mini-batch, or a micro-batch of it. What it
 * has written into the kernel's memory stays until the run is over; while another pass is at work the header is that one's.
 */
export class SimdPass {
  readonly range: TrialRange
  /** Grazing crossings met on the way back. */
  grazing = 0
  private readonly engine: SimdEngine
  readonly options: KernelOptions
  private readonly trials: number
  private readonly batches: ReceivedBatch[] = []
  private slots = 0
  private arriving: ArrivingRows = { rows: 0, blocks: 0 }
  /** The header with which it ran; null before. */
  private header: Float64Array | null = null
  /** Null before it has run. */
  private tables: LaneTables | null = null
  /** Address; 0: none. */
  private integralsAt = 0
  private returned: readonly ReturnedGradients[] = []

  constructor(engine: SimdEngine, options: KernelOptions, range: TrialRange) {
    this.engine = engine
    this.options = options
    this.range = range
    this.trials = range.end - range.start
  }

  receive(input: number, batch: SpikeBatch): void {
    const { inputs, layout } = this.engine.group
    const sharedBase = layout.sharedBase[inputs[input]?.projection as number] as number
    const offsets = batch.offsets.subarray(this.range.start, this.range.end + 1)
    this.batches.push({ input, batch, offsets, units: batch.units, slot: this.slots, sharedBase })
    this.slots += batch.times.length
    const { rows, blocks } = this.engine.traffic.rowsOf(inputs[input]?.projection as number, batch.units)
    this.arriving = { rows: this.arriving.rows + rows, blocks: this.arriving.blocks + blocks }
  }

  /** Whose spikes have come. */
  get received(): readonly ReceivedUnits[] {
    const { inputs } = this.engine.group
    return this.batches.map(({ input, units }) => ({ projection: inputs[input]?.projection as number, units }))
  }

  /** Runs the trials; the spikes have offsets for all trials of the run. */
  forward(): SpikeTrains {
    const { options, engine, slots, trials } = this
    const { memory, traffic } = engine
    const { values } = engine.group
    const wanted = isReadout(values) ? options.integral : undefined
    const integralRoom = takeIntegrals(memory, this.shape, slots + 2 * trials, wanted)
    const { integrals } = integralRoom
    writeHeader(memory, integralRoom)
    this.prepare()
    const tables = new LaneTables(engine, options, trials)
    engine.firstTrial = (options.firstTrial ?? 0) + this.range.start
    const tapes = takeTapes(engine)
    const tapeStarts = takeTapeStarts(engine, trials)
    writeHeader(memory, tables.fields)
    writeHeader(memory, { tapes, tapeStarts, stopsAfterFirst: Number(options.stopAfterFirst) })
    engine.tapeRoom = runForward(engine, tapes, engine.tapeRoom)
    traffic.arrived(this.arriving, engine.arrivalWork(options, false))
    traffic.forward()
    this.tables = tables
    this.integralsAt = integrals
    const spikes = isReadout(values) ? noSpikes(options.trials) : this.emit()
    this.header = copyHeader(memory)
    return spikes
  }

  /** Brings what arrives into order, with the propagators between. */
  private prepare(): void {
    const { batches, engine, options, slots, trials } = this
    const { memory, places } = engine
    const inputs = memory.take(INPUT.size * batches.length)
    batches.forEach((batch, k) => {
      writeFields(memory, INPUT, inputs + INPUT.size * k, this.inputFields(batch))
    })
    const instantRanges = memory.take(RANGE.size * trials)
    const arrivals = memory.take(ARRIVAL.size * slots)
    const hasTaus = wantsTaus(options)
    writeHeader(memory, { trials, slots, inputCount: batches.length, inputs, instantRanges, arrivals })
    writeHeader(memory, takeInstants(engine, slots + 2 * trials, hasTaus))
    // Also to list the arrivals at one neuron.
    writeHeader(memory, engine.takeEventRoom(mostInTrial(batches, trials) * places.mostCopies))
    writeHeader(memory, wholeTrials(options, hasTaus))
    engine.work('prepare', trials)
  }

  /** Puts what the kernel has to know of a batch into its memory, but for these fields. */
  private inputFields({ input, batch, offsets, slot }: ReceivedBatch): Record<NumberOf<typeof INPUT>, number> {
    const { memory, places, group } = this.engine
    const from = group.inputs[input] as KernelInput
    const { projection } = from
    const { delayShape, delayBase } = group.synapses.afferents[projection] as Afferent
    return {
      times: memory.copy(group.synapses.heardTimes(projection, lateBatch(from, batch))),
      units: memory.copy(batch.units),
      offsets: memory.copy(offsets),
      unit: places.firstUnit[projection] as number,
      slot,
      slots: 0,
      // Delays that differ from neuron to neuron are added there.
      kind: DELAY_SHAPES.indexOf(places.hasPerNeuronArrivals ? 'none' : delayShape),
      delays: places.parameters + 8 * (group.layout.delays + delayBase),
    }
  }

  private emit(): SpikeTrains {
    return amongAll(emitSpikes(this.engine, this.trials), this.range, this.options.trials)
  }

  /** Undoes the trials: their gradients join the tree, what returns can be taken. */
  backward(deltas: Float64Array, peakGradients: Float64Array | null, room: GradientWorkspace): void {
    const { engine, options, slots } = this
    const { memory, places } = engine
    const { layout, synapses } = engine.group
    const hasEvents = wantsEvents(options, layout, synapses)
    const tables = this.noted()
    // Another pass may have been at work.
    restoreHeader(memory, this.header as Float64Array)
    writeHeader(memory, room.fields)
    if (engine.learnedRows !== null) writeHeader(memory, engine.learnedRows.touched.fields())
    writeHeader(memory, tables.takeBackward(options, peakGradients))
    if (places.hasPerNeuronArrivals) writeHeader(memory, tables.takeSpikeIntervals(options))
    writeHeader(memory, {
      trialsBefore: room.trialsBefore,
      finishesTree: Number(room.isLast),
      deltas: memory.copy(deltas),
      slots,
      eventSums: hasEvents ? memory.take(2 * 8 * slots * places.mostCopies * places.laneGroups) : 0,
    })
    engine.work('backward', places.laneGroups)
    for (let laneGroup = 0; laneGroup < places.laneGroups; laneGroup++) engine.requireDone(laneGroup)
    this.countUndone(peakGradients !== null, room.isLast)
    this.grazing = engine.outcomes.countOf(places.laneGroups)
    this.returned = hasEvents ? this.sumEvents(room.shared) : this.zeros()
  }

  private countUndone(looksAtValues: boolean, isLast: boolean): void {
    const { traffic } = this.engine
    traffic.takePass()
    if (this.integralsAt !== 0 && looksAtValues) traffic.undoneIntegrals(this.arriving, this.options)
    if (isLast) this.engine.countUndone(this.options, false)
  }

  private noted(): LaneTables {
    if (this.tables === null) throw new InternalError('The kernel has not run.')
    return this.tables
  }

  /** Sums gradient events over blocks and their trees, and over trials for shared delays. */
  private sumEvents(shared: TrialSum | null): readonly ReturnedGradients[] {
    const { batches, engine, slots, trials } = this
    const { memory } = engine
    const { layout } = engine.group
    const blockSums = memory.take(8 * slots * layout.blocks)
    writeHeader(memory, { blockSums, firstSlot: 0, endOfSlots: slots })
    engine.work('sumBlock', layout.blocks)
    engine.traffic.summed(this.arriving)
    const sums = { slots, values: memory.f64.subarray(blockSums / 8, blockSums / 8 + slots * layout.blocks) }
    if (shared !== null) sumShared(layout, sums, batches, trials, shared)
    return batches.toReversed().map(({ input, batch, slot }) => {
      return { input, batch, values: sumNodes(layout, sums, slot, batch.times.length) }
    })
  }

  /** What returns where no gradient events are wanted. */
  private zeros(): readonly ReturnedGradients[] {
    const { returnedNodes: nodes } = this.engine.group.layout
    return this.batches.toReversed().map(({ input, batch }) => {
      return { input, batch, values: new Float64Array(sumsLength(nodes, batch.times.length)) }
    })
  }

  takeReturned(): readonly ReturnedGradients[] {
    const { returned } = this
    this.returned = []
    return returned
  }

  maxima(): KernelMaxima {
    return this.noted().maxima()
  }

  /** Null if none are wanted. */
  integrals(): Float64Array | null {
    return this.integralsAt === 0 ? null : readIntegrals(this.engine.memory, this.integralsAt, this.shape)
  }

  /** @param trial of the run */
  isSilent(trial: number, n: number): boolean {
    return this.noted().isSilent(trial - this.range.start, n)
  }

  private get shape(): LaneShape {
    const { places, group } = this.engine
    return { laneGroups: places.laneGroups, size: group.values.size, trials: this.trials }
  }
}

/** Spikes of some trials with offsets for all of the run. */
function amongAll({ offsets: own, times, units }: SpikeTrains, range: TrialRange, trials: number): SpikeTrains {
  if (range.start === 0 && range.end === trials) return { offsets: own, times, units }
  const offsets = new Uint32Array(trials + 1)
  offsets.set(own, range.start)
  offsets.fill(times.length, range.end)
  return { offsets, times, units }
}

/** Fields of the header: one window, from rest to the end of the trials. */
function wholeTrials({ until, spikeLimit = Number.POSITIVE_INFINITY }: KernelOptions, hasTaus: boolean): HeaderFields {
  return {
    until,
    wantsTaus: Number(hasTaus),
    horizon: until,
    lastSpike: nextDown(until),
    runawayInterval: Number.POSITIVE_INFINITY,
    mostInCell: mostOfNeuron(spikeLimit, 0),
    statesBefore: 0,
    statesAfter: 0,
    lastArrivals: 0,
    adjoints: 0,
    reached: 0,
    complete: 0,
    shown: -1,
    spikeRoom: 0,
    spikeSlots: 0,
    spikeShifts: 0,
    laneEvents: 0,
    firstComing: 0,
    keptBins: 0,
  }
}

import { InternalError } from '../../../../events/errors.js'
import { sumsLength } from '../../../../numerics/tree-nodes.js'
import { TrialSum } from '../../../parameters/trial-sum.js'
import type { ReceivedBatches, ReturnableBatch, ReturnedGradients } from '../../../timeline/received-batches.js'
import { type KernelOptions, wantsEvents, wantsTaus } from '../../kernel-options.js'
import { type HeaderFields, writeHeader } from '../../wasm/header.js'
import { LANES } from '../../wasm/schema/lanes.js'
import type { LaneTables } from '../layout/lane-tables.js'
import type { SimdEngine } from '../layout/simd-engine.js'
import { ROW } from '../layout/synapse-rows.js'
import { sumNodes, sumSharedBatch } from '../passes/block-sums.js'
import { takeTrees } from '../passes/gradient-trees.js'
import type { ArrivingRows } from './arriving-rows.js'

/** One `advance`: when it began, and its part of the header. */
export interface SteppedWindow {
  readonly start: number
  readonly fields: HeaderFields
  /** The most of one trial. */
  readonly events: number
}

export interface WindowBackwardOptions {
  readonly engine: SimdEngine
  readonly options: KernelOptions
  /** In the order of time; those that are undone are taken off. */
  readonly windows: SteppedWindow[]
  readonly received: ReceivedBatches
  /** How far the run has gone, ms. */
  readonly reached: number
  readonly peakGradients: Float64Array | null
  readonly tables: LaneTables
  /** Where the spikes of every batch arrive. */
  readonly arriving: readonly ArrivingRows[]
  /** The arrivals of a spike are not undone together. */
  readonly undoesLaneByLane: boolean
}

/**
 * The way back through the windows of a run. Every trial sums a gradient of its own, and what comes back to each spike is
 * the same however the run is cut; `fold` sums them like those of whole trials.
 */
export class WindowBackward {
  /** Grazing crossings met so far. */
  grazing = 0
  private readonly of: WindowBackwardOptions
  private readonly hasEvents: boolean
  private readonly blockSums: number
  /** Sums of gradient events of shared delays, per trial; null if there are none. */
  private readonly shared: readonly Float64Array[] | null
  private reached: number
  private isLast = true

  constructor(of: WindowBackwardOptions) {
    const { engine, options, peakGradients, received, reached, tables } = of
    const slots = received.count
    const { memory, places, group } = engine
    const { layout, synapses } = group
    const { trials } = options
    const lanes = places.laneGroups * trials
    const numbers = slots * places.mostCopies
    const touched = this.touchRows(of)
    const trees = takeTrees(engine, options, engine.pool.size)
    this.of = of
    this.hasEvents = wantsEvents(options, layout, synapses)
    this.reached = reached
    const blockSums = this.hasEvents ? memory.take(8 * slots * layout.blocks) : 0
    writeHeader(memory, {
      adjoints: memory.take(LANES.size * lanes),
      ...{
        trialVectors: memory.take(trees.gradientBytes * lanes),
        ...trees,
        ...touched,
        trialsBefore: 0,
        finishesTree: 1,
      },
      ...tables.takeBackward(options, peakGradients),
      ...(places.hasPerNeuronArrivals ? this.takePerNeuron(lanes) : {}),
      ...{ slots, eventSums: this.hasEvents ? memory.take(2 * 8 * numbers * places.laneGroups) : 0, blockSums },
    })
    this.blockSums = blockSums
    const length = layout.blocks * layout.sharedCount
    this.shared = length === 0 ? null : Array.from({ length: trials }, () => new Float64Array(length))
  }

  /** Fields of the header. */
  private touchRows({ engine, received, options }: WindowBackwardOptions): HeaderFields {
    const { learnedRows, group } = engine
    if (learnedRows === null) return {}
    learnedRows.beginTouching(options.isPart)
    learnedRows.touch(
      received.returnable.map(({ input, batch }) => {
        return { projection: group.inputs[input]?.projection as number, units: batch.units }
      }),
    )
    learnedRows.touched.note()
    return learnedRows.touched.fields()
  }

  /** Fields of the header: what windows leave to each other where neurons have arrivals of their own. */
  private takePerNeuron(lanes: number): HeaderFields {
    const { engine, options, received, tables, undoesLaneByLane } = this.of
    const { memory, places } = engine
    return {
      ...tables.keepSpikeIntervals(options),
      laneEvents:
        this.hasEvents && undoesLaneByLane
          ? memory.take(ROW * received.count * places.mostCopies * places.laneGroups)
          : 0,
      arrivalTaus: wantsTaus(options) ? memory.takeZeros(2 * ROW * places.rows * lanes) : 0,
    }
  }

  backward(deltas: Float64Array): void {
    const { engine, windows } = this.of
    const { memory, places } = engine
    const window = windows.pop()
    if (window === undefined) throw new InternalError('There is no window left that the kernel could undo.')
    const mark = memory.mark()
    writeHeader(memory, {
      ...window.fields,
      deltas: memory.copy(deltas),
      // To list the arrivals at one neuron.
      ...(places.hasPerNeuronArrivals ? engine.takeEventRoom(window.events) : {}),
      ...{ isLastWindow: Number(this.isLast), isFirstWindow: Number(windows.length === 0) },
    })
    engine.work('backward', places.laneGroups)
    memory.release(mark)
    for (let laneGroup = 0; laneGroup < places.laneGroups; laneGroup++) engine.requireDone(laneGroup)
    engine.traffic.takePass()
    this.grazing += engine.outcomes.countOf(places.laneGroups)
    this.isLast = false
    this.reached = window.start
    if (windows.length === 0) this.fold()
  }

  private fold(): void {
    const { engine, options, arriving } = this.of
    engine.work('fold', engine.places.laneGroups)
    engine.traffic.takePass()
    engine.countUndone(options, true)
    if (this.hasEvents) for (const where of arriving) engine.traffic.summed(where)
  }

  /** Gradients of batches all of whose arrivals are undone. */
  takeReturned(): readonly ReturnedGradients[] {
    return this.of.received.takeReturned(this.reached, (batch) => this.valuesOf(batch))
  }

  private valuesOf({ input, batch, first }: ReturnableBatch): Float64Array {
    const { engine, options, received } = this.of
    const { layout, inputs } = engine.group
    const { offsets, units } = batch
    const count = units.length
    // Before anything is undone nothing has come back: these arrive after the end, or nowhere.
    if (!this.hasEvents || count === 0 || this.isLast) return new Float64Array(sumsLength(layout.returnedNodes, count))
    writeHeader(engine.memory, { firstSlot: first, endOfSlots: first + count })
    engine.work('sumBlock', layout.blocks)
    const from = this.blockSums / 8
    const slots = received.count
    const sums = { slots, values: engine.memory.f64.subarray(from, from + slots * layout.blocks) }
    const sharedBase = layout.sharedBase[inputs[input]?.projection as number] as number
    if (this.shared !== null && sharedBase >= 0)
      for (let trial = 0; trial < options.trials; trial++)
        sumSharedBatch(
          layout,
          sums,
          { offsets, units, slot: first, sharedBase },
          trial,
          this.shared[trial] as Float64Array,
        )
    return sumNodes(layout, sums, first, count)
  }

  /** Writes the gradient events of shared delays, summed over all trials; all gradients have been returned. */
  finishShared(into: Float64Array): void {
    if (this.shared === null) return
    const sum = new TrialSum(into.length)
    for (const ofTrial of this.shared) sum.take(ofTrial, 0)
    sum.finish(into)
  }
}

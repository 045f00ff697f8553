import { InternalError } from '../../../../events/errors.js'
import type { HeldUnits } from '../../../../network/instance/instance.js'
import { isSpiking } from '../../../../network/models/models.js'
import { BLOCK } from '../../../../numerics/block-sum.js'
import { RUNAWAY, runawayNeuron, undefinedShift } from '../../../models/neuron-faults.js'
import { blockAround, tooManySpikes } from '../../../models/spike-limit.js'
import type { firstTausIn } from '../../../parameters/tau-values.js'
import type { KernelInput } from '../../../timeline/kernel-input.js'
import type { KernelOptions } from '../../kernel-options.js'
import { readField } from '../../wasm/fields.js'
import { headerTaus, readHeader, sameTaus, writeHeader } from '../../wasm/header.js'
import { compileKernel, instantiateKernel, type KernelExports } from '../../wasm/instantiate.js'
import { align, KernelMemory } from '../../wasm/kernel-memory.js'
import { GRID } from '../../wasm/schema/delayed-records.js'
import { HEADER_END } from '../../wasm/schema/header.js'
import { JOBS, type JobName } from '../../wasm/schema/jobs.js'
import { LANES } from '../../wasm/schema/lanes.js'
import type { NumberOf } from '../../wasm/schema/layout.js'
import { ENDS, EVENT, LANE_COUNT, NOTE, PER_NEURON_WORK } from '../../wasm/schema/records.js'
import { constantFields } from '../../wasm/tau-fields.js'
import { LearnedRows } from '../rows/learned-rows.js'
import { type ArrivalWork, SimdTraffic } from '../simd-traffic.js'
import type { WorkerPool } from '../worker-pool.js'
import { type LaidOutGroup, layOutLanes, type SimdLayout } from './simd-layout.js'

/** What a SIMD kernel is the kernel of. */
export interface EngineGroup extends LaidOutGroup {
  readonly inputs: readonly KernelInput[]
}

/** The code, the memory and the threads of one SIMD kernel; what lies in its memory for good. */
export class SimdEngine {
  readonly group: EngineGroup
  readonly memory: KernelMemory
  readonly code: KernelExports
  readonly pool: WorkerPool
  readonly places: SimdLayout
  /** Null where weights are learned in the vector of parameters. */
  readonly learnedRows: LearnedRows | null
  readonly outcomes: SimdOutcomes
  readonly traffic: SimdTraffic
  /** Records that the tape of a lane group is given room for. */
  tapeRoom = 64
  /** Of the current pass, among all trials of the run. */
  firstTrial = 0
  /** A sign of life. */
  beat = (): void => undefined
  /** Its number in the worker pool. */
  private readonly number: number
  /** What belongs to a run begins here. */
  private readonly runs: number

  constructor(group: EngineGroup, pool: WorkerPool) {
    const memory = new KernelMemory(HEADER_END, pool.variant, group.values.name)
    const module = compileKernel(pool.variant)
    const scratch = Array.from({ length: pool.size }, () => memory.takeZeros(LANES.size))
    this.group = group
    this.memory = memory
    this.pool = pool
    this.code = instantiateKernel(module, memory.memory, { beat: () => this.beat() })
    this.code.attach(0, scratch[0] as number)
    this.number = pool.enlist({ module, memory: memory.memory, scratch, code: this.code })
    this.places = layOutLanes(memory, group)
    this.learnedRows = this.rowsOf(this.places)
    this.outcomes = createSimdOutcomes(memory, group.values)
    const bins = this.places.hasPerNeuronArrivals ? memory.take(GRID.size * pool.size) : 0
    const perNeuronWork = this.places.hasTausPerNeuron ? memory.take(PER_NEURON_WORK.size * pool.size) : 0
    writeHeader(memory, { runaway: RUNAWAY, bins, perNeuronWork })
    this.traffic = new SimdTraffic(memory, this.places, group)
    this.runs = memory.mark()
  }

  private rowsOf(places: SimdLayout): LearnedRows | null {
    const { memory, group } = this
    const { synapses, layout, values } = group
    const { learnedRows: learned, laneGroups } = places
    if (learned === null) return null
    const work = (job: JobName) => this.work(job, laneGroups)
    return new LearnedRows({ memory, places, learned, synapses, layout, size: values.size, work })
  }

  /** The trials of a run are undone: counts what their gradients were summed with. */
  countUndone(options: KernelOptions, inWindows: boolean): void {
    this.traffic.undone(options, inWindows, this.learnedRows?.touched.count ?? this.places.rows)
  }

  /** The sums for shared delays in the gradient: block · units + unit. */
  sharedGradient(): Float64Array {
    const { blocks, sharedCount, shared } = this.group.layout
    const from = this.places.gradient / 8 + shared
    return this.memory.f64.subarray(from, from + blocks * sharedCount)
  }

  /** Gives back what an earlier run has taken of the memory. */
  forgetRun(): void {
    this.memory.release(this.runs)
  }

  /** Time constants may have been learned: those that all neurons share, or of the first one; `pack` knows of others. */
  followTaus({ tauMem, tauSynExc: tauSyn, tauSynInh, tauAdapt }: ReturnType<typeof firstTausIn>): void {
    const now = { tauMem, tauSyn, tauSynInh, tauAdapt }
    if (!sameTaus(now, headerTaus(this.memory))) writeHeader(this.memory, constantFields(now))
  }

  /** Does a job with all threads of the worker pool. */
  work(job: JobName, items: number): void {
    this.pool.run(this.number, JOBS.indexOf(job), items, this.beat)
  }

  /** Room for every thread to sort `count` events: fields of the header. */
  takeEventRoom(count: number): { readonly eventRoom: number; readonly events: number } {
    const eventRoom = 5 * align((EVENT.size / 2) * (count + 1))
    return { eventRoom, events: this.memory.take(eventRoom * this.pool.size) }
  }

  /**
   * What is done with the arrivals of a run where neurons have their own.
   *
   * @param hasShifts chance shifts them
   */
  arrivalWork({ trackSilent, integral }: Partial<KernelOptions>, hasShifts: boolean): ArrivalWork {
    const fires = isSpiking(this.group.values)
    return {
      isBinned: fires && !hasShifts && this.code.binWidth() > 0,
      fires,
      hasPeaks: !fires || trackSilent === true,
      isIntegrated: !fires && integral !== undefined,
    }
  }

  /** Raises what ended the last pass over a lane group before its time. */
  requireDone(laneGroup: number): void {
    if (this.outcomes.endOf(laneGroup) !== 'done') throw this.outcomes.fault(laneGroup, this.firstTrial)
  }
}

/** What the last pass over each lane group of a kernel left as a note. */
export interface SimdOutcomes {
  endOf(laneGroup: number): (typeof ENDS)[number] | undefined
  /** Spikes forward, grazing crossings backward, of the first `laneGroups` lane groups. */
  countOf(laneGroups: number): number
  /** The error of a pass that did not end well, whose first trial is one of the run's. */
  fault(laneGroup: number, firstTrial: number): Error
}

function createSimdOutcomes(
  memory: KernelMemory,
  { name, start, total }: Pick<HeldUnits, 'name' | 'start' | 'total'>,
): SimdOutcomes {
  const read = (laneGroup: number, name: NumberOf<typeof NOTE>) =>
    readField(memory, NOTE, readHeader(memory, 'outcomes') + NOTE.size * laneGroup, name)
  const endOf = (laneGroup: number) => ENDS[read(laneGroup, 'end')]

  function countOf(laneGroups: number): number {
    let count = 0
    for (let laneGroup = 0; laneGroup < laneGroups; laneGroup++) count += read(laneGroup, 'count')
    return count
  }

  function fault(laneGroup: number, firstTrial: number): Error {
    const unit = start + LANE_COUNT * laneGroup + read(laneGroup, 'lane')
    const moment = { group: name, unit, time: read(laneGroup, 'time') }
    switch (endOf(laneGroup)) {
      case 'runaway':
        return runawayNeuron(moment, read(laneGroup, 'detail'))
      case 'too many spikes': {
        const trial = firstTrial + read(laneGroup, 'detail')
        const limit = readHeader(memory, 'mostInCell') / BLOCK
        return tooManySpikes({ group: name, units: blockAround(unit, total), trial, time: moment.time, limit })
      }
      case 'slope is undefined':
      case 'gradient overflows':
        return undefinedShift(moment, read(laneGroup, 'detail'))
      default:
        return new InternalError(`The kernel of "${name}" stopped without a reason.`)
    }
  }

  return { endOf, countOf, fault }
}

import type { KernelInput } from '../../../inputs/kernel-input.js'
import { RUNAWAY } from '../../../models/neuron-faults.js'
import type { KernelOptions } from '../../kernel-options.js'
import { writeHeader } from '../../wasm/header.js'
import { compileKernel, instantiateKernel, type KernelExports } from '../../wasm/instantiate.js'
import { align, KernelMemory } from '../../wasm/kernel-memory.js'
import { GRID } from '../../wasm/schema/delayed-records.js'
import { HEADER_END } from '../../wasm/schema/header.js'
import { JOBS, type JobName } from '../../wasm/schema/jobs.js'
import { LANES } from '../../wasm/schema/lanes.js'
import { EVENT, OWN_WORK } from '../../wasm/schema/records.js'
import type { ArrivalWork } from '../own-feed-traffic.js'
import { createSimdOutcomes, type SimdOutcomes } from '../passes/simd-outcomes.js'
import { SimdTraffic } from '../simd-traffic.js'
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
  readonly outcomes: SimdOutcomes
  readonly traffic: SimdTraffic
  /** Records that the tape of a lane group is given room for. */
  tapeRoom = 64
  /** A sign of life. */
  beat = (): void => undefined
  /** Its number in the worker pool. */
  private readonly number: number
  /** What belongs to a run begins here. */
  private readonly runs: number

  constructor(group: EngineGroup, pool: WorkerPool) {
    const memory = new KernelMemory(HEADER_END, pool.variant)
    const module = compileKernel(pool.variant)
    const scratch = Array.from({ length: pool.size }, () => memory.takeZeros(LANES.size))
    this.group = group
    this.memory = memory
    this.pool = pool
    this.code = instantiateKernel(module, memory.memory, { beat: () => this.beat() })
    this.code.attach(0, scratch[0] as number)
    this.number = pool.enlist({ module, memory: memory.memory, scratch, code: this.code })
    this.places = layOutLanes(memory, group)
    this.outcomes = createSimdOutcomes(memory, group.values)
    const bins = this.places.hasOwnFeed ? memory.take(GRID.size * pool.size) : 0
    const ownWork = this.places.hasOwnTaus ? memory.take(OWN_WORK.size * pool.size) : 0
    writeHeader(memory, { runaway: RUNAWAY, bins, ownWork })
    this.traffic = new SimdTraffic(memory, this.places, group)
    this.runs = memory.mark()
  }

  /** Gives back what an earlier run has taken of the memory. */
  forgetRun(): void {
    this.memory.release(this.runs)
  }

  /** Does a job with all threads of the worker pool. */
  work(job: JobName, items: number): void {
    this.pool.run(this.number, JOBS.indexOf(job), items, this.beat)
  }

  /** Room for every thread to put so many events in order: fields of the header. */
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
    const fires = this.group.values.kind === 'lif'
    return {
      isBinned: fires && !hasShifts && this.code.binWidth() > 0,
      fires,
      hasPeaks: !fires || trackSilent === true,
      isIntegrated: !fires && integral !== undefined,
    }
  }

  /** Raises what ended the last pass over a lane group before its time. */
  requireDone(laneGroup: number): void {
    if (this.outcomes.endOf(laneGroup) !== 'done') throw this.outcomes.fault(laneGroup)
  }
}

import type { KernelInput } from '../kernel-input.js'
import type { KernelOptions } from '../kernel-options.js'
import { RUNAWAY } from '../neuron-faults.js'
import type { Crew } from './crew.js'
import { compileKernel, instantiateKernel, type KernelExports } from './instantiate.js'
import { align, KernelMemory } from './kernel-memory.js'
import { type LaidOutGroup, layOutOctets, type OctetLayout } from './octet-layout.js'
import { createOctetOutcomes, type OctetOutcomes } from './octet-outcomes.js'
import { OctetTraffic } from './octet-traffic.js'
import type { ArrivalWork } from './own-feed-traffic.js'
import { writePlan } from './plan.js'
import { GRID } from './schema/delayed-records.js'
import { JOBS, type JobName } from './schema/jobs.js'
import { LANES } from './schema/lanes.js'
import { PLAN_END } from './schema/plan.js'
import { EVENT, OWN_WORK } from './schema/records.js'

/** What a SIMD kernel is the kernel of. */
export interface EngineGroup extends LaidOutGroup {
  readonly inputs: readonly KernelInput[]
}

/** The code, the memory and the threads of one SIMD kernel; what lies in its memory for good. */
export class OctetEngine {
  readonly group: EngineGroup
  readonly memory: KernelMemory
  readonly code: KernelExports
  readonly crew: Crew
  readonly places: OctetLayout
  readonly outcomes: OctetOutcomes
  readonly traffic: OctetTraffic
  /** Records that the tape of an octet is given room for. */
  tapeRoom = 64
  /** A sign of life. */
  beat = (): void => undefined
  /** Its number in the crew. */
  private readonly number: number
  /** What belongs to a run begins here. */
  private readonly runs: number

  constructor(group: EngineGroup, crew: Crew) {
    const memory = new KernelMemory(PLAN_END, crew.variant)
    const module = compileKernel(crew.variant)
    const scratch = Array.from({ length: crew.size }, () => memory.takeZeros(LANES.size))
    this.group = group
    this.memory = memory
    this.crew = crew
    this.code = instantiateKernel(module, memory.memory, { beat: () => this.beat() })
    this.code.attach(0, scratch[0] as number)
    this.number = crew.enlist({ module, memory: memory.memory, scratch, code: this.code })
    this.places = layOutOctets(memory, group)
    this.outcomes = createOctetOutcomes(memory, group.values)
    const bins = this.places.hasOwnFeed ? memory.take(GRID.size * crew.size) : 0
    const ownWork = this.places.hasOwnTaus ? memory.take(OWN_WORK.size * crew.size) : 0
    writePlan(memory, { runaway: RUNAWAY, bins, ownWork })
    this.traffic = new OctetTraffic(memory, this.places, group)
    this.runs = memory.mark()
  }

  /** Gives back what an earlier run has taken of the memory. */
  forgetRun(): void {
    this.memory.release(this.runs)
  }

  /** Does a job with all threads of the crew. */
  work(job: JobName, items: number): void {
    this.crew.run(this.number, JOBS.indexOf(job), items, this.beat)
  }

  /** Room for every thread to put so many events in order: fields of the plan. */
  takeEventRoom(count: number): { readonly eventRoom: number; readonly events: number } {
    const eventRoom = 5 * align((EVENT.size / 2) * (count + 1))
    return { eventRoom, events: this.memory.take(eventRoom * this.crew.size) }
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

  /** Raises what ended the last pass over an octet before its time. */
  requireDone(octet: number): void {
    if (this.outcomes.endOf(octet) !== 'done') throw this.outcomes.fault(octet)
  }
}

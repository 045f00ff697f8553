import type { KernelMaxima } from '../kernel.js'
import type { KernelOptions } from '../kernel-options.js'
import { bandPush } from '../rate-band.js'
import type { LaneShape } from './integral-room.js'
import type { OctetEngine } from './octet-engine.js'
import { hasTwoCurrents, holds } from './octet-layout.js'
import type { PlanFields } from './plan.js'
import { readMaxima } from './read-maxima.js'
import { STRETCH } from './schema/delayed-records.js'
import { OCTET, PEAK } from './schema/records.js'
import { wantsTaus } from './wants.js'

/** What a run notes of every lane in every trial, in the kernel's memory: how often it fired, and its maximum. */
export class LaneTables {
  /** Fields of the plan: addresses; 0: none. */
  readonly fields: { readonly spikeCounts: number; readonly peaks: number }
  readonly shape: LaneShape
  private readonly engine: OctetEngine

  constructor(engine: OctetEngine, { trackSilent }: Pick<KernelOptions, 'trackSilent'>, trials: number) {
    const { memory, places, group } = engine
    const { size, kind } = group.values
    const lanes = OCTET * places.octets * trials
    const hasPeaks = kind === 'li' || trackSilent
    this.engine = engine
    this.shape = { octets: places.octets, size, trials }
    this.fields = { spikeCounts: memory.takeZeros(4 * lanes), peaks: hasPeaks ? memory.take(PEAK.size * lanes) : 0 }
  }

  /** [trial][octet][lane]. */
  spikeCounts(): Int32Array {
    const { octets, trials } = this.shape
    const from = this.fields.spikeCounts / 4
    return this.engine.memory.i32.subarray(from, from + OCTET * octets * trials)
  }

  isSilent(trial: number, n: number): boolean {
    return this.spikeCounts()[OCTET * this.shape.octets * trial + n] === 0
  }

  maxima(): KernelMaxima {
    const { memory, group, places } = this.engine
    const { peaks } = this.fields
    const count = this.shape.trials * this.shape.size
    if (peaks === 0) return { values: new Float64Array(count), times: new Float64Array(count) }
    return readMaxima(memory, peaks, this.shape, memory.f64.subarray(places.parameters / 8 + group.layout.bias))
  }

  /** Fields of the plan: what acts on the lanes on the way back, beside what comes back for their spikes. */
  takeBackward(options: KernelOptions, peakGradients: Float64Array | null): PlanFields {
    const { rateBand, undefinedSlope, biasGradient = true } = options
    const { memory, places } = this.engine
    const pushes = rateBand && Float64Array.from(this.spikeCounts(), (count) => bandPush(rateBand, count))
    return {
      peakGradients: peakGradients === null ? 0 : memory.copy(peakGradients),
      pushes: pushes === undefined ? 0 : memory.copy(pushes),
      refusesUndefinedSlope: Number(undefinedSlope === 'refuse'),
      wantsBias: Number(biasGradient),
      ...(places.hasOwnFeed ? this.takeStretches(wantsTaus(options)) : {}),
    }
  }

  /** Between spikes and ends of refractory periods of a neuron in a trial, or before a maximum; see assembly/delayed/stretches.ts. */
  private takeStretches(withTaus: boolean): PlanFields {
    const { memory, crew, group } = this.engine
    const spikes = this.spikeCounts().reduce((most, count) => Math.max(most, count), 1)
    const stretchRoom = STRETCH.size * ((holds(group.values) ? 2 * spikes : spikes) + 1)
    return {
      ...{ stretchRoom, stretches: memory.take(stretchRoom * crew.size) },
      tauStretches: withTaus ? memory.take(stretchRoom * crew.size) : 0,
      inhibitedStretches: hasTwoCurrents(group.values) ? memory.take(stretchRoom * crew.size) : 0,
    }
  }
}

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
    const { memory } = this.engine
    const pushes = rateBand && Float64Array.from(this.spikeCounts(), (count) => bandPush(rateBand, count))
    return {
      peakGradients: peakGradients === null ? 0 : memory.copy(peakGradients),
      pushes: pushes === undefined ? 0 : memory.copy(pushes),
      refusesUndefinedSlope: Number(undefinedSlope === 'refuse'),
      wantsBias: Number(biasGradient),
    }
  }

  /** Room per thread for the stretches of an octet in a trial; see assembly/delayed/stretches.ts. */
  takeStretches(options: KernelOptions): PlanFields {
    const { memory, crew, group } = this.engine
    const most = this.spikeCounts().reduce((most, count) => Math.max(most, count), 0)
    const stretchRoom = STRETCH.size * this.stretchesOf(most)
    return {
      ...{ stretchRoom, stretches: memory.take(stretchRoom * crew.size) },
      tauStretches: wantsTaus(options) ? memory.take(stretchRoom * crew.size) : 0,
      inhibitedStretches: hasTwoCurrents(group.values) ? memory.take(stretchRoom * crew.size) : 0,
    }
  }

  /** Those of every octet in every trial, where windows leave them to each other. */
  keepStretches(options: KernelOptions): PlanFields {
    const { memory, group } = this.engine
    const { octets, trials } = this.shape
    const counts = this.spikeCounts()
    const ranges = new Uint32Array(2 * octets * trials)
    let bytes = 0
    for (let octet = 0; octet < octets; octet++)
      for (let trial = 0; trial < trials; trial++) {
        const from = OCTET * (trial * octets + octet)
        const most = counts.subarray(from, from + OCTET).reduce((most, count) => Math.max(most, count), 0)
        const range = 2 * (octet * trials + trial)
        ranges[range] = bytes
        bytes += STRETCH.size * this.stretchesOf(most)
        ranges[range + 1] = bytes
      }
    const stretches = memory.take(bytes)
    const keptStretches = memory.copy(ranges.map((at) => stretches + at))
    // Each thread finds those of all.
    return {
      ...{ stretchRoom: 0, stretches, keptStretches },
      tauStretches: wantsTaus(options) ? memory.take(bytes) : 0,
      inhibitedStretches: hasTwoCurrents(group.values) ? memory.take(bytes) : 0,
    }
  }

  /** Stretches of a neuron with so many spikes at most, each with the end of a refractory period; one before a maximum. */
  private stretchesOf(spikes: number): number {
    return Math.max(holds(this.engine.group.values) ? 2 * spikes : spikes, 1)
  }
}

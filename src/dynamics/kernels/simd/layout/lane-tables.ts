import { isReadout } from '../../../../network/models/models.js'
import { rateGradient } from '../../../models/rate-band.js'
import { hasTwoCurrents, holds } from '../../../parameters/group-traits.js'
import type { KernelMaxima } from '../../kernel.js'
import { type KernelOptions, wantsTaus } from '../../kernel-options.js'
import type { HeaderField, HeaderFields } from '../../wasm/header.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { SPIKE_INTERVAL } from '../../wasm/schema/delayed-records.js'
import { LANE_COUNT, PEAK, RESPONSE } from '../../wasm/schema/records.js'
import type { SimdEngine } from './simd-engine.js'

/** What a run notes of every lane in every trial, in the kernel's memory: how often it fired, and its maximum. */
export class LaneTables {
  /** Fields of the header: addresses; 0: none. */
  readonly fields: { readonly spikeCounts: number; readonly peaks: number }
  readonly shape: LaneShape
  private readonly engine: SimdEngine

  constructor(engine: SimdEngine, { trackSilent }: Pick<KernelOptions, 'trackSilent'>, trials: number) {
    const { memory, places, group } = engine
    const { size } = group.values
    const lanes = LANE_COUNT * places.laneGroups * trials
    const hasPeaks = isReadout(group.values) || trackSilent
    this.engine = engine
    this.shape = { laneGroups: places.laneGroups, size, trials }
    this.fields = { spikeCounts: memory.takeZeros(4 * lanes), peaks: hasPeaks ? memory.take(PEAK.size * lanes) : 0 }
  }

  /** [trial][laneGroup][lane]. */
  spikeCounts(): Int32Array {
    const { laneGroups, trials } = this.shape
    const from = this.fields.spikeCounts / 4
    return this.engine.memory.i32.subarray(from, from + LANE_COUNT * laneGroups * trials)
  }

  isSilent(trial: number, n: number): boolean {
    return this.spikeCounts()[LANE_COUNT * this.shape.laneGroups * trial + n] === 0
  }

  maxima(): KernelMaxima {
    const { memory, group, places } = this.engine
    const { peaks } = this.fields
    const count = this.shape.trials * this.shape.size
    if (peaks === 0) return { values: new Float64Array(count), times: new Float64Array(count) }
    return readMaxima(memory, peaks, this.shape, memory.f64.subarray(places.parameters / 8 + group.layout.bias))
  }

  /** Fields of the header: what acts on the lanes on the way back, beside what comes back for their spikes. */
  takeBackward(options: KernelOptions, peakGradients: Float64Array | null): HeaderFields {
    const { rateBand, undefinedSlope, biasGradient = true, adaptationGradient = true } = options
    const { memory } = this.engine
    const rateGradients = rateBand && Float64Array.from(this.spikeCounts(), (count) => rateGradient(rateBand, count))
    return {
      peakGradients: peakGradients === null ? 0 : memory.copy(peakGradients),
      rateGradients: rateGradients === undefined ? 0 : memory.copy(rateGradients),
      refusesUndefinedSlope: Number(undefinedSlope === 'refuse'),
      wantsBias: Number(biasGradient),
      wantsAdaptStep: Number(adaptationGradient),
    }
  }

  /** Room per thread for the inter-spike intervals of a lane group in a trial; see assembly/delayed/spike-intervals.ts. */
  takeSpikeIntervals(options: KernelOptions): HeaderFields {
    const { memory, pool, group } = this.engine
    const most = this.spikeCounts().reduce((most, count) => Math.max(most, count), 0)
    const spikeIntervalRoom = SPIKE_INTERVAL.size * this.spikeIntervalsOf(most)
    return {
      ...{ spikeIntervalRoom, spikeIntervals: memory.take(spikeIntervalRoom * pool.size) },
      tauSpikeIntervals: wantsTaus(options) ? memory.take(spikeIntervalRoom * pool.size) : 0,
      inhibitedSpikeIntervals: hasTwoCurrents(group.values) ? memory.take(spikeIntervalRoom * pool.size) : 0,
    }
  }

  /** Those of every lane group in every trial, where windows leave them to each other. */
  keepSpikeIntervals(options: KernelOptions): HeaderFields {
    const { memory, group } = this.engine
    const { laneGroups, trials } = this.shape
    const counts = this.spikeCounts()
    const ranges = new Uint32Array(2 * laneGroups * trials)
    let bytes = 0
    for (let laneGroup = 0; laneGroup < laneGroups; laneGroup++)
      for (let trial = 0; trial < trials; trial++) {
        const from = LANE_COUNT * (trial * laneGroups + laneGroup)
        const most = counts.subarray(from, from + LANE_COUNT).reduce((most, count) => Math.max(most, count), 0)
        const range = 2 * (laneGroup * trials + trial)
        ranges[range] = bytes
        bytes += SPIKE_INTERVAL.size * this.spikeIntervalsOf(most)
        ranges[range + 1] = bytes
      }
    const spikeIntervals = memory.take(bytes)
    const keptSpikeIntervals = memory.copy(ranges.map((at) => spikeIntervals + at))
    // Each thread finds those of all.
    return {
      ...{ spikeIntervalRoom: 0, spikeIntervals, keptSpikeIntervals },
      tauSpikeIntervals: wantsTaus(options) ? memory.take(bytes) : 0,
      inhibitedSpikeIntervals: hasTwoCurrents(group.values) ? memory.take(bytes) : 0,
    }
  }

  /** Maximum for `spikes` spikes: ends of refractory periods divide intervals, too, and one precedes a maximum. */
  private spikeIntervalsOf(spikes: number): number {
    return Math.max(holds(this.engine.group.values) ? 2 * spikes : spikes, 1)
  }
}

/** The maxima that a pass has noted from `address` on; they are those of V - bias. */
function readMaxima(
  { f64 }: KernelMemory,
  address: number,
  { laneGroups, size, trials }: LaneShape,
  biases: Float64Array,
): KernelMaxima {
  const maxima = { values: new Float64Array(trials * size), times: new Float64Array(trials * size) }
  for (let trial = 0; trial < trials; trial++)
    for (let n = 0; n < size; n++) {
      const peak = address + PEAK.size * (LANE_COUNT * laneGroups * trial + n)
      const at = trial * size + n
      maxima.values[at] = (f64[(peak + PEAK.at.value) / 8] as number) + (biases[n] as number)
      maxima.times[at] = f64[(peak + PEAK.at.time) / 8] as number
    }
  return maxima
}

/** One number or note per neuron and trial: [trial][laneGroup][lane]. */
export interface LaneShape {
  readonly laneGroups: number
  readonly size: number
  readonly trials: number
}

/**
 * Fields of the header: room for the integrals, and per instant for the responses to each current; 0 if none is wanted.
 */
export function takeIntegrals(
  memory: KernelMemory,
  { laneGroups, trials }: LaneShape,
  instants: number,
  integral: KernelOptions['integral'],
): Readonly<Record<HeaderField & ('integrals' | 'responses' | 'inhibitoryResponses' | 'fading'), number>> {
  if (integral === undefined) return { integrals: 0, responses: 0, inhibitoryResponses: 0, fading: 0 }
  return {
    integrals: memory.take(8 * LANE_COUNT * laneGroups * trials),
    responses: memory.take(RESPONSE.size * instants),
    inhibitoryResponses: memory.take(RESPONSE.size * instants),
    fading: 1 / integral.tau,
  }
}

/** The integrals as [trial][neuron]. */
export function readIntegrals(memory: KernelMemory, address: number, { laneGroups, size, trials }: LaneShape) {
  const rows = new Float64Array(trials * size)
  for (let trial = 0; trial < trials; trial++) {
    const from = address / 8 + LANE_COUNT * laneGroups * trial
    rows.set(memory.f64.subarray(from, from + size), trial * size)
  }
  return rows
}

import { FateDraws } from '../../../dynamics/noise/fate-draws.js'
import {
  causalLeavingTime,
  causalShift,
  leavingTime,
  type ProjectionNoise,
  type SpikeNoise,
} from '../../../dynamics/noise/spike-noise.js'
import { grown } from '../../../numerics/grown.js'
import type { SpikeRaster } from '../spike-raster.js'

/** Of the run that meets the noise. */
export interface WaySetting extends Pick<SpikeNoise, 'draw' | 'firstTrial'> {
  readonly trials: number
  /** In ms. */
  readonly dt: number
}

/**
 * What noise does to the spikes of a group on one way, on the grid: the draws are those of the exact session, by unit and
 * number of the spike. Times are positions on the axis of steps, in whole steps nowhere but where something arrives.
 *
 * Backward, a neuron is asked at every step what a spike would have done: it would have had the number, and so the fate, of
 * the next spike that there was, or of one more. Where that one was lost, the neuron is not asked.
 */
export class GridWay {
  /** Where each spike of the raster leaves, of the steps so far; NaN: it is lost. */
  positions = new Float64Array(0)
  /** Beside it: by how many steps its arrivals are later than that. */
  lates = new Float64Array(0)
  /** The same of a spike of each unit at the step that is asked about. */
  readonly askedPositions: Float64Array
  readonly askedLates: Float64Array
  private fates = new Float64Array(0)
  private trial = 0
  /** Spikes of each unit so far. */
  private readonly seen: Int32Array
  /** The fate of a spike of each unit: eps in ms, NaN if it is lost. */
  private readonly next: Float64Array
  private readonly raster: SpikeRaster
  private readonly noise: ProjectionNoise
  private readonly draws: FateDraws
  private readonly dt: number

  /** @param size units of the group */
  constructor(raster: SpikeRaster, size: number, noise: ProjectionNoise, setting: WaySetting) {
    this.raster = raster
    this.noise = noise
    this.dt = setting.dt
    this.draws = new FateDraws(noise.fates, setting, setting.trials, size)
    this.seen = new Int32Array(size)
    this.next = new Float64Array(size)
    this.askedPositions = new Float64Array(size)
    this.askedLates = new Float64Array(size)
  }

  beginTrial(trial: number): void {
    this.trial = trial
    this.seen.fill(0)
  }

  /** The spikes of step k leave, or are lost; steps come in order. */
  leave(k: number): void {
    const { offsets, units, positions } = this.raster
    const to = offsets[k + 1] as number
    this.positions = grown(this.positions, to)
    this.lates = grown(this.lates, to)
    this.fates = grown(this.fates, to)
    for (let spike = offsets[k] as number; spike < to; spike++) {
      const unit = units[spike] as number
      const number = this.seen[unit] as number
      this.seen[unit] = number + 1
      const eps = this.fateOf(unit, number)
      const position = positions[spike] as number
      this.fates[spike] = eps
      this.positions[spike] = this.leavesAt(position, eps)
      this.lates[spike] = this.lateness(position, eps)
    }
  }

  /** What comes after the last spikes of a trial. */
  beginBackward(): void {
    for (let unit = 0; unit < this.next.length; unit++) this.next[unit] = this.fateOf(unit, this.seen[unit] as number)
  }

  /** What a spike of each unit at step k would do; steps come from the last to the first. */
  ask(k: number): void {
    const { offsets, units } = this.raster
    const to = offsets[k + 1] as number
    for (let spike = offsets[k] as number; spike < to; spike++)
      this.next[units[spike] as number] = this.fates[spike] as number
    for (let unit = 0; unit < this.next.length; unit++) {
      const eps = this.next[unit] as number
      this.askedPositions[unit] = this.leavesAt(k, eps)
      this.askedLates[unit] = this.lateness(k, eps)
    }
  }

  /** Whether a spike stays at 0 if its original moves. */
  isHeld(spike: number): boolean {
    const eps = this.fates[spike] as number
    return eps < 0 && !this.noise.causal && (this.raster.positions[spike] as number) * this.dt + eps <= 0
  }

  private fateOf(unit: number, number: number): number {
    return this.draws.arrives(this.trial, unit, number) ? this.draws.shift : Number.NaN
  }

  private leavesAt(position: number, eps: number): number {
    const { noise, dt } = this
    const time = position * dt
    const later = noise.causal ? causalLeavingTime(time, eps, noise) : leavingTime(time, eps, noise)
    // A lost spike has no eps, whatever ticks say.
    return Number.isNaN(eps) ? eps : position + (later - time) / dt
  }

  private lateness(position: number, eps: number): number {
    return this.noise.causal ? causalShift(position * this.dt, eps, this.noise) / this.dt : 0
  }
}

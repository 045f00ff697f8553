import { MARGIN } from '../../../equations/tolerances.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { COURSE } from '../../wasm/schema/window-records.js'
import type { TrialMaxima } from '../back/running-maxima.js'
import type { ReducedLevels } from '../neurons/neuron-numbers.js'
import type { WindowTrial } from '../neurons/window-trial.js'
import type { PoissonInputRing } from '../poisson/poisson-input-ring.js'
import type { WindowHeaderFields } from '../window-header.js'
import { UNSCALED, type UnscaledTrajectories } from './unscaled-trajectories.js'

/** Bins between two looks at whether anything can happen at all. */
export const QUIET_INTERVAL = 64

/** A current below it brings no voltage to a maximum that is above all there is. */
const NEGLIGIBLE = 1e-290

/** How a voltage may come above its maximum so far though nothing arrives any more. */
export type Rising = 'none' | 'to rest' | 'to a maximum'

/** Finds intervals of time in which nothing can happen; the neurons of a trial are at the start of a bin. */
export class Stillness {
  protected readonly memory: KernelMemory
  private readonly grid: Required<WindowHeaderFields>
  protected readonly levels: ReducedLevels
  private readonly poissonInputs: PoissonInputRing
  private readonly peakKappa: number

  /** @param peakKappa the largest kappa */
  constructor(memory: KernelMemory, poissonInputs: PoissonInputRing, levels: ReducedLevels, peakKappa: number) {
    this.memory = memory
    this.poissonInputs = poissonInputs
    this.grid = poissonInputs.grid as Required<WindowHeaderFields>
    this.levels = levels
    this.peakKappa = peakKappa
  }

  /**
   * The bin in which a trial at bin `number` continues; `to` if it does not before.
   *
   * An interval in which nothing can happen is passed over if it leaves the neurons as they are, or if they need not be known
   * afterwards, since nothing happens up to `to` and the trial ends there. Where maxima of voltages are wanted, one that may
   * lie at the end has the last bin looked at.
   */
  passOver(
    trial: WindowTrial,
    number: number,
    { to, isEnd }: { readonly to: number; readonly isEnd: boolean },
  ): number {
    const busy = this.nextBusy(trial, number)
    if (busy < number + QUIET_INTERVAL || !this.isQuiet(trial)) return number
    const rising = trial.runningMaxima === null ? 'none' : this.rising(trial, trial.runningMaxima)
    if (rising === 'to a maximum') return number
    const endsLast = isEnd && rising === 'to rest' && to < Number.POSITIVE_INFINITY
    if (isEnd && busy >= to && !endsLast) return to
    if (!this.isFixed(trial)) return number
    const last = endsLast ? to - 1 : to
    return Math.max(number, Math.min(last, busy, Math.floor(this.nextRelease(trial) / this.grid.bin)))
  }

  /** The first bin from `number` on in which anything may happen in one of the trials; Infinity if there is none. */
  nextEvent(trials: readonly WindowTrial[], number: number): number {
    const bins = trials.map((trial) => (this.isQuiet(trial) ? this.nextBusy(trial, number) : number))
    return Math.min(...bins)
  }

  /** The first bin from `number` on in which anything arrives; Infinity if nothing does. */
  private nextBusy({ arrivals }: WindowTrial, number: number): number {
    return Math.min(arrivals.first(), this.poissonInputs.nextBusy(number))
  }

  /**
   * True when provably no neuron fires any more unless something arrives:
   *
   *     max(V, 0) + kappa(Dpeak) max(I, 0) < threshold        V, threshold and vReset less the bias
   *
   * with vReset for the V of a neuron whose refractory period is to end.
   */
  protected isQuiet(trial: WindowTrial): boolean {
    const { memory, levels, peakKappa } = this
    const { share } = this.grid
    const { states, heldUntil } = trial.regions as Required<WindowHeaderFields>
    const { f64 } = memory
    const { thresholds, resets } = levels
    for (let n = 0; n < thresholds.length; n++) {
      const held = f64[heldUntil / 8 + n] as number
      if (held === Number.POSITIVE_INFINITY) continue
      const current = f64[states / 8 + 2 * n] as number
      const scaled = f64[states / 8 + 2 * n + 1] as number
      const rest = Math.max(held >= 0 ? (resets[n] as number) : scaled - share * current, 0)
      const kick = peakKappa * Math.max(current, 0)
      const rounding = MARGIN * (Math.abs(scaled) + Math.abs(share * current) + kick)
      if (!(rest + kick + rounding < (thresholds[n] as number) * (1 - MARGIN))) return false
    }
    return true
  }

  /**
   * Whether a silent neuron may come above the maximum of its voltage so far though nothing arrives any more: through another
   * maximum; or, as the ones below the bias do under no current to speak of, on its way to rest.
   */
  protected rising({ regions }: WindowTrial, { runningMaxima }: TrialMaxima): Rising {
    const { f64 } = this.memory
    const { share } = this.grid
    const { states } = regions as Required<WindowHeaderFields>
    let isRising = false
    for (let n = 0; n < this.levels.thresholds.length; n++) {
      const current = f64[states / 8 + 2 * n] as number
      const scaled = f64[states / 8 + 2 * n + 1] as number
      const kick = this.peakKappa * Math.max(current, 0)
      const rounding = MARGIN * (Math.abs(scaled) + Math.abs(share * current) + kick)
      if (Math.max(scaled - share * current, 0) + kick + rounding <= (f64[runningMaxima / 8 + n] as number)) continue
      // I - V = (1 + share) I - (V + share I), both terms for themselves fading: above 0 for good where the second is not.
      const hasMaximum = current > NEGLIGIBLE && !(share > 0 && scaled <= 0)
      if (hasMaximum) return 'to a maximum'
      isRising = true
    }
    return isRising ? 'to rest' : 'none'
  }

  /** True when a bin without arrivals and spikes leaves every neuron as it is, to the bit. */
  protected isFixed(trial: WindowTrial): boolean {
    const { f64 } = this.memory
    const { states } = trial.regions as Required<WindowHeaderFields>
    const { currentKeep, currentKeepRest, voltageKeep, voltageKeepRest, binShear } = this.grid
    const end = states / 8 + 2 * this.levels.thresholds.length
    for (let at = states / 8; at < end; at += 2) {
      const current = f64[at] as number
      const scaled = f64[at + 1] as number
      if (current * currentKeep + current * currentKeepRest !== current) return false
      const turned = scaled + current * binShear
      if (turned * voltageKeep + turned * voltageKeepRest !== scaled) return false
    }
    return true
  }

  /** When the next refractory period ends, in ms; Infinity if none does. */
  private nextRelease(trial: WindowTrial): number {
    const { f64 } = this.memory
    const { heldUntil } = trial.regions as Required<WindowHeaderFields>
    let next = Number.POSITIVE_INFINITY
    for (let n = 0; n < this.levels.thresholds.length; n++) {
      const held = f64[heldUntil / 8 + n] as number
      if (held >= 0 && held < next) next = held
    }
    return next
  }
}

/** The same for neurons whose state is not scaled. */
export class UnscaledStillness extends Stillness {
  private readonly courses: UnscaledTrajectories

  constructor(
    memory: KernelMemory,
    courses: UnscaledTrajectories,
    poissonInputs: PoissonInputRing,
    levels: ReducedLevels,
  ) {
    super(memory, poissonInputs, levels, 0)
    this.courses = courses
  }

  /** max(V, 0) + kappa(Dpeak) I < threshold: J only lowers V. */
  protected override isQuiet({ regions }: WindowTrial): boolean {
    const { states, heldUntil } = regions as Required<WindowHeaderFields>
    const { f64 } = this.memory
    const { thresholds, resets } = this.levels
    const { peakKappas } = this.courses
    for (let n = 0; n < thresholds.length; n++) {
      const held = f64[heldUntil / 8 + n] as number
      if (held === Number.POSITIVE_INFINITY) continue
      const at = states / 8 + UNSCALED.doubles * n
      const voltage = held >= 0 ? (resets[n] as number) : (f64[at + 2] as number)
      const kick = (peakKappas[n] as number) * (f64[at] as number)
      const rounding = MARGIN * (Math.abs(voltage) + kick)
      if (!(Math.max(voltage, 0) + kick + rounding < (thresholds[n] as number) * (1 - MARGIN))) return false
    }
    return true
  }

  /** Only the excitatory current brings a voltage to a maximum. */
  protected override rising({ regions }: WindowTrial, { runningMaxima }: TrialMaxima): Rising {
    const { states } = regions as Required<WindowHeaderFields>
    const { f64 } = this.memory
    let isRising = false
    for (let n = 0; n < this.levels.thresholds.length; n++) {
      const at = states / 8 + UNSCALED.doubles * n
      const [current, voltage] = [f64[at] as number, f64[at + 2] as number]
      const kick = (this.courses.peakKappas[n] as number) * current
      const rounding = MARGIN * (Math.abs(voltage) + kick)
      if (Math.max(voltage, 0) + kick + rounding <= (f64[runningMaxima / 8 + n] as number)) continue
      if (current > NEGLIGIBLE) return 'to a maximum'
      isRising = true
    }
    return isRising ? 'to rest' : 'none'
  }

  /** As assembly/window/bin.ts passes a bin. */
  protected override isFixed({ regions }: WindowTrial): boolean {
    const { f64 } = this.memory
    const { states } = regions as Required<WindowHeaderFields>
    for (let n = 0; n < this.levels.thresholds.length; n++) {
      const at = states / 8 + UNSCALED.doubles * n
      const [i, j, u] = [f64[at] as number, f64[at + 1] as number, f64[at + 2] as number]
      const of = (field: 'binMem' | 'binMemRest' | 'binSyns' | 'binSynRests' | 'binKappas', lane = 0) =>
        f64[(this.courses.addressOf(n) + COURSE.at[field]) / 8 + lane] as number
      if (i * of('binSyns') + i * of('binSynRests') !== i) return false
      if (j * of('binSyns', 1) + j * of('binSynRests', 1) !== j) return false
      const driven = of('binKappas') * i + of('binKappas', 1) * j
      if (u * of('binMem') + u * of('binMemRest') + driven !== u) return false
    }
    return true
  }
}

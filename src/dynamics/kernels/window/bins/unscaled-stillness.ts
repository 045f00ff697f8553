import { MARGIN } from '../../../equations/tolerances.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { COURSE } from '../../wasm/schema/window-records.js'
import type { TrialTops } from '../back/trial-tops.js'
import type { ReducedLevels } from '../neurons/neuron-numbers.js'
import type { WindowTrial } from '../neurons/window-trial.js'
import type { PoissonInputRing } from '../poisson/poisson-input-ring.js'
import type { WindowHeaderFields } from '../window-header.js'
import { NEGLIGIBLE, type Rising, Stillness } from './stillness.js'
import { UNSCALED, type UnscaledCourses } from './unscaled-courses.js'

/** The same for neurons whose state is not scaled. */
export class UnscaledStillness extends Stillness {
  private readonly courses: UnscaledCourses

  constructor(memory: KernelMemory, courses: UnscaledCourses, poissonInputs: PoissonInputRing, levels: ReducedLevels) {
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
  protected override rising({ regions }: WindowTrial, { tops }: TrialTops): Rising {
    const { states } = regions as Required<WindowHeaderFields>
    const { f64 } = this.memory
    let isRising = false
    for (let n = 0; n < this.levels.thresholds.length; n++) {
      const at = states / 8 + UNSCALED.doubles * n
      const [current, voltage] = [f64[at] as number, f64[at + 2] as number]
      const kick = (this.courses.peakKappas[n] as number) * current
      const rounding = MARGIN * (Math.abs(voltage) + kick)
      if (Math.max(voltage, 0) + kick + rounding <= (f64[tops / 8 + n] as number)) continue
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

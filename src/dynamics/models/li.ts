import type { TimeConstants } from '../equations/time-constants.js'
import type { Memory } from './memory.js'
import { real } from './memory.js'
import { Neurons } from './neurons.js'
import type { PeakTape } from './peak-tape.js'

/**
 * Leaky integrators, forward: tauMem V' = -V + I + bias without a threshold; the observable is max V over the trial.
 */
export class LiNeurons extends Neurons {
  readonly peaks: PeakTape

  constructor(
    memory: Memory,
    constants: readonly TimeConstants[],
    residence: { slots: number; trials: number },
    shared: { bias: number; peaks: PeakTape },
  ) {
    super(memory, constants, residence, shared.bias)
    this.peaks = shared.peaks
  }

  override arrive(i: number, n: number, record: number, time: number, weight: number): void {
    const { f64 } = this.memory
    const last = real(f64, this.last + i)
    if (time > last) {
      this.peaks.passInterval(record, this.load(i, n), last, time - last, this.arrivals(record))
      this.flow(i, n, time - last)
    }
    const before = this.slope(i, n)
    this.jump(i, n, record, time, weight)
    this.peaks.passArrival(record, real(f64, this.v + i), time, this.arrivals(record), before, this.slope(i, n))
  }

  override finish(i: number, n: number, record: number, until: number): void {
    const last = real(this.memory.f64, this.last + i)
    this.peaks.passRest(record, this.load(i, n), last, until, this.arrivals(record))
  }
}

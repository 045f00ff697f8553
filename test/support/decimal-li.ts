import { cells } from './cells.js'
import { Course } from './course.js'
import { exact, type Real, ZERO } from './decimal.js'
import { DecimalMembrane, type MembraneState } from './decimal-membrane.js'
import type { Arrival } from './decimal-neuron.js'
import { instant, peakIn } from './decimal-root.js'
import { peakOf, rangeOf } from './first-crossing.js'

/** One leaky integrator; times in ms. */
export interface IntegratorParameters {
  readonly tauMem: number
  readonly tauSynExc: number
  readonly tauSynInh: number
  readonly bias: number
}

export interface DecimalMaximum {
  readonly value: Real
  readonly time: Real
}

/**
 * The maximum of a leaky integrator's voltage over [0, until), from V(0) = 0, and the earliest time it is taken.
 *
 * A maximum at the end of the trial counts, at time `until`. Throws a RangeError for bias > 0 without an end.
 *
 * @param arrivals in event order
 */
export function maximumOf(
  { tauMem, tauSynExc, tauSynInh, bias }: IntegratorParameters,
  arrivals: readonly Arrival[],
  until: number | Real,
): DecimalMaximum {
  const end = exact(until)
  if (bias > 0 && !end.isFinite()) throw new RangeError('V rises for ever: bias > 0 and no end')
  const integrator = new DecimalIntegrator({ tauMem, tauSynExc, tauSynInh, tauAdapt: 1, bias, threshold: 0 })
  for (const { time, weight } of arrivals) {
    const at = exact(time)
    if (at.gte(end)) break
    integrator.passTo(at)
    integrator.arrive(weight)
  }
  integrator.passTo(end)
  return integrator.best
}

class DecimalIntegrator {
  best: DecimalMaximum = { value: ZERO, time: ZERO }
  private readonly membrane: DecimalMembrane
  private now = ZERO
  private state: MembraneState = { v: ZERO, exc: ZERO, inh: ZERO, adaptation: ZERO }
  private readonly parameters: ConstructorParameters<typeof DecimalMembrane>[0]

  constructor(parameters: ConstructorParameters<typeof DecimalMembrane>[0]) {
    this.parameters = parameters
    this.membrane = new DecimalMembrane(parameters)
  }

  arrive(weight: number): void {
    const { exc, inh } = this.state
    const added = exact(weight)
    this.state = weight < 0 ? { ...this.state, inh: inh.plus(added) } : { ...this.state, exc: exc.plus(added) }
  }

  passTo(time: Real): void {
    if (time.eq(this.now)) return
    const course = new Course(this.parameters, this.state, this.membrane)
    for (const { kind, from, to } of cells(course, time.minus(this.now).toNumber(), () => this.nearlyBest())) {
      if (kind === 'rising') continue
      const { after, state } = peakIn(this.membrane, this.state, rangeOf(from, to, peakOf(course, from, to)))
      if (after.gt(0) && after.plus(this.now).lt(time)) this.offer(state.v, after.plus(this.now))
    }
    if (!time.isFinite()) return
    this.state = instant(this.membrane, this.state, time.minus(this.now)).state
    this.now = time
    this.offer(this.state.v, time)
  }

  private offer(value: Real, time: Real): void {
    if (value.gt(this.best.value)) this.best = { value, time }
  }

  /** The best so far, less what doubles may be wrong by. */
  private nearlyBest(): number {
    const best = this.best.value.toNumber()
    return best - 1e-12 * Math.abs(best)
  }
}

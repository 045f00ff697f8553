import type { LifValues } from '../../network/instance.js'
import type { TrafficCounter } from '../memory-traffic.js'
import { GridGroup, type GridRun } from './grid-group.js'
import { SpikeRaster } from './spike-raster.js'

/** Stands on the tape where a neuron could not have fired. */
const HELD = Number.NEGATIVE_INFINITY

/** Where the surrogate derivative is added to the voltage of a silent neuron: the hinge of silent neurons. */
export interface Injection {
  readonly step: number
  readonly unit: number
  /** dL/dV. */
  readonly value: number
}

/**
 * Leaky integrate-and-fire neurons on the grid.
 *
 *     x = V - threshold - A        s = [x >= 0]        V := s vReset + (1 - s) V        A := A + s adaptStep
 *
 * Backward the step is given the derivative of a fast sigmoid, ds/dx = 1 / (1 + slope |x|)^2. The reset is taken as a
 * given (detached): its s passes no gradient on. The tape holds x, one number per neuron and step.
 *
 * Source: Zenke & Ganguli 2018 (Neural Comput. 30:1514); Zenke & Vogels 2021 (Neural Comput. 33:899) on the reset.
 */
export class GridLif extends GridGroup<LifValues> {
  readonly kind = 'lif'
  raster = new SpikeRaster(0)
  /** dL/ds at the present point, from what the spikes do to others. */
  readonly adjointSpike: Float32Array
  readonly thresholdGradient: Float32Array
  readonly adaptStepGradient: Float32Array
  /** Sorted by descending step. */
  injections: readonly Injection[] = []
  private injected = 0
  private readonly threshold: Float32Array
  private readonly adaptStep: Float32Array
  private readonly vReset: Float32Array
  private readonly adaptation: Float32Array
  private readonly adjointAdaptation: Float32Array
  private readonly refractory: Int32Array
  /** Points at which a neuron is still held at vReset. */
  private readonly held: Int32Array
  private adapts = false
  private holds = false
  /** x at [step · size + unit]. */
  private tape = new Float32Array(0)

  constructor(
    values: LifValues,
    traffic: TrafficCounter,
    private readonly slope: number,
  ) {
    super(values, traffic)
    const room = () => new Float32Array(values.size)
    this.adjointSpike = room()
    this.thresholdGradient = room()
    this.adaptStepGradient = room()
    this.threshold = room()
    this.adaptStep = room()
    this.vReset = Float32Array.from(values.vReset)
    this.adaptation = room()
    this.adjointAdaptation = room()
    this.refractory = new Int32Array(values.size)
    this.held = new Int32Array(values.size)
  }

  /** The parameters of the mini-batch, beside the bias. */
  follow(threshold: Float64Array, adaptStep: Float64Array): void {
    this.threshold.set(threshold)
    this.adaptStep.set(adaptStep)
  }

  override begin(run: GridRun, bias: Float64Array): void {
    super.begin(run, bias)
    const { grid, stopAfterFirst, adaptation } = run
    this.values.refractory.forEach((duration, n) => {
      this.refractory[n] = stopAfterFirst ? grid.steps : Math.min(grid.steps, Math.floor(duration / grid.dt + 0.5))
    })
    this.holds = this.refractory.some((steps) => steps > 0)
    this.adapts = adaptation || this.adaptStep.some((step) => step !== 0)
    if (this.raster.offsets.length !== grid.steps + 1) this.raster = new SpikeRaster(grid.steps)
    this.tape = this.roomFor(this.tape)
    this.thresholdGradient.fill(0)
    this.adaptStepGradient.fill(0)
  }

  override beginTrial(): void {
    super.beginTrial()
    this.adaptation.fill(0)
    this.held.fill(0)
    this.raster.offsets[0] = 0
    this.raster.offsets[1] = 0
    this.injections = []
    this.injected = 0
  }

  advance(k: number): void {
    this.raster.reserve(k, this.size)
    const count = this.adapts || this.holds ? this.advanceFully(k) : this.advancePlainly(k)
    const { offsets, positions } = this.raster
    const first = offsets[k] as number
    offsets[k + 1] = first + count
    positions.fill(k, first, first + count)
    this.traffic.read('state', 2 * this.size)
    this.traffic.write('state', 2 * this.size)
    this.traffic.write('tape', this.size)
    this.traffic.write('spikes', count)
  }

  /** Without adaptation and refractory periods. */
  private advancePlainly(k: number): number {
    const { size, voltage, current, drive, threshold, vReset, tape } = this
    const { membrane, kappa, current: decay } = this.factors
    const { units, offsets } = this.raster
    const first = offsets[k] as number
    const row = k * size
    let count = 0
    for (let n = 0; n < size; n++) {
      const i = current[n] as number
      const v = (membrane[n] as number) * (voltage[n] as number) + (kappa[n] as number) * i + (drive[n] as number)
      const x = v - (threshold[n] as number)
      current[n] = (decay[n] as number) * i
      tape[row + n] = x
      if (x >= 0) {
        voltage[n] = vReset[n] as number
        units[first + count++] = n
      } else voltage[n] = v
    }
    return count
  }

  private advanceFully(k: number): number {
    const { size, voltage, current, drive, threshold, vReset, tape, adaptation, adaptStep, held, refractory } = this
    const { membrane, kappa, current: decay, adaptation: relief } = this.factors
    const { units, offsets } = this.raster
    const first = offsets[k] as number
    const row = k * size
    let count = 0
    for (let n = 0; n < size; n++) {
      const i = current[n] as number
      const raised = (relief[n] as number) * (adaptation[n] as number)
      current[n] = (decay[n] as number) * i
      adaptation[n] = raised
      const waits = held[n] as number
      if (waits > 0) {
        held[n] = waits - 1
        tape[row + n] = HELD
        continue
      }
      const v = (membrane[n] as number) * (voltage[n] as number) + (kappa[n] as number) * i + (drive[n] as number)
      const x = v - (threshold[n] as number) - raised
      tape[row + n] = x
      if (x >= 0) {
        voltage[n] = vReset[n] as number
        adaptation[n] = raised + (adaptStep[n] as number)
        held[n] = refractory[n] as number
        units[first + count++] = n
      } else voltage[n] = v
    }
    this.traffic.read('state', 2 * size)
    this.traffic.write('state', size + count)
    return count
  }

  override beginBackward(): void {
    super.beginBackward()
    this.adjointAdaptation.fill(0)
    this.adjointSpike.fill(0)
  }

  retreat(k: number): void {
    const { size, adjointSpike, explicit } = this
    if (explicit.length > 0) {
      const row = k * size
      for (let n = 0; n < size; n++) adjointSpike[n] = (adjointSpike[n] as number) + (explicit[row + n] as number)
    }
    if (this.adapts || this.holds) this.retreatFully(k)
    else this.retreatPlainly(k)
    this.inject(k)
    adjointSpike.fill(0)
    this.traffic.read('tape', size)
    this.traffic.read('state', 3 * size)
    this.traffic.write('state', 3 * size)
    this.traffic.read('gradients', 2 * size)
    this.traffic.write('gradients', 2 * size)
  }

  private retreatPlainly(k: number): void {
    const { size, slope, tape, adjointVoltage, adjointCurrent, adjointSpike, thresholdGradient, biasGradient } = this
    const { membrane, kappa, current: decay, gain } = this.factors
    const row = k * size
    for (let n = 0; n < size; n++) {
      const x = tape[row + n] as number
      const width = 1 + slope * Math.abs(x)
      const g = (adjointSpike[n] as number) / (width * width)
      const v = x >= 0 ? g : (adjointVoltage[n] as number) + g
      thresholdGradient[n] = (thresholdGradient[n] as number) - g
      biasGradient[n] = (biasGradient[n] as number) + (gain[n] as number) * v
      adjointCurrent[n] = (kappa[n] as number) * v + (decay[n] as number) * (adjointCurrent[n] as number)
      adjointVoltage[n] = (membrane[n] as number) * v
    }
  }

  private retreatFully(k: number): void {
    const { size, slope, tape, adjointVoltage, adjointCurrent, adjointSpike, thresholdGradient, biasGradient } = this
    const { adjointAdaptation, adaptStep, adaptStepGradient } = this
    const { membrane, kappa, current: decay, gain, adaptation: relief } = this.factors
    const row = k * size
    for (let n = 0; n < size; n++) {
      const x = tape[row + n] as number
      const raised = adjointAdaptation[n] as number
      if (x === HELD) {
        adjointCurrent[n] = (decay[n] as number) * (adjointCurrent[n] as number)
        adjointAdaptation[n] = (relief[n] as number) * raised
        adjointVoltage[n] = 0
        continue
      }
      const width = 1 + slope * Math.abs(x)
      const g = ((adjointSpike[n] as number) + (adaptStep[n] as number) * raised) / (width * width)
      const v = x >= 0 ? g : (adjointVoltage[n] as number) + g
      if (x >= 0) adaptStepGradient[n] = (adaptStepGradient[n] as number) + raised
      thresholdGradient[n] = (thresholdGradient[n] as number) - g
      biasGradient[n] = (biasGradient[n] as number) + (gain[n] as number) * v
      adjointCurrent[n] = (kappa[n] as number) * v + (decay[n] as number) * (adjointCurrent[n] as number)
      adjointVoltage[n] = (membrane[n] as number) * v
      adjointAdaptation[n] = (relief[n] as number) * (raised - g)
    }
    this.traffic.read('state', size)
    this.traffic.write('state', size)
  }

  /** What was injected into the voltage at point k goes the same way; all is linear. */
  private inject(k: number): void {
    const { adjointVoltage, adjointCurrent, biasGradient } = this
    const { membrane, kappa, gain } = this.factors
    for (; this.injections[this.injected]?.step === k; this.injected++) {
      const { unit: n, value } = this.injections[this.injected] as Injection
      biasGradient[n] = (biasGradient[n] as number) + (gain[n] as number) * value
      adjointCurrent[n] = (adjointCurrent[n] as number) + (kappa[n] as number) * value
      adjointVoltage[n] = (adjointVoltage[n] as number) + (membrane[n] as number) * value
    }
  }

  /** The largest distance of a neuron's voltage to its threshold over the trial, and where: x, which is < 0 if silent. */
  closest(unit: number): { readonly step: number; readonly x: number } {
    const { size, tape } = this
    let [step, x] = [0, -(this.threshold[unit] as number)]
    for (let k = 1; k < this.run.grid.steps; k++) {
      const candidate = tape[k * size + unit] as number
      if (candidate > x) [step, x] = [k, candidate]
    }
    return { step, x }
  }
}

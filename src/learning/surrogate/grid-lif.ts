import type { LifValues } from '../../network/instance/instance.js'
import { GridGroup, type GridRun, type GridSurroundings } from './grid-group.js'
import { SpikeRaster } from './spike-raster.js'

/** What is added to the voltage's adjoint of one neuron at one point. */
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
 * given (detached): its s passes no gradient on. The tape holds x, one number per neuron and step; -Infinity where a
 * neuron is held at vReset.
 *
 * Source: Zenke & Ganguli 2018 (Neural Comput. 30:1514); Zenke & Vogels 2021 (Neural Comput. 33:899) on the reset.
 */
export class GridLif extends GridGroup<LifValues> {
  readonly kind = 'lif'
  readonly raster: SpikeRaster
  /** dL/ds at the present point, from what the spikes do to others. */
  readonly adjointSpike: Float32Array
  /** Of each neuron: what is added to dL/ds at every point of the present trial, where `isPushed`. */
  readonly rateGradients: Float32Array
  isPushed = false
  /** Sorted by descending step. */
  injections: readonly Injection[] = []
  private injected = 0
  private readonly units: Int32Array
  private readonly held: Int32Array
  private readonly refractory: Int32Array
  /** Neurons adapt, or are held after a spike. */
  private isAdaptive = false
  /** The loss says something about these spikes. */
  private isObserved = false
  private readonly slope: number

  constructor(values: LifValues, surroundings: GridSurroundings, slope: number) {
    super(values, surroundings)
    this.slope = slope
    this.raster = new SpikeRaster(surroundings.grid.steps)
    this.adjointSpike = this.row('adjointSpike')
    this.rateGradients = this.row('push')
    const integers = ({ buffer, byteOffset, length }: Float32Array) => new Int32Array(buffer, byteOffset, length)
    this.units = integers(this.row('units'))
    this.held = integers(this.row('held'))
    this.refractory = integers(this.row('refractory'))
    this.row('reset').set(values.vReset)
    this.row('relief').set(this.factors.relief)
    // Idle lanes never spike.
    this.row('threshold').fill(Number.POSITIVE_INFINITY)
  }

  /** The parameters of the mini-batch, beside the bias. */
  follow(threshold: Float64Array, adaptStep: Float64Array): void {
    this.row('threshold').set(threshold)
    this.row('adaptStep').set(adaptStep)
  }

  override begin(run: GridRun, bias: Float64Array): void {
    super.begin(run, bias)
    const { steps, dt } = this.surroundings.grid
    this.values.refractory.forEach((duration, n) => {
      this.refractory[n] = run.stopAfterFirst ? steps : Math.min(steps, Math.floor(duration / dt + 0.5))
    })
    const isUsed = (value: number) => value > 0
    this.isAdaptive = run.adaptation || this.refractory.some(isUsed) || this.row('adaptStep').some(isUsed)
    this.isObserved = false
    this.row('thresholdGradient').fill(0)
    this.row('stepGradient').fill(0)
  }

  /** The loss will say something about these spikes. */
  observe(): void {
    this.isObserved = true
  }

  override beginTrial(): void {
    super.beginTrial()
    this.row('adaptation').fill(0)
    this.held.fill(0)
    this.raster.beginTrial()
    this.injections = []
    this.injected = 0
    this.isPushed = false
  }

  advance(k: number): void {
    const { block, bytes, lanes, tape, units, isAdaptive } = this
    const { memory, traffic } = this.surroundings
    const row = tape.byteOffset + k * bytes
    const count = isAdaptive
      ? memory.loops.advanceAdaptiveNeurons(block.byteOffset, bytes, row)
      : memory.loops.advanceNeurons(block.byteOffset, bytes, row)
    this.raster.add(k, units, count)
    traffic.update('state', (isAdaptive ? 4 : 2) * lanes)
    traffic.write('tape', lanes)
    traffic.write('spikes', count)
  }

  override beginBackward(): void {
    super.beginBackward()
    this.row('adjointAdaptation').fill(0)
    this.adjointSpike.fill(0)
  }

  backward(k: number): void {
    const { block, bytes, lanes, tape, explicit, slope, isAdaptive } = this
    const { memory, traffic } = this.surroundings
    const collects = this.run.thresholds || isAdaptive
    if (this.isObserved) this.ask(explicit.byteOffset + k * bytes)
    if (this.isPushed) this.ask(this.rateGradients.byteOffset)
    const row = tape.byteOffset + k * bytes
    if (isAdaptive) memory.loops.backwardAdaptiveNeurons(block.byteOffset, bytes, row, slope)
    else memory.loops.backwardNeurons(block.byteOffset, bytes, row, slope, collects)
    this.inject(k)
    traffic.read('tape', lanes)
    traffic.update('state', (isAdaptive ? 4 : 3) * lanes)
    const arrays = isAdaptive ? 3 : collects ? 2 : 0
    traffic.update('gradients', arrays * lanes)
  }

  /** Adds a row to dL/ds. */
  private ask(row: number): void {
    const { adjointSpike, bytes, lanes } = this
    const { memory, traffic } = this.surroundings
    memory.loops.addRow(adjointSpike.byteOffset, row, bytes)
    traffic.read('state', 2 * lanes)
    traffic.write('state', lanes)
  }

  /** What was injected into the voltage at point k goes the same way; all is linear. */
  private inject(k: number): void {
    const { adjointVoltage, adjointCurrent } = this
    const { membrane, kappa, gain } = this.factors
    for (; this.injections[this.injected]?.step === k; this.injected++) {
      const { unit, value } = this.injections[this.injected] as Injection
      addAt(this.row('biasGradient'), unit, (gain[unit] as number) * value)
      addAt(adjointCurrent, unit, (kappa[unit] as number) * value)
      addAt(adjointVoltage, unit, (membrane[unit] as number) * value)
    }
  }

  /** Adds to dL/dthreshold of a neuron. */
  addToThreshold(unit: number, value: number): void {
    addAt(this.row('thresholdGradient'), unit, value)
  }

  /** Where a neuron that is silent in this trial came closest to its threshold, and x there. */
  closest(unit: number): { readonly step: number; readonly value: number } {
    return this.peakOf(unit, -(this.row('threshold')[unit] as number))
  }
}

function addAt(values: Float32Array, at: number, more: number): void {
  values[at] = (values[at] as number) + more
}

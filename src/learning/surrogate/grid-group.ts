import type { LifValues, LiValues } from '../../network/instance.js'
import type { TrafficCounter } from '../memory-traffic.js'
import { type GridFactors, gridFactors } from './grid-factors.js'
import { addRow, isZero } from './loops.js'
import type { TimeGrid } from './time-grid.js'

const NOTHING = new Float32Array(0)

/** What a group of neurons is told of the trials it will go through. */
export interface GridRun {
  readonly grid: TimeGrid
  /** A backward pass follows. */
  readonly gradients: boolean
  /** dL/dadaptStep is asked for, also where no neuron adapts. */
  readonly adaptation: boolean
  /** Neurons of this group stay silent after their first spike. */
  readonly stopAfterFirst: boolean
}

/**
 * What neurons of all kinds have in common on the grid: a voltage, a current, and their adjoints.
 *
 * Forward, step k is: `advance` from the point before, spikes; then arrivals at k add to the current. Backward, the
 * adjoints at k are those of the state after the arrivals; `retreat` takes them to the point before.
 */
export abstract class GridGroup<Values extends LifValues | LiValues = LifValues | LiValues> {
  readonly values: Values
  readonly size: number
  readonly voltage: Float32Array
  readonly current: Float32Array
  readonly adjointVoltage: Float32Array
  readonly adjointCurrent: Float32Array
  /** Sums over trials. */
  readonly biasGradient: Float32Array
  /** What the bias adds to V in a step. */
  protected readonly drive: Float32Array
  /** What the loss says of this group, at [step · size + unit]: dL/ds of spikes, or dL/dV of a readout; empty: nothing. */
  explicit: Float32Array = NOTHING
  protected run: GridRun = { grid: { dt: 1, steps: 1 }, gradients: false, adaptation: false, stopAfterFirst: false }
  private known: { readonly dt: number; readonly factors: GridFactors } | null = null
  /** Something arrives here with a delay: then what arrives, and the adjoints, are kept for every step. */
  private hasDelays = false
  inflow = new Float32Array(0)
  currents = new Float32Array(0)
  voltages = new Float32Array(0)
  /** The adjoint of the current is 0 everywhere: nothing can be learned from what arrives now. */
  isIdle = true

  protected constructor(
    values: Values,
    protected readonly traffic: TrafficCounter,
  ) {
    const { size } = values
    const room = () => new Float32Array(size)
    this.values = values
    this.size = size
    this.voltage = room()
    this.current = room()
    this.adjointVoltage = room()
    this.adjointCurrent = room()
    this.biasGradient = room()
    this.drive = room()
  }

  expectDelays(): void {
    this.hasDelays = true
  }

  /** A mini-batch begins; gradients are zero. */
  begin(run: GridRun, bias: Float64Array): void {
    this.run = run
    const { gain } = this.factors
    for (let n = 0; n < this.size; n++) this.drive[n] = (bias[n] as number) * (gain[n] as number)
    this.biasGradient.fill(0)
    this.explicit = NOTHING
    if (!this.hasDelays) return
    this.inflow = this.roomFor(this.inflow)
    if (!run.gradients) return
    this.currents = this.roomFor(this.currents)
    this.voltages = this.roomFor(this.voltages)
  }

  /** Of the present grid. */
  get factors(): GridFactors {
    const { dt } = this.run.grid
    if (this.known?.dt !== dt) this.known = { dt, factors: gridFactors(this.values, dt) }
    return this.known.factors
  }

  /** A trial begins, at rest. */
  beginTrial(): void {
    this.voltage.fill(0)
    this.current.fill(0)
    if (this.hasDelays) this.inflow.fill(0)
    if (this.hasDelays) this.traffic.write('state', this.inflow.length)
  }

  /** From point k - 1 to point k, and spikes there. */
  abstract advance(k: number): void

  /** What arrives with a delay at point k. */
  takeInflow(k: number): void {
    if (!this.hasDelays) return
    addRow(this.current, this.inflow, k * this.size)
    this.traffic.read('state', 2 * this.size)
    this.traffic.write('state', this.size)
  }

  beginBackward(): void {
    this.adjointVoltage.fill(0)
    this.adjointCurrent.fill(0)
  }

  /** The adjoints at point k are complete; arrivals there, and spikes whose arrivals come later, may look at them. */
  settle(k: number): void {
    this.isIdle = isZero(this.adjointCurrent)
    if (!this.hasDelays) return
    this.currents.set(this.adjointCurrent, k * this.size)
    this.voltages.set(this.adjointVoltage, k * this.size)
    this.traffic.read('state', 2 * this.size)
    this.traffic.write('tape', 2 * this.size)
  }

  /** From point k to point k - 1. */
  abstract retreat(k: number): void

  /** Room for one number per step and neuron. */
  protected roomFor(present: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
    const length = this.run.grid.steps * this.size
    return present.length === length ? present : new Float32Array(length)
  }
}

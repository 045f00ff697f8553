import {
  DECAY_EXC,
  DECAY_MEM,
  DECAY_MEM_M1,
  decayAdaptation,
  KAPPA_EXC,
  PROPAGATOR_SIZE,
  propagate,
} from '../../dynamics/equations/propagator.js'
import { constantsOf } from '../../dynamics/models/neurons.js'
import type { TrafficCounter } from '../../dynamics/traffic/memory-traffic.js'
import type { LifValues, LiValues } from '../../network/instance/instance.js'
import { isSpiking, type NeuronKind, type NeuronValues } from '../../network/models/models.js'
import { ASKED_AT_ONCE } from './loops/grid-loops.js'
import { type GridMemory, gridBytes, lanesFor } from './loops/grid-memory.js'
import { GRID_ROWS, type GridRow, READOUT_ROWS } from './loops/schema/grid-rows.js'
import type { TimeGrid } from './time-grid.js'

/** What a group of neurons receives about the trials it will run. */
export interface GridRun {
  /** dL/dthreshold and dL/dbias are asked for. */
  readonly thresholds: boolean
  /** dL/dadaptStep is asked for, also where no neuron adapts. */
  readonly adaptation: boolean
  /** Neurons of this group stay silent after their first spike. */
  readonly stopAfterFirst: boolean
}

/** What all neurons of a network share. */
export interface GridSurroundings {
  readonly memory: GridMemory
  readonly grid: TimeGrid
  readonly traffic: TrafficCounter
}

function rowsOf(kind: NeuronKind): number {
  return isSpiking({ kind }) ? GRID_ROWS.length : READOUT_ROWS
}

/** Bytes of memory that a group takes. */
export function groupBytes(
  { kind, size }: Pick<NeuronValues, 'kind' | 'size'>,
  steps: number,
  isNoisy: boolean,
): number {
  const lanes = lanesFor(size)
  const rows = rowsOf(kind)
  // The tape, what the loss says, and what delays need.
  const ofDelays = gridBytes((steps + 1) * lanes) + 2 * gridBytes(lanes * strideFor(steps))
  return gridBytes(rows * lanes) + (isNoisy ? 3 : 2) * gridBytes(steps * lanes) + ofDelays
}

/** Length of a neuron's row on a tape that delays look at: behind the last step there is nothing, for eight steps and more. */
function strideFor(steps: number): number {
  return lanesFor(steps + ASKED_AT_ONCE + 1)
}

/**
 * What neurons of all kinds have in common on the grid: a voltage, a current, and their adjoints.
 *
 * Forward, step k is: `advance` from the point before, spikes; then arrivals at k add to the current. Backward, the
 * adjoints at k are those of the state after the arrivals; `backward` takes them to the point before. Neurons are lanes:
 * behind the last of them there may be idle ones.
 */
export abstract class GridGroup<Values extends LifValues | LiValues = LifValues | LiValues> {
  readonly values: Values
  readonly size: number
  readonly lanes: number
  /** Bytes of a row. */
  readonly bytes: number
  readonly factors: GridFactors
  readonly current: Float32Array
  readonly adjointVoltage: Float32Array
  readonly adjointCurrent: Float32Array
  /** Left by the forward pass, at [step · lanes + unit]. */
  readonly tape: Float32Array
  /** What the loss says of this group, at [step · lanes + unit]: dL/ds of spikes, or dL/dV of a readout. */
  readonly explicit: Float32Array
  /** Something arrives here with a delay: then what arrives is kept, at [step · lanes + unit]. */
  inflow: Float32Array = new Float32Array(0)
  /** Beside it, at [unit · stride + step]: gI, and what an arrival would do that came later, gI / tauSyn - gV / tauMem. */
  currents: Float32Array = new Float32Array(0)
  delayed: Float32Array = new Float32Array(0)
  readonly stride: number
  /** Something arrives here in whole rows, at steps that noise says: then gI is kept, at [step · lanes + unit], too. */
  currentRows: Float32Array = new Float32Array(0)
  /** In this backward pass the adjoint of the current has been 0 so far: nothing that arrives moves the loss. */
  isUnmoved = true
  /** The adjoint of the current is 0 everywhere: nothing can be learned from what arrives now. */
  isIdle = true
  protected readonly block: Float32Array
  protected run: GridRun = { thresholds: false, adaptation: false, stopAfterFirst: false }
  protected readonly surroundings: GridSurroundings

  protected constructor(values: Values, surroundings: GridSurroundings) {
    this.surroundings = surroundings
    const { size, kind } = values
    const { memory, grid } = surroundings
    this.values = values
    this.size = size
    this.lanes = lanesFor(size)
    this.bytes = 4 * this.lanes
    this.stride = strideFor(grid.steps)
    this.factors = gridFactors(values, grid.dt)
    this.block = memory.floats(rowsOf(kind) * this.lanes)
    this.tape = memory.floats(grid.steps * this.lanes)
    this.explicit = memory.floats(grid.steps * this.lanes)
    this.current = this.row('current')
    this.adjointVoltage = this.row('adjointVoltage')
    this.adjointCurrent = this.row('adjointCurrent')
    for (const name of ['membrane', 'kappa', 'decay', 'gain', 'currentRate', 'membraneRate'] as const)
      this.row(name).set(this.factors[name])
  }

  protected row(name: GridRow): Float32Array {
    const from = GRID_ROWS.indexOf(name) * this.lanes
    return this.block.subarray(from, from + this.lanes)
  }

  /** Of every unit, without the idle lanes. */
  gradientOf(name: 'biasGradient' | 'thresholdGradient' | 'stepGradient'): Float64Array {
    return Float64Array.from(this.row(name).subarray(0, this.size))
  }

  expectDelays(): void {
    if (this.inflow.length > 0) return
    const { memory, grid } = this.surroundings
    this.inflow = memory.floats((grid.steps + 1) * this.lanes)
    this.currents = memory.floats(this.lanes * this.stride)
    this.delayed = memory.floats(this.lanes * this.stride)
  }

  expectRows(): void {
    this.expectDelays()
    const { memory, grid } = this.surroundings
    if (this.currentRows.length === 0) this.currentRows = memory.floats(grid.steps * this.lanes)
  }

  /** A mini-batch begins; gradients are zero, and the loss has said nothing. */
  begin(run: GridRun, bias: Float64Array): void {
    this.run = run
    const { gain } = this.factors
    this.row('drive').set(bias.map((value, n) => value * (gain[n] as number)))
    this.row('biasGradient').fill(0)
    this.explicit.fill(0)
  }

  /** A trial begins, at rest. */
  beginTrial(): void {
    this.row('voltage').fill(0)
    this.current.fill(0)
    if (this.inflow.length === 0) return
    this.inflow.fill(0)
    this.surroundings.traffic.write('state', this.inflow.length)
  }

  /** Where the number of a neuron on the tape is largest, first where it is more than once; at point 0 it is `start`. */
  protected peakOf(unit: number, start: number): { readonly step: number; readonly value: number } {
    const { lanes, tape } = this
    let [step, value] = [0, start]
    for (let k = 1; k < this.surroundings.grid.steps; k++) {
      const candidate = tape[k * lanes + unit] as number
      if (candidate > value) [step, value] = [k, candidate]
    }
    return { step, value }
  }

  /** From point k - 1 to point k, and spikes there. */
  abstract advance(k: number): void

  /** What arrives with a delay at point k. */
  takeInflow(k: number): void {
    if (this.inflow.length === 0) return
    const { memory, traffic } = this.surroundings
    memory.loops.addRow(this.current.byteOffset, this.inflow.byteOffset + k * this.bytes, this.bytes)
    traffic.read('state', 2 * this.lanes)
    traffic.write('state', this.lanes)
  }

  beginBackward(): void {
    this.adjointVoltage.fill(0)
    this.adjointCurrent.fill(0)
    this.isUnmoved = true
  }

  /** The adjoints at point k are complete; arrivals there, and spikes whose arrivals come later, may look at them. */
  settle(k: number): void {
    this.isIdle = this.adjointCurrent.every(isZero)
    this.isUnmoved &&= this.isIdle
    if (this.inflow.length === 0) return
    const { block, bytes, currents, delayed, lanes, stride } = this
    const { memory, traffic } = this.surroundings
    const [at, later] = [currents.byteOffset + 4 * k, delayed.byteOffset + 4 * k]
    memory.loops.keepAdjoints(block.byteOffset, bytes, at, later, 4 * stride)
    traffic.read('state', 2 * lanes)
    traffic.write('tape', 2 * lanes)
    if (this.currentRows.length === 0) return
    this.currentRows.set(this.adjointCurrent, k * lanes)
    traffic.write('tape', lanes)
  }

  /** From point k to point k - 1. */
  abstract backward(k: number): void
}

function isZero(value: number): boolean {
  return value === 0
}

/** The exact propagator over one step, per neuron. */
interface GridFactors {
  /** e^{-dt/tauMem}, kappa(dt), e^{-dt/tauSyn}, 1 - e^{-dt/tauMem}, e^{-dt/tauAdapt}. */
  readonly membrane: Float64Array
  readonly kappa: Float64Array
  readonly decay: Float64Array
  readonly gain: Float64Array
  readonly relief: Float64Array
  /** 1/tauMem and 1/tauSyn in 1/ms: what moving an arrival does to V and I. */
  readonly membraneRate: Float64Array
  readonly currentRate: Float64Array
}

/**
 * Between two points of the grid the state moves as the model's equations say, without error:
 *
 *     V := e^{-dt/tauMem} V + kappa(dt) I + bias (1 - e^{-dt/tauMem})      I := e^{-dt/tauSyn} I      A := e^{-dt/tauAdapt} A
 */
function gridFactors(values: LifValues | LiValues, dt: number): GridFactors {
  const tauAdapt = isSpiking(values) ? values.tauAdapt : values.tauMem
  const constants = constantsOf({ ...values, tauAdapt })
  const step = new Float64Array(PROPAGATOR_SIZE)
  const each = (factor: (n: number) => number) => Float64Array.from(constants, (_, n) => factor(n))
  const place = (at: number, sign: 1 | -1 = 1) =>
    each((n) => {
      propagate(constants[n] as (typeof constants)[number], dt, step)
      return sign * (step[at] as number)
    })
  return {
    membrane: place(DECAY_MEM),
    kappa: place(KAPPA_EXC),
    decay: place(DECAY_EXC),
    gain: place(DECAY_MEM_M1, -1),
    relief: Float64Array.from(constants, (constant) => decayAdaptation(constant, dt)),
    membraneRate: Float64Array.from(constants, ({ tauMem }) => 1 / tauMem),
    currentRate: Float64Array.from(constants, ({ exc }) => 1 / exc.tauSyn),
  }
}

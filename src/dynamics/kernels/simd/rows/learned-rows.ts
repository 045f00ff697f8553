import { copyArrays } from '../../../../numerics/copy-arrays.js'
import type { ParameterLayout } from '../../../parameters/parameter-layout.js'
import type { Afferent, Synapses } from '../../../parameters/synapses.js'
import type { AdamLoop } from '../../adam-loop.js'
import type { KernelGradient } from '../../kernel-parameters.js'
import { writeFields } from '../../wasm/fields.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import type { JobName } from '../../wasm/schema/jobs.js'
import { ROWS_AT_WORK } from '../../wasm/schema/rows-at-work.js'
import { createRowAdamLoop } from '../adam-loops.js'
import type { LearnedRowsPlaces, SimdLayout } from '../layout/simd-layout.js'
import { ROW } from '../layout/synapse-rows.js'
import { changeRows, type ProjectionRows, packRows, type RowShape, squaresInRows, unpackRows } from './row-order.js'
import { TouchedRows } from './touched-rows.js'

export interface LearnedRowsOptions {
  readonly memory: KernelMemory
  readonly places: SimdLayout
  readonly learned: LearnedRowsPlaces
  readonly synapses: Synapses
  readonly layout: ParameterLayout
  /** Neurons held. */
  readonly size: number
  /** Does a job for every lane group. */
  work(job: JobName): void
}

/** The spikes of a batch, and the projection that they have come through. */
export interface ReceivedUnits {
  readonly projection: number
  readonly units: Uint32Array
}

/**
 * The weights of a kernel whose neurons all meet the same arrivals, which are learned where the passes read them:
 * [laneGroup][row][lane], with a row per source unit. There lie their gradient and the moments of Adam, too, so that a step
 * packs nothing, and a gradient is handed over in the rows that anything arrived at. The vector of parameters, when it
 * is requested, is filled in the order of synapses; so is a gradient.
 */
export class LearnedRows {
  readonly touched: TouchedRows
  private readonly of: LearnedRowsOptions
  /** What was learned in rows since the vector of parameters was last written. */
  private isAhead = false
  /** A caller has received the vector since, and may write to it. */
  private isShown = true
  /** The last run was a part of a mini-batch. */
  private isPart = false

  constructor(of: LearnedRowsOptions) {
    const { memory, places, learned } = of
    this.of = of
    this.touched = new TouchedRows(memory, learned.touched, places.rows)
  }

  /** The vector of parameters is about to be handed out. */
  show(parameters: Float64Array): void {
    const { memory, learned } = this.of
    if (this.isAhead)
      this.eachProjection(parameters, (p, weights) => {
        unpackRows(memory, this.rowsOf(learned.weights, p), this.shapeOf(p), weights)
      })
    this.isAhead = false
    this.isShown = true
  }

  /** Whether no caller can have written weights outside the rows. */
  get areCurrent(): boolean {
    return !this.isShown
  }

  /** Copies of the weights, and of all other parameters of a vector; in the place of earlier ones, if there are any. */
  keep(parameters: Float64Array, earlier?: readonly Float64Array[]): readonly Float64Array[] {
    return copyArrays([this.all(), parameters.subarray(this.of.layout.delays)], earlier)
  }

  putBack(parameters: Float64Array, [weights, others]: readonly Float64Array[]): void {
    this.all().set(weights as Float64Array)
    parameters.set(others as Float64Array, this.of.layout.delays)
    this.of.work('weigh')
    this.learn()
  }

  /** See `Kernel.changeWeights`; only while the rows are current. */
  change(projection: number, into: Uint8Array, change: (weight: number) => number): void {
    const { memory, learned, work } = this.of
    changeRows(memory, this.rowsOf(learned.weights, projection), this.shapeOf(projection), into, change)
    work('weigh')
    this.learn()
  }

  /** Trials are about to be undone: of a part of a mini-batch, whose other parts may touch any row, or of a whole one. */
  beginTouching(isPart = false): void {
    this.isPart = isPart
    this.touched.clear()
    if (isPart) this.touched.addAll()
  }

  /** Spikes have come that a run is to be undone with; `note` the rows that they touch when all have been added. */
  touch(batches: Iterable<ReceivedUnits>): void {
    const { firstUnit } = this.of.places
    for (const { projection, units } of batches) this.touched.add(firstUnit[projection] as number, units)
  }

  /** Which projection has its weights at these places of the vector of parameters; -1: none. */
  projectionAt(from: number, to: number): number {
    const { layout, synapses } = this.of
    return synapses.afferents.findIndex(({ base, count }) => {
      return count > 0 && layout.weights + base === from && from + count === to
    })
  }

  /** The loop of Adam over the weights of a projection, whose moments become zeros now. */
  adamLoop(projection: number): AdamLoop {
    const { memory, places, learned } = this.of
    return createRowAdamLoop({
      ...{ memory, fields: places.adamFields, shape: this.shapeOf(projection) },
      means: this.rowsOf(learned.means, projection),
      squares: this.rowsOf(learned.squares, projection),
      run: () => {
        this.writeAtWork(projection)
        this.of.work('adamRows')
        this.learn()
      },
    })
  }

  /** @param vector the gradient of all other parameters, with room for that of the weights */
  gradient(vector: Float64Array): KernelGradient {
    const { memory } = this.of
    let isWhole = false
    let isChanged = false
    return {
      butWeights: vector,
      whole: () => {
        if (!isWhole)
          this.eachProjection(vector, (p, weights) => unpackRows(memory, this.touchedOf(p), this.shapeOf(p), weights))
        isWhole = true
        return vector
      },
      changed: () => {
        this.touched.addAll()
        this.eachProjection(vector, (p, weights) => packRows(memory, this.touchedOf(p), this.shapeOf(p), weights))
        isChanged = true
      },
      squares: (projection, factor) => (isChanged || factor !== 1 ? null : this.squares(projection)),
    }
  }

  /** The gradient of the weights: [laneGroup][touched row][lane]. */
  sumsOfRows(): Float64Array {
    const { memory, places, learned } = this.of
    const from = learned.gradients / 8
    return memory.f64.subarray(from, from + (ROW / 8) * this.touched.count * places.laneGroups)
  }

  private squares(projection: number): Float64Array {
    const { memory, places, learned, size } = this.of
    // Those that the passes have summed are of what they handed over.
    if (this.isPart) return squaresInRows(memory, this.touchedOf(projection), this.shapeOf(projection))
    const from = (learned.sums + ROW * places.laneGroups * projection) / 8
    return memory.f64.slice(from, from + size)
  }

  private writeAtWork(projection: number): void {
    const { touched } = this
    const { memory, places, learned } = this.of
    const first = places.firstUnit[projection] as number
    writeFields(memory, ROWS_AT_WORK, learned.atWork, {
      projection,
      firstRow: ROW * first,
      rowBytes: ROW * this.shapeOf(projection).sourceSize,
      zeros: learned.zeros,
      touched: touched.addressOf(first),
      gradient: learned.gradients + ROW * touched.placeOf(first),
      gradientStride: ROW * touched.count,
    })
  }

  private learn(): void {
    this.isAhead = true
    this.isShown = false
  }

  private all(): Float64Array {
    const { memory, places, learned } = this.of
    const from = learned.weights / 8
    return memory.f64.subarray(from, from + (ROW / 8) * places.rows * places.laneGroups)
  }

  private shapeOf(projection: number): RowShape {
    const { synapses, size } = this.of
    return { size, sourceSize: (synapses.afferents[projection] as Afferent).sourceSize }
  }

  /** Those of a projection, in the rows that begin at an address. */
  private rowsOf(address: number, projection: number): ProjectionRows {
    const { rows, firstUnit } = this.of.places
    const units = Uint32Array.from({ length: this.shapeOf(projection).sourceSize }, (_, unit) => unit)
    return { address, all: rows, first: firstUnit[projection] as number, units }
  }

  /** Where the gradient lies. */
  private touchedOf(projection: number): ProjectionRows {
    const { touched } = this
    const first = this.of.places.firstUnit[projection] as number
    const units = touched.among(first, first + this.shapeOf(projection).sourceSize)
    return { address: this.of.learned.gradients, all: touched.count, first: touched.placeOf(first), units }
  }

  /** Hands over the weights of every projection in a vector. */
  private eachProjection(vector: Float64Array, work: (projection: number, weights: Float64Array) => void): void {
    const { layout, synapses } = this.of
    synapses.afferents.forEach(({ base, count }, p) => {
      work(p, vector.subarray(layout.weights + base, layout.weights + base + count))
    })
  }
}

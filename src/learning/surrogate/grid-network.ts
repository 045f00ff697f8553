import type { SpikeTrains } from '../../events/spike-trains.js'
import type { NetworkInstance, ProjectionValues } from '../../network/instance.js'
import type { TrafficCounter } from '../memory-traffic.js'
import type { Parameters } from '../session.js'
import { DenseProjection } from './dense-projection.js'
import { GridLi } from './grid-li.js'
import { GridLif } from './grid-lif.js'
import type { GridProjection, ProjectionNumbers, ProjectionWishes } from './grid-projection.js'
import { ListedProjection } from './listed-projection.js'
import { SpikeRaster } from './spike-raster.js'
import type { TimeGrid } from './time-grid.js'

export type GridNeurons = GridLif | GridLi

/** What a mini-batch is run for. */
export interface BatchWishes extends ProjectionWishes {
  readonly grid: TimeGrid
  readonly gradients: boolean
  readonly adaptation: boolean
  /** A group whose neurons stay silent after their first spike. */
  readonly stopAfterFirst: string | null
}

/**
 * A network on a grid of time, one trial after the other.
 *
 * At every point of the grid all neurons first move there and spike, then all spikes arrive that are due: an arrival
 * moves a voltage from the next point on. So no order among groups is needed, and cycles without delay are none.
 */
export class GridNetwork {
  readonly neurons: readonly GridNeurons[]
  private readonly projections: readonly GridProjection[]
  private readonly sources: ReadonlyMap<string, { raster: SpikeRaster }>
  private grid: TimeGrid = { dt: 1, steps: 0 }

  constructor(
    instance: NetworkInstance,
    { dt, slope }: { readonly dt: number; readonly slope: number },
    traffic: TrafficCounter,
  ) {
    this.neurons = instance.groups.flatMap((values): GridNeurons[] => {
      if (values.kind === 'source') return []
      return [values.kind === 'lif' ? new GridLif(values, traffic, slope) : new GridLi(values, traffic)]
    })
    this.sources = new Map(
      instance.groups.flatMap(({ kind, name }) => (kind === 'source' ? [[name, { raster: new SpikeRaster(0) }]] : [])),
    )
    this.projections = instance.projections.map((values): GridProjection => {
      const source = this.lifOf(values.source)
      const given = this.sources.get(values.source)
      const raster = () => (given ?? (source as GridLif)).raster
      const target = this.neuronsOf(values.target)
      return isDense(values)
        ? new DenseProjection(values, raster, source, target, traffic)
        : new ListedProjection(values, raster, source, target, dt, traffic)
    })
  }

  neuronsOf(name: string): GridNeurons {
    return this.neurons.find(({ values }) => values.name === name) as GridNeurons
  }

  /** Null for a group of another kind. */
  lifOf(name: string): GridLif | null {
    const group = this.neurons.find(({ values }) => values.name === name)
    return group?.kind === 'lif' ? group : null
  }

  /** The spikes of a group in the present trial; null for a group that has none. */
  rasterOf(name: string): SpikeRaster | null {
    return this.sources.get(name)?.raster ?? this.lifOf(name)?.raster ?? null
  }

  /** A mini-batch begins. */
  begin(parameters: Parameters, { grid, gradients, adaptation, stopAfterFirst, ...wishes }: BatchWishes): void {
    if (this.grid.steps !== grid.steps)
      for (const source of this.sources.values()) source.raster = new SpikeRaster(grid.steps)
    this.grid = grid
    for (const group of this.neurons) {
      const { name } = group.values
      const { bias, threshold = bias, adaptStep = bias } = numbersOf(parameters.groups, name)
      if (group.kind === 'lif') group.follow(threshold, adaptStep)
      group.begin({ grid, gradients, adaptation, stopAfterFirst: stopAfterFirst === name }, bias)
    }
    for (const projection of this.projections) {
      projection.begin(numbersOf(parameters.projections, projection.values.key), {
        ...wishes,
        inputTimes: wishes.inputTimes && projection.values.fromSource,
      })
    }
  }

  /** Runs one trial. */
  forward(inputs: Readonly<Record<string, SpikeTrains>>, trial: number): void {
    const { neurons, projections, grid } = this
    for (const [name, source] of this.sources) {
      const trains = inputs[name]
      if (trains === undefined) source.raster.offsets.fill(0)
      else source.raster.fill(trains, trial, grid.dt)
    }
    for (const group of neurons) group.beginTrial()
    for (let k = 0; k < grid.steps; k++) {
      if (k > 0) for (const group of neurons) group.advance(k)
      for (const projection of projections) projection.deliver(k)
      for (const group of neurons) group.takeInflow(k)
    }
  }

  /** Goes back through the trial that was run last; gradients add up. */
  backward(): void {
    const { neurons, projections, grid } = this
    for (const group of neurons) group.beginBackward()
    for (let k = grid.steps - 1; k >= 0; k--) {
      for (const group of neurons) group.settle(k)
      for (const projection of projections) projection.retreat(k)
      if (k > 0) for (const group of neurons) group.retreat(k)
    }
  }

  /** Adds dL/d(time) of the spikes of a source in the present trial to `into`, from `at` on. */
  addInputTimes(name: string, into: Float64Array, at: number): void {
    const { count } = this.sources.get(name)?.raster ?? { count: 0 }
    for (const { values, inputTimes } of this.projections) {
      if (values.source !== name) continue
      for (let k = 0; k < count; k++) into[at + k] = (into[at + k] as number) + (inputTimes[k] as number)
    }
  }

  /** Sums over the trials of the mini-batch, as the parameters. */
  gradients(): Parameters {
    const groups = this.neurons.map((group) => {
      const bias = Float64Array.from(group.biasGradient)
      if (group.kind === 'li') return [group.values.name, { bias }] as const
      const threshold = Float64Array.from(group.thresholdGradient)
      return [group.values.name, { bias, threshold, adaptStep: Float64Array.from(group.adaptStepGradient) }] as const
    })
    const projections = this.projections.map((projection): readonly [string, ProjectionNumbers] => {
      return [projection.values.key, projection.gradients()]
    })
    return { projections: Object.fromEntries(projections), groups: Object.fromEntries(groups) }
  }
}

function isDense({ layout, delayShape }: ProjectionValues): boolean {
  return layout === 'dense' && delayShape === 'none'
}

function numbersOf<Numbers>(record: Readonly<Record<string, Numbers>>, name: string): Numbers {
  return record[name] as Numbers
}

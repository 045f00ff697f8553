import type { TrafficCounter } from '../../dynamics/traffic/memory-traffic.js'
import { byName, entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { hasNeurons } from '../../network/description/has-neurons.js'
import type { NetworkInstance, ProjectionValues } from '../../network/instance/instance.js'
import type { Parameters } from '../session.js'
import { DenseProjection, denseBytes } from './dense-projection.js'
import { groupBytes } from './grid-group.js'
import { GridLi } from './grid-li.js'
import { GridLif } from './grid-lif.js'
import type { GridProjection, ProjectionNumbers, ProjectionWishes } from './grid-projection.js'
import { ListedProjection } from './listed-projection.js'
import { GridMemory } from './loops/grid-memory.js'
import { SpikeRaster } from './spike-raster.js'
import { listBytes } from './synapse-list.js'
import type { TimeGrid } from './time-grid.js'

export type GridNeurons = GridLif | GridLi

/** What a mini-batch is run for. */
export interface BatchWishes extends ProjectionWishes {
  /** dL/dthreshold and dL/dbias. */
  readonly thresholds: boolean
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
  readonly grid: TimeGrid
  readonly neurons: readonly GridNeurons[]
  private readonly projections: readonly GridProjection[]
  private readonly sources: ReadonlyMap<string, SpikeRaster>

  /** Raises `InputError` SURROGATE_MEMORY if the network does not fit into memory on so many points. */
  constructor(instance: NetworkInstance, grid: TimeGrid, slope: number, traffic: TrafficCounter) {
    this.grid = grid
    const surroundings = { memory: new GridMemory(bytesOf(instance, grid.steps)), grid, traffic }
    this.neurons = instance.groups.flatMap((values): GridNeurons[] => {
      if (!hasNeurons(values)) return []
      return [values.kind === 'lif' ? new GridLif(values, surroundings, slope) : new GridLi(values, surroundings)]
    })
    this.sources = new Map(
      instance.groups.flatMap(({ kind, name }) => (kind === 'source' ? [[name, new SpikeRaster(grid.steps)]] : [])),
    )
    this.projections = instance.projections.map((values): GridProjection => {
      const source = this.lifOf(values.source)
      const raster = this.rasterOf(values.source) as SpikeRaster
      const target = this.neuronsOf(values.target)
      return isDense(values)
        ? new DenseProjection(values, raster, source, target, surroundings)
        : new ListedProjection(values, raster, source, target, surroundings)
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

  lifGroups(): readonly GridLif[] {
    return this.neurons.filter((group) => group.kind === 'lif')
  }

  /** The spikes of a group in the present trial; null for a group that has none. */
  rasterOf(name: string): SpikeRaster | null {
    return this.sources.get(name) ?? this.lifOf(name)?.raster ?? null
  }

  /** A mini-batch begins. */
  begin(parameters: Parameters, { thresholds, adaptation, stopAfterFirst, ...wishes }: BatchWishes): void {
    for (const group of this.neurons) {
      const { name } = group.values
      const { bias, threshold = bias, adaptStep = bias } = numbersOf(parameters.groups, name)
      if (group.kind === 'lif') group.follow(threshold, adaptStep)
      group.begin({ thresholds, adaptation, stopAfterFirst: stopAfterFirst === name }, bias)
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
    for (const [name, raster] of this.sources) {
      const trains = entryOf(inputs, name)
      if (trains === undefined) raster.offsets.fill(0)
      else raster.fill(trains, trial, grid.dt)
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
      for (const projection of projections) projection.backward(k)
      if (k > 0) for (const group of neurons) group.backward(k)
    }
  }

  /** Adds dL/d(time) of the spikes of a source in the present trial to `into`, from `at` on. */
  addInputTimes(name: string, into: Float64Array, at: number): void {
    const { count } = this.sources.get(name) ?? { count: 0 }
    for (const { values, inputTimes } of this.projections) {
      if (values.source !== name) continue
      for (let k = 0; k < count; k++) into[at + k] = (into[at + k] as number) + (inputTimes[k] as number)
    }
  }

  /** Sums over the trials of the mini-batch, as the parameters. */
  gradients(): Parameters {
    const groups = this.neurons.map((group) => {
      const bias = group.gradientOf('biasGradient')
      if (group.kind === 'li') return [group.values.name, { bias }] as const
      const threshold = group.gradientOf('thresholdGradient')
      return [group.values.name, { bias, threshold, adaptStep: group.gradientOf('stepGradient') }] as const
    })
    const projections = this.projections.map((projection): readonly [string, ProjectionNumbers] => {
      return [projection.values.key, projection.gradients()]
    })
    return { projections: byName(projections), groups: byName(groups) }
  }
}

/** 4 GiB, as far as addresses reach, less what the loops keep for themselves. */
const MOST_BYTES = 2 ** 32 - 2 ** 17

function bytesOf({ groups, projections }: NetworkInstance, steps: number): number {
  const ofGroups = groups.reduce((sum, values) => sum + (hasNeurons(values) ? groupBytes(values, steps) : 0), 0)
  const bytes = projections.reduce(
    (sum, values) => sum + (isDense(values) ? denseBytes(values) : listBytes(values)),
    ofGroups,
  )
  if (bytes <= MOST_BYTES) return bytes
  throw new InputError({
    code: 'SURROGATE_MEMORY',
    field: 'network',
    found: `${bytes} bytes of state over ${steps} time steps`,
    expected: `at most ${MOST_BYTES}`,
    remedy: 'Raise dt, end the trials earlier, or take a smaller network.',
  })
}

function isDense({ layout, delayShape }: ProjectionValues): boolean {
  return layout === 'dense' && delayShape === 'none'
}

function numbersOf<Numbers>(record: Readonly<Record<string, Numbers>>, name: string): Numbers {
  return entryOf(record, name) as Numbers
}

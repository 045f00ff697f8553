import type { ProjectionNoise, SpikeNoise } from '../../dynamics/noise/spike-noise.js'
import type { TrafficCounter } from '../../dynamics/traffic/memory-traffic.js'
import { byName, entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { GroupValues, NetworkInstance, ProjectionValues } from '../../network/instance/instance.js'
import { hasNeurons, isReadout, isSpiking } from '../../network/models/models.js'
import type { Parameters } from '../session.js'
import { DenseProjection, denseBytes } from './dense-projection.js'
import { groupBytes } from './grid-group.js'
import { GridLi } from './grid-li.js'
import { GridLif } from './grid-lif.js'
import type { GridProjection, ProjectionNumbers, ProjectionWishes } from './grid-projection.js'
import { type GridStage, returnStages, runStages, singleStage, stagesInOrder } from './grid-stages.js'
import { ListedProjection } from './listed-projection.js'
import { GridMemory } from './loops/grid-memory.js'
import { GridWay } from './noise/grid-way.js'
import { NoisyRows, noisyRowsBytes } from './noise/noisy-rows.js'
import { SpikeRaster } from './spike-raster.js'
import { listBytes } from './synapse-list.js'
import type { TimeGrid } from './time-grid.js'

export type GridNeurons = GridLif | GridLi

/** The results that a mini-batch is run for. */
export interface BatchWishes extends ProjectionWishes {
  /** dL/dthreshold and dL/dbias. */
  readonly thresholds: boolean
  readonly adaptation: boolean
  /** A group whose neurons stay silent after their first spike. */
  readonly stopAfterFirst: string | null
}

export interface NetworkSetting {
  readonly grid: TimeGrid
  readonly slope: number
  readonly traffic: TrafficCounter
  /** Whether noise may act on spikes between groups. */
  readonly isNoisy: boolean
}

/** The noise that acts on the spikes of a mini-batch. */
export interface BatchNoise {
  readonly spikes: SpikeNoise
  readonly trials: number
}

/** No noise: spikes leave as they were sent. */
const AS_SENT: ProjectionNoise = { fates: [], causal: false }

/**
 * A network on a grid of time, one trial after the other.
 *
 * At every point of the grid all neurons first advance and spike, then the spikes that are due arrive: an arrival
 * changes a voltage from the next point on. So groups need no order, and a cycle without delay needs no special treatment.
 * Where jitter may cause arrivals before their spikes, groups pass through the points one after the other, see
 * `stagesInOrder`.
 */
export class GridNetwork {
  readonly grid: TimeGrid
  readonly neurons: readonly GridNeurons[]
  private readonly projections: readonly GridProjection[]
  private readonly sources: ReadonlyMap<string, SpikeRaster>
  private readonly stages: readonly GridStage[]
  /** One per projection in a noisy network; else empty. */
  private ways: readonly GridWay[] = []

  /** Raises `InputError` SURROGATE_MEMORY if the network does not fit into memory on this grid. */
  constructor(instance: NetworkInstance, { grid, slope, traffic, isNoisy }: NetworkSetting) {
    this.grid = grid
    const surroundings = { memory: new GridMemory(bytesOf(instance, grid.steps, isNoisy)), grid, traffic }
    this.neurons = instance.groups.flatMap((values): GridNeurons[] => {
      if (!hasNeurons(values)) return []
      return [isSpiking(values) ? new GridLif(values, surroundings, slope) : new GridLi(values, surroundings)]
    })
    this.sources = new Map(
      instance.groups.flatMap(({ kind, name }) => (kind === 'source' ? [[name, new SpikeRaster(grid.steps)]] : [])),
    )
    this.projections = instance.projections.map((values): GridProjection => {
      const source = this.lifOf(values.source)
      const raster = this.rasterOf(values.source) as SpikeRaster
      const ends = { values, raster, source, target: this.neuronsOf(values.target), surroundings }
      if (!isDense(values)) return new ListedProjection(ends)
      return isNoisy ? new NoisyRows(ends) : new DenseProjection(ends)
    })
    this.stages = isNoisy
      ? stagesInOrder(instance, this.neurons, this.projections)
      : singleStage(this.neurons, this.projections)
  }

  neuronsOf(name: string): GridNeurons {
    return this.neurons.find(({ values }) => values.name === name) as GridNeurons
  }

  /** Null for a group that does not spike. */
  lifOf(name: string): GridLif | null {
    const group = this.neurons.find(({ values }) => values.name === name)
    return group !== undefined && isSpiking(group) ? group : null
  }

  lifGroups(): readonly GridLif[] {
    return this.neurons.filter((group) => isSpiking(group))
  }

  /** The spikes of a group in the current trial; null for a readout. */
  rasterOf(name: string): SpikeRaster | null {
    return this.sources.get(name) ?? this.lifOf(name)?.raster ?? null
  }

  /**
   * A mini-batch begins.
   *
   * @param noise null unless the network is noisy
   */
  begin(
    parameters: Parameters,
    { thresholds, adaptation, stopAfterFirst, ...wishes }: BatchWishes,
    noise: BatchNoise | null,
  ): void {
    this.ways = noise === null ? [] : this.projections.map(({ values }, order) => this.wayOf(values, order, noise))
    for (const group of this.neurons) {
      const { name } = group.values
      const { bias, threshold = bias, adaptStep = bias } = numbersOf(parameters.groups, name)
      if (isSpiking(group)) group.follow(threshold, adaptStep)
      group.begin({ thresholds, adaptation, stopAfterFirst: stopAfterFirst === name }, bias)
    }
    this.projections.forEach((projection, order) => {
      const { key, fromSource } = projection.values
      const wished = { ...wishes, inputTimes: wishes.inputTimes && fromSource }
      projection.begin(numbersOf(parameters.projections, key), wished, this.ways[order] ?? null)
    })
  }

  private wayOf({ source, sourceSize }: ProjectionValues, order: number, { spikes, trials }: BatchNoise): GridWay {
    const raster = this.rasterOf(source) as SpikeRaster
    const noise = spikes.projections[order] ?? AS_SENT
    return new GridWay(raster, sourceSize, noise, { ...spikes, trials, dt: this.grid.dt })
  }

  /** Runs one trial. */
  forward(inputs: Readonly<Record<string, SpikeTrains>>, trial: number): void {
    const { neurons, stages, grid } = this
    for (const [name, raster] of this.sources) {
      const trains = entryOf(inputs, name)
      if (trains === undefined) raster.offsets.fill(0)
      else raster.fill(trains, trial, grid.dt)
    }
    for (const group of neurons) group.beginTrial()
    for (const way of this.ways) way.beginTrial(trial)
    runStages(stages, grid.steps)
  }

  /** The backward pass of the last trial; gradients accumulate. */
  backward(): void {
    const { neurons, projections, stages, grid } = this
    for (const group of neurons) group.beginBackward()
    for (const projection of projections) projection.beginBackward()
    returnStages(stages, grid.steps)
  }

  /** Adds dL/d(time) of the spikes of a source in the current trial to `into`, from index `at` on. */
  addInputTimes(name: string, into: Float64Array, at: number): void {
    const { count } = this.sources.get(name) ?? { count: 0 }
    for (const { values, inputTimes } of this.projections) {
      if (values.source !== name) continue
      for (let k = 0; k < count; k++) into[at + k] = (into[at + k] as number) + (inputTimes[k] as number)
    }
  }

  /** Sums over the trials of the mini-batch, in the form of the parameters. */
  gradients(): Parameters {
    const groups = this.neurons.map((group) => {
      const bias = group.gradientOf('biasGradient')
      if (isReadout(group)) return [group.values.name, { bias }] as const
      const threshold = group.gradientOf('thresholdGradient')
      return [group.values.name, { bias, threshold, adaptStep: group.gradientOf('stepGradient') }] as const
    })
    const projections = this.projections.map((projection): readonly [string, ProjectionNumbers] => {
      return [projection.values.key, projection.gradients()]
    })
    return { projections: byName(projections), groups: byName(groups) }
  }
}

/** 4 GiB, the range of addresses, less the memory that the loops reserve. */
const MOST_BYTES = 2 ** 32 - 2 ** 17

function bytesOf({ groups, projections }: NetworkInstance, steps: number, isNoisy: boolean): number {
  const ofGroup = (values: GroupValues) => (hasNeurons(values) ? groupBytes(values, steps, isNoisy) : 0)
  const ofRows = isNoisy ? noisyRowsBytes : denseBytes
  const ofProjection = (values: ProjectionValues) => (isDense(values) ? ofRows(values) : listBytes(values))
  const bytes =
    groups.reduce((sum, values) => sum + ofGroup(values), 0) +
    projections.reduce((sum, values) => sum + ofProjection(values), 0)
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

import { delayOfSynapse } from '../../network/graph/delay-of-synapse.js'
import type { ProjectionValues } from '../../network/instance/instance.js'
import type { GridGroup, GridSurroundings } from './grid-group.js'
import type { GridLif } from './grid-lif.js'
import type { GridProjection, ProjectionNumbers, ProjectionWishes } from './grid-projection.js'
import type { SpikeRaster } from './spike-raster.js'

/** Beyond the end of every trial, and small enough for products within 32 bits. */
const MOST_STEPS = 2 ** 21

/**
 * Synapses in a list, by source unit, each with a delay: an arrival belongs to the step nearest to spike time + delay.
 *
 * Backward, an arrival at step m gives dL/dw += gI(m) and, as the derivative by the time at which it arrives,
 *
 *     dL/dd += w (gI(m) / tauSyn - gV(m) / tauMem)
 *
 * where gI, gV are the adjoints behind it: the derivative of the propagator at the rounded time. Source: as for the
 * exact gradient, see `Adjoint`; delays rounded to the grid as by Mészáros, Knight & Nowotny 2025 (Nat. Commun.).
 */
export class ListedProjection implements GridProjection {
  readonly values: ProjectionValues
  inputTimes = new Float64Array(0)
  /** Source unit u has the entries starts[u] … starts[u + 1] - 1 of the lists below. */
  private readonly starts: Int32Array
  private readonly targets: Int32Array
  /** Index of the synapse in the description. */
  private readonly places: Int32Array
  private readonly weights: Float32Array
  /** delay / dt + 1/2: the whole part of position + shift is the step of arrival. */
  private readonly shifts: Float64Array
  private readonly weightGradients: Float32Array
  private readonly delayGradients: Float32Array
  private wishes: ProjectionWishes = { weights: false, delays: false, inputTimes: false }
  private readonly raster: SpikeRaster
  private readonly source: GridLif | null
  private readonly target: GridGroup
  private readonly surroundings: GridSurroundings

  /** @param source the neurons the spikes come from; null for a group that is given its spikes */
  constructor(
    values: ProjectionValues,
    raster: SpikeRaster,
    source: GridLif | null,
    target: GridGroup,
    surroundings: GridSurroundings,
  ) {
    this.raster = raster
    this.source = source
    this.target = target
    this.surroundings = surroundings
    this.values = values
    target.expectDelays()
    const { starts, places } = bySource(values)
    this.starts = starts
    this.places = places
    this.targets = Int32Array.from(places, (s) => values.targets[s] as number)
    this.weights = new Float32Array(places.length)
    this.shifts = new Float64Array(places.length)
    this.weightGradients = new Float32Array(places.length)
    this.delayGradients = new Float32Array(places.length)
  }

  begin({ weights, delays }: ProjectionNumbers, wishes: ProjectionWishes): void {
    const { places, values } = this
    const { dt } = this.surroundings.grid
    this.wishes = wishes
    for (let s = 0; s < places.length; s++) {
      const place = places[s] as number
      const delay = delayOfSynapse(delays, values.delayShape, 0, values.sources[place] as number, place)
      this.weights[s] = weights[place] as number
      this.shifts[s] = Math.min(MOST_STEPS, delay / dt) + 0.5
    }
    this.weightGradients.fill(0)
    this.delayGradients.fill(0)
  }

  deliver(k: number): void {
    const { starts, targets, weights, shifts } = this
    const { traffic } = this.surroundings
    const { units, positions, offsets } = this.raster
    const { inflow, lanes } = this.target
    const to = offsets[k + 1] as number
    for (let spike = offsets[k] as number; spike < to; spike++) {
      const position = positions[spike] as number
      const unit = units[spike] as number
      const [first, end] = [starts[unit] as number, starts[unit + 1] as number]
      for (let s = first; s < end; s++) {
        const at = ((position + (shifts[s] as number)) | 0) * lanes + (targets[s] as number)
        if (at < inflow.length) inflow[at] = (inflow[at] as number) + (weights[s] as number)
      }
      traffic.read('spikes', 1)
      // Weight, delay and target of each.
      traffic.read('weights', 3 * (end - first))
      traffic.read('state', end - first)
      traffic.write('state', end - first)
    }
  }

  backward(k: number): void {
    const { weights, delays, inputTimes } = this.wishes
    if (inputTimes && this.inputTimes.length < this.raster.count)
      this.inputTimes = new Float64Array(this.raster.units.length)
    if (weights || delays || inputTimes) this.learn(k)
    if (this.source !== null && k > 0) this.askForSpikes(this.source, k)
  }

  /** The derivatives by what the spikes of step k brought. */
  private learn(k: number): void {
    const { starts, targets, weights, shifts, weightGradients, delayGradients } = this
    const { traffic } = this.surroundings
    const { units, positions, offsets } = this.raster
    const { currents, voltages, lanes } = this.target
    const { currentRate, membraneRate } = this.target.factors
    const to = offsets[k + 1] as number
    for (let spike = offsets[k] as number; spike < to; spike++) {
      const position = positions[spike] as number
      const unit = units[spike] as number
      const [first, end] = [starts[unit] as number, starts[unit + 1] as number]
      let sum = 0
      for (let s = first; s < end; s++) {
        const n = targets[s] as number
        const at = ((position + (shifts[s] as number)) | 0) * lanes + n
        if (at >= currents.length) continue
        const g = currents[at] as number
        const later = g * (currentRate[n] as number) - (voltages[at] as number) * (membraneRate[n] as number)
        const event = (weights[s] as number) * later
        weightGradients[s] = (weightGradients[s] as number) + g
        delayGradients[s] = (delayGradients[s] as number) + event
        sum += event
      }
      if (this.wishes.inputTimes) this.inputTimes[spike] = sum
      traffic.read('spikes', 1)
      traffic.read('weights', 3 * (end - first))
      traffic.read('tape', 2 * (end - first))
      traffic.read('gradients', 2 * (end - first))
      traffic.write('gradients', 2 * (end - first))
    }
  }

  /** dL/ds = sum over synapses of w gI(m), m the step at which a spike of step k would arrive. */
  private askForSpikes({ adjointSpike }: GridLif, k: number): void {
    const { starts, targets, weights, shifts } = this
    const { traffic } = this.surroundings
    const { currents, lanes } = this.target
    for (let unit = 0; unit < adjointSpike.length; unit++) {
      const end = starts[unit + 1] as number
      let sum = adjointSpike[unit] as number
      for (let s = starts[unit] as number; s < end; s++) {
        const at = ((k + (shifts[s] as number)) | 0) * lanes + (targets[s] as number)
        if (at < currents.length) sum += (weights[s] as number) * (currents[at] as number)
      }
      adjointSpike[unit] = sum
    }
    traffic.read('weights', 3 * weights.length)
    traffic.read('tape', weights.length)
    traffic.read('state', adjointSpike.length)
    traffic.write('state', adjointSpike.length)
  }

  gradients(): ProjectionNumbers {
    const { values, places } = this
    const weights = new Float64Array(values.weights.length)
    const delays = new Float64Array(values.delays.length)
    for (let s = 0; s < places.length; s++) {
      const place = places[s] as number
      weights[place] = this.weightGradients[s] as number
      const at = delayPlace(values, place)
      if (at >= 0) delays[at] = (delays[at] as number) + (this.delayGradients[s] as number)
    }
    return { weights, delays }
  }
}

/** Where the delay of a synapse stands among those of its projection; -1 where there is none. */
function delayPlace({ delayShape, sources }: ProjectionValues, synapse: number): number {
  switch (delayShape) {
    case 'none':
      return -1
    case 'scalar':
      return 0
    case 'perSource':
      return sources[synapse] as number
    case 'perSynapse':
      return synapse
  }
}

/** The synapses that there are, sorted by source unit. */
function bySource({ sources, sourceSize, absent }: ProjectionValues) {
  const isThere = (s: number) => absent?.[s] !== 1
  const starts = new Int32Array(sourceSize + 1)
  sources.forEach((unit, s) => {
    if (isThere(s)) starts[unit + 1] = (starts[unit + 1] as number) + 1
  })
  for (let unit = 0; unit < sourceSize; unit++)
    starts[unit + 1] = (starts[unit + 1] as number) + (starts[unit] as number)
  const next = starts.slice()
  const places = new Int32Array(starts[sourceSize] as number)
  sources.forEach((unit, s) => {
    if (!isThere(s)) return
    const at = next[unit] as number
    places[at] = s
    next[unit] = at + 1
  })
  return { starts, places }
}

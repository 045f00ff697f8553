import { InternalError } from '../../events/errors.js'
import { placesInOrder } from '../../events/natural-merge-sort.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { EmissionValues } from '../../network/description/emission.js'
import type { SourceValues } from '../../network/instance/instance.js'
import { log } from '../../numerics/log.js'
import { createRandomStreams, type RandomStreams } from '../../numerics/random-stream.js'
import { integratedRate } from './integrated-rate.js'
import { poissonProcess, type SpikeProcess } from './poisson-process.js'

/** A source slice that emits by itself. */
export type EmittingValues = SourceValues & { readonly emission: EmissionValues }

/** How far the units of a source have come: one number per (trial, unit held), row-major. Enough to go on with the same bits. */
export interface EmitterState {
  /** Spikes emitted. */
  readonly counts: Float64Array
  /** Positions of the last spikes, see `SpikeProcess`; of units without one, where they start. */
  readonly positions: Float64Array
}

/** Emits the spikes of a source slice, window after window. */
export interface Emitter {
  /** The spikes before `before` (in ms) that were not emitted yet, in event order; units count in the whole group. */
  emit(before: number): SpikeTrains
  /** When the first spike that was not emitted yet is due, in ms; Infinity if none is. */
  due(): number
  /** A copy. */
  state(): EmitterState
  /** Continues from a saved state. Raises `InternalError` if the state has another number of trials or units. */
  resume(state: EmitterState): void
}

/** The trials in which a source emits. */
export interface EmittedTrials {
  readonly seed: number
  readonly trials: number
  /** See `Run.firstTrial`. Default 0. */
  readonly firstTrial?: number | undefined
}

/**
 * The emitter of a source slice that emits by itself, at the start of its trials.
 *
 * Spike k of a unit is a pure function of (seed, group, trial, unit, k): number k of the stream
 * `group/spikes/trial/unit`. Neither slices nor windows change a bit.
 */
export function createEmitter(
  { name, size, start, emission }: EmittingValues,
  { seed, trials, firstTrial = 0 }: EmittedTrials,
): Emitter {
  const places = trials * size
  const streams = createRandomStreams(seed, places, (place) => {
    return `${name}/spikes/${firstTrial + Math.floor(place / size)}/${start + (place % size)}`
  })
  const process = spikeProcess(emission, streams)
  const stop = 'stop' in emission ? (emission.stop ?? Infinity) : Infinity
  const counts = new Float64Array(places)
  const positions = new Float64Array(places).fill(process.origin)
  /** The position and time of every unit's next spike. */
  const nextPositions = new Float64Array(places)
  const nextTimes = new Float64Array(places)

  function prepare(place: number): void {
    const unit = place % size
    const position = process.next(unit, place, counts[place] as number, positions[place] as number)
    const time = process.timeOf(unit, place, position)
    nextPositions[place] = position
    nextTimes[place] = time < stop ? time : Infinity
  }

  for (let place = 0; place < places; place++) prepare(place)

  function emit(before: number): SpikeTrains {
    const found = createSpikeRow()
    const offsets = new Uint32Array(trials + 1)
    for (let place = 0; place < places; place++) {
      const unit = start + (place % size)
      while ((nextTimes[place] as number) < before) {
        found.push(nextTimes[place] as number, unit)
        counts[place] = (counts[place] as number) + 1
        positions[place] = nextPositions[place] as number
        prepare(place)
      }
      if ((place + 1) % size === 0) offsets[(place + 1) / size] = found.length
    }
    return inEventOrder(offsets, found.times(), found.units())
  }

  function resume(state: EmitterState): void {
    if (state.counts.length !== places || state.positions.length !== places)
      throw new InternalError(`A state of ${state.counts.length} units cannot go on as ${places} of "${name}".`)
    counts.set(state.counts)
    positions.set(state.positions)
    for (let place = 0; place < places; place++) prepare(place)
  }

  const due = () => nextTimes.reduce((least, time) => Math.min(least, time), Infinity)

  return { emit, due, state: () => ({ counts: counts.slice(), positions: positions.slice() }), resume }
}

/** Times and units side by side, as many as come. */
function createSpikeRow() {
  let times = new Float64Array(1024)
  let units = new Uint32Array(1024)
  let length = 0
  return {
    get length() {
      return length
    },
    push(time: number, unit: number): void {
      if (length === times.length) {
        const [wideTimes, wideUnits] = [new Float64Array(2 * length), new Uint32Array(2 * length)]
        wideTimes.set(times)
        wideUnits.set(units)
        times = wideTimes
        units = wideUnits
      }
      times[length] = time
      units[length++] = unit
    },
    times: () => times.subarray(0, length),
    units: () => units.subarray(0, length),
  }
}

/** Trains that stand unit after unit inside each trial, put in the order of (time, unit, spike number). */
function inEventOrder(offsets: Uint32Array, times: Float64Array, units: Uint32Array): SpikeTrains {
  const order = placesInOrder(offsets, times)
  const sorted = { offsets, times: new Float64Array(order.length), units: new Uint32Array(order.length) }
  for (let k = 0; k < order.length; k++) {
    sorted.times[k] = times[order[k] as number] as number
    sorted.units[k] = units[order[k] as number] as number
  }
  return sorted
}

/** The process of an emission. Bits: each expression below is fixed, as kernels draw the same spikes by themselves. */
function spikeProcess(emission: EmissionValues, streams: RandomStreams): SpikeProcess {
  switch (emission.process) {
    case 'regular': {
      const { start, period } = emission
      return {
        origin: start,
        next: (unit, _, count) => start + count * (period[unit] as number),
        timeOf: (_, __, position) => position,
      }
    }
    case 'poisson':
      return poissonProcess(emission, streams)
    case 'inhomogeneousPoisson': {
      const { scale } = emission
      const rate = integratedRate(emission.times, emission.rates)
      return {
        origin: 0,
        next: (_, stream, count, last) => last - log(streams.uniformOpen(stream, count)),
        timeOf: (unit, _, position) => rate.timeOf(position / (scale[unit] as number)),
      }
    }
  }
}

/**
 * The time in ms in which some units emit about `spikes` spikes at the highest of their rates.
 *
 *     length = spikes / (trials · sum over units of spikes per ms)        Infinity if that is 0
 */
export function emissionWindow(emission: EmissionValues, trials: number, spikes: number): number {
  return spikes / (trials * spikesPerMillisecond(emission))
}

function spikesPerMillisecond(emission: EmissionValues): number {
  switch (emission.process) {
    case 'regular':
      return emission.period.reduce((sum, period) => sum + 1 / period, 0)
    case 'poisson':
      return emission.rate.reduce((sum, rate) => sum + rate / 1000, 0)
    case 'inhomogeneousPoisson': {
      const highest = Math.max(...emission.rates) / 1000
      return emission.scale.reduce((sum, scale) => sum + scale * highest, 0)
    }
  }
}

import { joinTrains } from '../../src/dynamics/join-trains.js'
import type { Kernel } from '../../src/dynamics/kernel.js'
import type { KernelOptions } from '../../src/dynamics/kernel-options.js'
import type { SpikeBatch } from '../../src/events/spike-batch.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { Slice } from '../../src/network/blocks.js'

/** How a run of one kernel is cut up: nothing of it may show in the results. */
export interface Cutting {
  /** Where `advance` stops on its way to the end, ascending. */
  readonly horizons: readonly number[]
  /** Per input: where it is cut into batches, ascending. */
  readonly batches: readonly (readonly number[])[]
  /** 'early': every batch is there at once; 'late': a batch comes when it is needed. */
  readonly arrival: 'early' | 'late'
}

export interface KernelInput {
  /** One train per input. */
  readonly trains: readonly SpikeTrains[]
  readonly options: KernelOptions
  /** dL/d(max V) per (trial, neuron), or null. */
  readonly peakGradients: Float64Array | null
  /** dL/d(time) of a spike; default `deltaOf` its place among all. */
  readonly delta?: (spikes: SpikeTrains, k: number) => number
}

export interface KernelResult {
  readonly spikes: SpikeTrains
  readonly maxima: { readonly values: Float64Array; readonly times: Float64Array }
  /** Per input, node after node, one gradient event per spike. */
  readonly answers: readonly Float64Array[]
  readonly gradient: Float64Array
  /** By the time constants: neuron by neuron, whoever shares them, in the order of the layout. */
  readonly taus: Float64Array
}

/** dL/d(spike time) of the k-th spike a kernel emits: any numbers, a few of them 0. */
export function deltaOf(k: number): number {
  return ((k * 37) % 11) / 4 - 1
}

/** Runs a kernel forward and backward over an input cut in one way. */
export function driveKernel(kernel: Kernel, input: KernelInput, cutting: Cutting): KernelResult {
  const { options, peakGradients } = input
  const batches = input.trains.map((trains, p) => cutTrains(trains, cutting.batches[p] ?? [], options.until))
  const next = batches.map(() => 0)
  const delays = kernel.smallestDelays()
  const receiveUpTo = (horizon: number) =>
    batches.forEach((list, p) => {
      for (let batch = list[next[p]!]; batch !== undefined; batch = list[++next[p]!]) {
        if (batch.window.start + delays[p]! >= horizon) return
        kernel.receive(p, batch)
      }
    })
  kernel.begin(options)
  if (cutting.arrival === 'early') receiveUpTo(Number.POSITIVE_INFINITY)
  const ends = [...cutting.horizons, options.until]
  const windows = ends.map((horizon, k) => {
    receiveUpTo(horizon)
    const spikes = kernel.advance(horizon, horizon)
    requireInside(spikes, ends[k - 1] ?? 0, horizon)
    return spikes
  })
  receiveUpTo(Number.POSITIVE_INFINITY)
  const { trains: spikes, places } = joinTrains(windows)
  const maxima = kernel.maxima()
  const delta = input.delta ?? ((_: SpikeTrains, k: number) => deltaOf(k))
  const deltas = spikes.times.map((_, k) => delta(spikes, k))
  const returned = places.map((place) => Float64Array.from(place, (k) => deltas[k]!))
  const backward = options.gradients ? driveBackward(kernel, batches, returned, peakGradients) : { answers: [] }
  return { spikes, maxima, gradient: new Float64Array(0), taus: new Float64Array(0), ...backward }
}

/** Whoever listens to a window has heard everything before it. */
function requireInside({ times }: SpikeTrains, from: number, to: number): void {
  const strayed = times.find((time) => !(time >= from && time < to))
  if (strayed !== undefined) throw new Error(`a spike at ${strayed} came with the window [${from}, ${to})`)
}

function driveBackward(
  kernel: Kernel,
  batches: readonly (readonly SpikeBatch[])[],
  returned: readonly Float64Array[],
  peakGradients: Float64Array | null,
) {
  const nodes = kernel.answerNodes.length
  const values = batches.map((list) => list.map((batch) => new Float64Array(nodes * batch.times.length)))
  const collect = () => {
    for (const answer of kernel.takeAnswers()) values[answer.input]![answer.batch.sequence] = answer.values.slice()
  }
  kernel.beginBackward(peakGradients)
  collect()
  for (const deltas of returned.toReversed()) {
    kernel.retreat(deltas)
    collect()
  }
  const answers = batches.map((list, p) => {
    const joined = joinTrains(list)
    const spikes = joined.trains.times.length
    const all = new Float64Array(nodes * spikes)
    for (const [w, place] of joined.places.entries())
      for (let j = 0; j < nodes; j++)
        for (const [k, to] of place.entries()) all[j * spikes + to] = values[p]![w]![j * place.length + k]!
    return all
  })
  const gradient = kernel.finishGradient()
  const { taus, gradientLength } = kernel.layout
  const whole = new Float64Array(gradient.buffer, gradient.byteOffset, gradientLength)
  return { answers, gradient: gradient.slice(), taus: whole.slice(taus[0]?.perNeuron ?? gradientLength) }
}

/** The spikes of some units (all by default), and their places among all spikes. */
export function unitsOf(
  trains: SpikeTrains,
  units: Slice = { start: 0, end: Number.POSITIVE_INFINITY },
): { readonly trains: SpikeTrains; readonly places: Int32Array } {
  const places = Int32Array.from(trains.times, (_, k) => k).filter((k) => {
    return trains.units[k]! >= units.start && trains.units[k]! < units.end
  })
  return {
    trains: {
      offsets: trains.offsets.map((offset) => places.filter((k) => k < offset).length),
      times: Float64Array.from(places, (k) => trains.times[k]!),
      units: Uint32Array.from(places, (k) => trains.units[k]!),
    },
    places,
  }
}

/** Spike trains cut into batches of consecutive windows; the last one takes the rest. */
export function cutTrains(trains: SpikeTrains, cuts: readonly number[], until: number): readonly SpikeBatch[] {
  const edges = [0, ...cuts, until]
  return edges.slice(1).map((end, sequence): SpikeBatch => {
    const start = edges[sequence]!
    const isLast = sequence === edges.length - 2
    const offsets = [0]
    const picked: number[] = []
    for (let trial = 0; trial + 1 < trains.offsets.length; trial++) {
      for (let k = trains.offsets[trial]!; k < trains.offsets[trial + 1]!; k++)
        if (trains.times[k]! >= start && (isLast || trains.times[k]! < end)) picked.push(k)
      offsets.push(picked.length)
    }
    return {
      stream: 'input',
      sequence,
      window: { start, end },
      offsets: Uint32Array.from(offsets),
      times: Float64Array.from(picked, (k) => trains.times[k]!),
      units: Uint32Array.from(picked, (k) => trains.units[k]!),
    }
  })
}

import type { Kernel } from '../../src/dynamics/kernels/kernel.js'
import type { KernelOptions } from '../../src/dynamics/kernels/kernel-options.js'
import { type ReturnedEvents, sumReturned } from '../../src/dynamics/kernels/returned-events.js'
import { combinePartialSums, combineTauPartialSums } from '../../src/dynamics/parameters/partial-sums.js'
import type { SourceSlices } from '../../src/dynamics/timeline/kernel-input.js'
import { joinTrains } from '../../src/events/join-trains.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { Slice } from '../../src/network/slices/blocks.js'
import { unitsOf } from './cut-trains.js'
import { type Cutting, driveKernel, type KernelResult } from './drive-kernel.js'
import type { KernelCase } from './kernel-case.js'

/** What a group did, put together again from its slices, in the order of the whole group. */
export interface GroupResult {
  readonly spikes: SpikeTrains
  /** Row-major [trial][neuron]. */
  readonly maxima: Float64Array
  readonly integrals: Float64Array
  readonly silent: Float64Array
  /** Per projection, one gradient event per spike of its source. */
  readonly returned: readonly Float64Array[]
  /** Per projection, in the places of the whole group's. */
  readonly weights: readonly Float64Array[]
  readonly delays: readonly Float64Array[]
  readonly bias: Float64Array
  readonly threshold: Float64Array
  readonly adaptStep: Float64Array
  /** By the time constants, in the order of the layout; common ones from the partial sums of all slices. */
  readonly taus: readonly Float64Array[]
  readonly grazing: number
}

export interface SlicedRun {
  readonly sample: KernelCase
  /** The kernel of a slice of x, which holds its part of the network alone. */
  readonly kernelOf: (slice: Slice, sourceSlices: SourceSlices) => Kernel
  readonly options: KernelOptions
  /** dL/d(max V) of a neuron in a trial, or null. */
  readonly peakGradient: ((trial: number, neuron: number) => number) | null
  /** How x and the source of its input are cut. */
  readonly targetSlices: readonly Slice[]
  readonly sourceSlices: readonly Slice[]
  /** One per target slice. */
  readonly cuttings: readonly Cutting[]
}

/** dL/d(time) of a spike: a number that depends on the spike alone, now and then 0. */
export function deltaOfSpike({ times, units }: SpikeTrains, k: number): number {
  return (((units[k]! * 7 + Math.floor(times[k]! * 64)) * 37) % 11) / 4 - 1
}

/** Runs a group as several kernels, one per slice. */
export function driveSlices(run: SlicedRun): GroupResult {
  const { sample, kernelOf, targetSlices, options, peakGradient } = run
  const kernels = targetSlices.map((slice) => kernelOf(slice, (source) => slicesOfSource(run, source)))
  const results = kernels.map((kernel, s) => {
    const { start, size } = kernel.values
    const peakGradients =
      peakGradient === null
        ? null
        : Float64Array.from({ length: options.trials * size }, (_, at) => {
            return peakGradient(Math.floor(at / size), start + (at % size))
          })
    const trains = kernel.inputs.map(({ order, slice, source }) => {
      return unitsOf(sample.trains[order]!, slicesOfSource(run, source)[slice]).trains
    })
    return driveKernel(kernel, { trains, options, peakGradients, delta: deltaOfSpike }, run.cuttings[s]!)
  })
  const rows = (of: (s: number) => Float64Array) => joinRows(kernels, options.trials, of)
  const part = (s: number, from: keyof (typeof kernels)[0]['layout']) => {
    const { layout, values } = kernels[s]!
    return results[s]!.gradient.subarray(layout[from] as number, (layout[from] as number) + values.size)
  }
  const joined = (of: (s: number) => Float64Array) => Float64Array.from(kernels.flatMap((_, s) => [...of(s)]))
  const hasGradient = options.gradients
  return {
    spikes: joinTrains(results.map(({ spikes }) => spikes)).trains,
    maxima: rows((s) => results[s]!.maxima.values),
    integrals: rows((s) => results[s]!.integrals),
    silent: rows((s) => Float64Array.from(results[s]!.silent, Number)),
    returned: hasGradient ? sample.trains.map((_, p) => returnedOf(run, kernels, results, p)) : [],
    ...gradientsOf(run, kernels, results),
    bias: joined((s) => part(s, 'bias')),
    threshold: joined((s) => part(s, 'threshold')),
    adaptStep: joined((s) => part(s, 'adaptStep')),
    taus: hasGradient ? tausOf(kernels, results) : [],
    grazing: results.reduce((sum, { grazing }) => sum + grazing, 0),
  }
}

/** What comes from x itself is cut as x is. */
function slicesOfSource({ sourceSlices, targetSlices }: SlicedRun, source: string): readonly Slice[] {
  return source === 'x' ? targetSlices : sourceSlices
}

function tausOf(kernels: readonly Kernel[], results: readonly KernelResult[]): Float64Array[] {
  const partialSums = kernels.map((kernel) => kernel.tauPartialSums()).filter((part) => part !== null)
  const common =
    partialSums.length === 0
      ? []
      : combineTauPartialSums(kernels[0]!.layout.groupBlocks, partialSums.toReversed()).values()
  return kernels[0]!.layout.taus.map(({ isCommon }, k) => {
    if (isCommon) return Float64Array.of((common as Iterator<number>).next().value as number)
    return Float64Array.from(
      kernels.flatMap(({ layout }, s) => {
        const { at, count } = layout.taus[k]!
        return [...results[s]!.gradient.subarray(at, at + count)]
      }),
    )
  })
}

function joinRows(kernels: readonly Kernel[], trials: number, of: (s: number) => Float64Array): Float64Array {
  return Float64Array.from(
    Array.from({ length: trials }, (_, trial) =>
      kernels.flatMap(({ values: { size } }, s) => [...of(s).subarray(trial * size, (trial + 1) * size)]),
    ).flat(),
  )
}

/** What returns for every slice of a source, from every slice of the target, the last one listed first. */
function returnedOf(
  run: SlicedRun,
  kernels: readonly Kernel[],
  results: readonly KernelResult[],
  p: number,
): Float64Array {
  const train = run.sample.trains[p]!
  const all = new Float64Array(train.times.length)
  slicesOfSource(run, run.sample.instance.projections[p]!.source).forEach((units, slice) => {
    const { places } = unitsOf(train, units)
    const returned = kernels.map((kernel, s): ReturnedEvents => {
      const input = kernel.inputs.findIndex(({ projection, slice: of }) => projection === p && of === slice)
      const { order } = kernel.inputs[input]!
      const values = results[s]!.returned[input]!
      return { order, blocks: kernel.layout.groupBlocks, nodes: kernel.layout.returnedNodes, values }
    })
    sumReturned(places.length, returned.toReversed()).forEach((value, k) => {
      all[places[k]!] = value
    })
  })
  return all
}

/** Weights and delays: those of the slices in the places of the whole, shared ones from the partial sums of all slices. */
function gradientsOf(
  { options, sample }: SlicedRun,
  kernels: readonly Kernel[],
  results: readonly KernelResult[],
): { weights: Float64Array[]; delays: Float64Array[] } {
  const weights: Float64Array[] = []
  const delays: Float64Array[] = []
  sample.instance.projections.forEach(({ targets, delayShape, delays: { length } }, p) => {
    const own = { weights: new Float64Array(targets.length), delays: new Float64Array(length) }
    kernels.forEach(({ layout, synapses, values: { start, size } }, s) => {
      const { base, delayBase } = synapses.afferents[p]!
      const { gradient } = results[s]!
      let next = 0
      targets.forEach((target, synapse) => {
        if (target < start || target >= start + size || !options.gradients) return
        own.weights[synapse] = gradient[layout.weights + base + next]!
        if (delayShape === 'perSynapse') own.delays[synapse] = gradient[layout.delays + delayBase + next]!
        next++
      })
    })
    const isShared = delayShape === 'scalar' || delayShape === 'perSource'
    // The kernel of a whole group adds its own partial sums.
    if (options.gradients && isShared && kernels.length === 1) {
      const from = kernels[0]!.layout.delays + kernels[0]!.synapses.afferents[p]!.delayBase
      own.delays.set(results[0]!.gradient.subarray(from, from + length))
    } else if (options.gradients && isShared) {
      const parts = kernels.map((kernel) => kernel.partialSums(p)!)
      own.delays.set(combinePartialSums(delayShape, kernels[0]!.layout.groupBlocks, parts.toReversed()))
    }
    weights.push(own.weights)
    delays.push(own.delays)
  })
  return { weights, delays }
}

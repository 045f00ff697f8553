import { joinTrains } from '../../src/dynamics/join-trains.js'
import type { Kernel } from '../../src/dynamics/kernel.js'
import type { KernelKind } from '../../src/dynamics/kernel-kind.js'
import { chosenKernelOfGroup } from '../../src/dynamics/kernel-of-group.js'
import type { KernelOptions } from '../../src/dynamics/kernel-options.js'
import { type ProjectionAnswer, sumAnswers } from '../../src/dynamics/projection-answers.js'
import { combineShares } from '../../src/dynamics/shared-delays.js'
import { combineTauShares } from '../../src/dynamics/shared-taus.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { Slice } from '../../src/network/blocks.js'
import type { NetworkInstance } from '../../src/network/instance.js'
import { instantiate } from '../../src/network/instantiate.js'
import type { Network } from '../../src/network/network.js'
import { type Cutting, driveKernel, type KernelResult, unitsOf } from './drive-kernel.js'

/** What a group did, put together again from its slices, in the order of the whole group. */
export interface GroupResult {
  readonly spikes: SpikeTrains
  /** Row-major [trial][neuron]. */
  readonly maxima: Float64Array
  /** Per projection, one gradient event per spike of its source. */
  readonly answers: readonly Float64Array[]
  /** Per projection, in the places of the whole group's. */
  readonly weights: readonly Float64Array[]
  readonly delays: readonly Float64Array[]
  readonly bias: Float64Array
  readonly threshold: Float64Array
  readonly adaptStep: Float64Array
  /** By the time constants, in the order of the layout; common ones from the shares of all slices. */
  readonly taus: readonly Float64Array[]
  readonly grazing: number
}

export interface SlicedRun {
  readonly network: Network
  readonly seed: number
  readonly group: string
  /** Per projection into the group, all spikes of its source. */
  readonly trains: readonly SpikeTrains[]
  readonly options: KernelOptions
  /** dL/d(max V) of a neuron in a trial, or null. */
  readonly peakGradient: ((trial: number, neuron: number) => number) | null
  /** How the group and the sources of its projections are cut. */
  readonly targetSlices: readonly Slice[]
  readonly sourceSlices: readonly Slice[]
  /** One per target slice. */
  readonly cuttings: readonly Cutting[]
  /** Default 'reference'. */
  readonly kernel?: KernelKind
}

/** dL/d(time) of a spike: a number that depends on the spike alone, now and then 0. */
export function deltaOfSpike({ times, units }: SpikeTrains, k: number): number {
  return (((units[k]! * 7 + Math.floor(times[k]! * 64)) * 37) % 11) / 4 - 1
}

/** Runs a group as several kernels, one per slice, each of which holds its part of the network alone. */
export function driveSlices(run: SlicedRun): GroupResult {
  const { network, seed, group, targetSlices, sourceSlices, trains, options, peakGradient, kernel: kind } = run
  const kernels = targetSlices.map((slice) => {
    const instance = instantiate(network, seed, [{ group, ...slice }])
    return chosenKernelOfGroup(kind ?? 'reference', instance, group, () => sourceSlices)
  })
  const results = kernels.map((kernel, s) => {
    const { start, size } = kernel.values
    const peakGradients =
      peakGradient === null
        ? null
        : Float64Array.from({ length: options.trials * size }, (_, at) => {
            return peakGradient(Math.floor(at / size), start + (at % size))
          })
    const parts = kernel.inputs.map(({ projection, slice }) => unitsOf(trains[projection]!, sourceSlices[slice]).trains)
    return driveKernel(kernel, { trains: parts, options, peakGradients, delta: deltaOfSpike }, run.cuttings[s]!)
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
    answers: hasGradient ? trains.map((train, p) => answersOf(run, kernels, results, p, train)) : [],
    ...gradientsOf(instantiate(network, seed), run, kernels, results),
    bias: joined((s) => part(s, 'bias')),
    threshold: joined((s) => part(s, 'threshold')),
    adaptStep: joined((s) => part(s, 'adaptStep')),
    taus: hasGradient ? tausOf(kernels, results) : [],
    grazing: hasGradient ? kernels.reduce((sum, { grazing }) => sum + grazing, 0) : 0,
  }
}

function tausOf(kernels: readonly Kernel[], results: readonly KernelResult[]): Float64Array[] {
  const shares = kernels.map((kernel) => kernel.tauShares()).filter((part) => part !== null)
  const common =
    shares.length === 0 ? [] : combineTauShares(kernels[0]!.layout.groupBlocks, shares.toReversed()).values()
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

/** The answers to every slice of a source, from every slice of the target, the last one listed first. */
function answersOf(
  { sourceSlices }: SlicedRun,
  kernels: readonly Kernel[],
  results: readonly KernelResult[],
  p: number,
  train: SpikeTrains,
): Float64Array {
  const all = new Float64Array(train.times.length)
  sourceSlices.forEach((units, slice) => {
    const { places } = unitsOf(train, units)
    const answers = kernels.map((kernel, s): ProjectionAnswer => {
      const input = kernel.inputs.findIndex(({ projection, slice: of }) => projection === p && of === slice)
      const { order } = kernel.inputs[input]!
      const values = results[s]!.answers[input]!
      return { order, blocks: kernel.layout.groupBlocks, nodes: kernel.answerNodes, values }
    })
    sumAnswers(places.length, answers.toReversed()).forEach((value, k) => {
      all[places[k]!] = value
    })
  })
  return all
}

/** Weights and delays: those of the slices in the places of the whole, shared ones from the shares of all slices. */
function gradientsOf(
  whole: NetworkInstance,
  { options, group }: SlicedRun,
  kernels: readonly Kernel[],
  results: readonly KernelResult[],
): { weights: Float64Array[]; delays: Float64Array[] } {
  const weights: Float64Array[] = []
  const delays: Float64Array[] = []
  const projections = whole.projections.filter(({ target }) => target === group)
  projections.forEach(({ targets, delayShape, delays: { length } }, p) => {
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
    // The kernel of a whole group adds its own shares.
    if (options.gradients && isShared && kernels.length === 1) {
      const from = kernels[0]!.layout.delays + kernels[0]!.synapses.afferents[p]!.delayBase
      own.delays.set(results[0]!.gradient.subarray(from, from + length))
    } else if (options.gradients && isShared) {
      const parts = kernels.map((kernel) => kernel.shares(p)!)
      own.delays.set(combineShares(delayShape, kernels[0]!.layout.groupBlocks, parts.toReversed()))
    }
    weights.push(own.weights)
    delays.push(own.delays)
  })
  return { weights, delays }
}

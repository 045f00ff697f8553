import { createEmitter, type EmittingValues } from '../../dynamics/emission/emitter.js'
import { chooseKernels } from '../../dynamics/kernels/choose-kernel.js'
import { type ComponentKernel, createSingleKernel } from '../../dynamics/kernels/component-kernel.js'
import { createFusedKernel } from '../../dynamics/kernels/fused-kernel.js'
import { chosenKernelOfGroup } from '../../dynamics/kernels/kernel-of-group.js'
import type { KernelOptions } from '../../dynamics/kernels/kernel-options.js'
import { entryOf } from '../../events/by-name.js'
import { RunError } from '../../events/errors.js'
import { noSpikes } from '../../events/no-spikes.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { spikesOfTrials } from '../../events/trial-range.js'
import { endOfEmission } from '../../network/description/emission.js'
import type { Network } from '../../network/description/network.js'
import type { Component } from '../../network/graph/components.js'
import { requireUndriven } from '../../network/graph/decidable.js'
import { smallestDelay } from '../../network/graph/lookahead.js'
import type { NetworkInstance } from '../../network/instance/instance.js'
import { instantiate } from '../../network/instance/instantiate.js'
import { isReadout } from '../../network/models/models.js'
import type { Trials } from '../session.js'

/** The spikes of groups that have run. */
export type KnownSpikes = ReadonlyMap<string, SpikeTrains>

export interface ComponentRun {
  /** Draws the weights. */
  readonly seed: number
  readonly trials: Trials
  /** Of all groups before the component. */
  readonly known: KnownSpikes
  /** Of a cycle: it stops once its groups have more spikes than this in all trials. */
  readonly most: number
}

/** Maximum number of steps in which a trial of a cycle runs; it may be stopped between them. */
const MOST_STEPS = 2000

/**
 * The spikes of each group of a component in a mini-batch of trials, as a session has them, to the accuracy of the kernels; null
 * if there are more than `most`. Large sparse groups and cycles run on the reference kernel.
 *
 * Raises `RunError` RUNAWAY_NEURON, `InputError` for drawn numbers that are out of range, UNTIL_REQUIRED.
 */
export function runComponent(network: Network, component: Component, run: ComponentRun): KnownSpikes | null {
  const slices = network.groups
    .filter(({ name }) => component.groups.includes(name))
    .map(({ name, size }) => ({ group: name, start: 0, end: size }))
  const instance = instantiate(network, run.seed, slices)
  if (run.trials.until === Infinity) requireUndriven(instance.groups)
  const [first] = component.groups as readonly [string]
  const group = instance.groups[0]
  if (group?.kind === 'source') return new Map([[first, sourceSpikes(group, run)]])
  // A readout sends no spikes.
  if (group !== undefined && isReadout(group)) return new Map()
  return component.cyclic
    ? runCycle(instance, component, run)
    : new Map([[first, runGroup(network, instance, first, run)]])
}

/** What a run gives; null if a neuron runs away. */
export function unlessRunaway(run: () => KnownSpikes | null): KnownSpikes | null {
  try {
    return run()
  } catch (error) {
    if (error instanceof RunError && error.code === 'RUNAWAY_NEURON') return null
    throw error
  }
}

function sourceSpikes(group: NetworkInstance['groups'][number], { seed, trials }: ComponentRun): SpikeTrains {
  const { count, until, inputs } = trials
  if (group.kind !== 'source' || group.emission === undefined) return entryOf(inputs, group.name) ?? noSpikes(count)
  const emitter = createEmitter(group as EmittingValues, { seed, trials: count })
  return emitter.emit(Math.min(until, endOfEmission(group.emission)))
}

function runGroup(network: Network, instance: NetworkInstance, name: string, run: ComponentRun): SpikeTrains {
  const choice = chooseKernels(network).find(({ group }) => group === name)
  const kernel =
    choice?.engine === 'simd'
      ? chosenKernelOfGroup('simd', instance, name, undefined, undefined, choice.feed ?? undefined)
      : chosenKernelOfGroup('reference', instance, name)
  const component = createSingleKernel(kernel)
  const { count, until } = run.trials
  component.begin(() => optionsOf(run.trials, count))
  hear(component, run.known, until)
  return component.advance(until)[0] as SpikeTrains
}

/** Event by event, trial after trial. */
function runCycle(instance: NetworkInstance, { groups }: Component, run: ComponentRun): KnownSpikes | null {
  const { count, until } = run.trials
  const component = createFusedKernel(instance, groups)
  const found = groups.map((): SpikeTrains[] => [])
  const step = stepOf(instance, groups, until)
  let total = 0
  for (let trial = 0; trial < count; trial++) {
    component.begin(() => optionsOf(run.trials, 1))
    const range = { start: trial, end: trial + 1 }
    hear(component, new Map([...run.known].map(([name, trains]) => [name, onlyTrial(trains, range)])), until)
    const parts = groups.map((): SpikeTrains[] => [])
    for (let horizon = 0; horizon < until; ) {
      const next = Math.min(...component.kernels.map((kernel) => kernel.nextEvent()))
      horizon = Math.min(until, Math.max(horizon, Math.min(next, until)) + step)
      component.advance(horizon).forEach((trains, g) => {
        parts[g]?.push(trains)
        total += trains.times.length
      })
      if (total > run.most) return null
    }
    for (const [g, each] of parts.entries()) found[g]?.push(oneAfterOther(each))
  }
  return new Map(groups.map((name, g) => [name, trialsOf(found[g] as SpikeTrains[])]))
}

/** As long as spikes take to come back: until then they do not multiply. In ms. */
function stepOf({ projections }: NetworkInstance, groups: readonly string[], until: number): number {
  const delays = projections.filter(({ source }) => groups.includes(source)).map(smallestDelay)
  return Math.max(until / MOST_STEPS, Math.min(until, ...delays))
}

/** Of whole trials, forward alone. */
export function optionsOf({ until }: Trials, trials: number): KernelOptions {
  return {
    ...{ trials, until, whole: true, gradients: false, stopAfterFirst: false, trackSilent: false },
    ...{ undefinedSlope: 'ignore', beat: () => undefined },
  }
}

/** Every input has all its spikes at once. */
export function hear(component: ComponentKernel, known: KnownSpikes, until: number): void {
  component.inputs.forEach(({ source }, input) => {
    const trains = known.get(source) as SpikeTrains
    component.receive(input, { stream: source, sequence: 0, window: { start: 0, end: until }, ...trains })
  })
}

function onlyTrial(trains: SpikeTrains, range: { readonly start: number; readonly end: number }): SpikeTrains {
  const { times, units } = spikesOfTrials(trains, range)
  return { offsets: Uint32Array.of(0, times.length), times, units }
}

/** Of one trial, in the order of time. */
function oneAfterOther(parts: readonly SpikeTrains[]): SpikeTrains {
  const times = Float64Array.from(parts.flatMap((part) => [...part.times]))
  const units = Uint32Array.from(parts.flatMap((part) => [...part.units]))
  return { offsets: Uint32Array.of(0, times.length), times, units }
}

function trialsOf(trials: readonly SpikeTrains[]): SpikeTrains {
  const { times, units } = oneAfterOther(trials)
  const offsets = new Uint32Array(trials.length + 1)
  trials.forEach((trial, k) => {
    offsets[k + 1] = (offsets[k] as number) + trial.times.length
  })
  return { offsets, times, units }
}

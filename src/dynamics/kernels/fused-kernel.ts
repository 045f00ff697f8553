import { InternalError } from '../../events/errors.js'
import { joinTrains } from '../../events/join-trains.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { NetworkInstance } from '../../network/instance/instance.js'
import { nextUp } from '../../numerics/neighbours.js'
import { sumsLength } from '../../numerics/tree-nodes.js'
import type { SourceSlices } from '../inputs/kernel-input.js'
import type { ComponentGradients, ComponentInput, ComponentKernel } from './component-kernel.js'
import type { Kernel } from './kernel.js'
import { kernelOfGroup } from './kernel-of-group.js'
import type { KernelOptions } from './kernel-options.js'
import type { KernelState } from './kernel-state.js'
import { PerturbedInputs } from './perturbed-inputs.js'
import { type ReturnedEvents, sumReturned } from './returned-events.js'
import { NO_OPERATORS, type OperatorsOf, RoutedInputs } from './routed-inputs.js'
import { SpikeLimiter } from './spike-limiter.js'

/** Where a stream into one of the groups ends, and where it comes from. */
interface Wire extends ComponentInput {
  readonly target: number
  /** Its number among the target's inputs. */
  readonly end: number
}

/** What one instant emitted: per group a batch, and the place of each of its spikes in the joint batch. */
interface Instant {
  readonly batches: readonly SpikeBatch[]
  places: readonly Int32Array[]
}

/**
 * Several groups joined by a cycle that spikes cross in no time: they run event by event.
 *
 * At the earliest instant at which anything can happen anywhere, the spikes of that instant come first and travel at once
 * along the projections inside; then its arrivals are delivered. Backward the instants are undone in reverse.
 *
 * @param groups whole ones
 * @param sourceSlices how the groups outside are cut; default: each is whole
 * @param kernelOf the kernel of each group; default: the reference
 * @param operatorsOf the operators of the projections from outside; default: none
 */
export function createFusedKernel(
  instance: NetworkInstance,
  groups: readonly string[],
  sourceSlices?: SourceSlices,
  kernelOf = (group: string): Kernel => kernelOfGroup(instance, group, sourceSlices),
  operatorsOf: OperatorsOf = NO_OPERATORS,
): ComponentKernel {
  const kernels = groups.map(kernelOf)
  const part = kernels.find(({ values }) => values.size !== values.total)?.values.name
  if (part !== undefined) throw new InternalError(`Only a slice of "${part}" is here; it has to run whole.`)
  const wires = kernels.flatMap(({ inputs }, target) => {
    return inputs.map((input, end): Wire => ({ ...input, target, end }))
  })
  const inputs = wires.filter(({ source }) => !groups.includes(source))
  const inside = groups.map((group) => wires.filter(({ source }) => source === group))
  return new FusedKernel(groups, kernels, inputs, inside, operatorsOf)
}

class FusedKernel implements ComponentKernel {
  readonly kernels: readonly Kernel[]
  readonly inputs: readonly ComponentInput[]
  private readonly groups: readonly string[]
  /** What stands before the inputs of each kernel. */
  private readonly noisyInputs: readonly PerturbedInputs[]
  private readonly routes: readonly RoutedInputs[]
  private readonly limiters: readonly SpikeLimiter[]
  private readonly wires: readonly Wire[]
  private readonly inside: readonly (readonly Wire[])[]
  private steps: Instant[][] = []
  private sequence = 0
  private until = 0
  private keep = false
  /** Gradients from inside the component by the sequence number of the batch they are of. */
  private readonly returning = new Map<number, ReturnedEvents[]>()
  private leaving: ComponentGradients[] = []

  constructor(
    groups: readonly string[],
    kernels: readonly Kernel[],
    inputs: readonly Wire[],
    inside: readonly (readonly Wire[])[],
    operatorsOf: OperatorsOf,
  ) {
    this.groups = groups
    this.kernels = kernels
    this.noisyInputs = kernels.map((kernel) => new PerturbedInputs(kernel.inputs, () => kernel.synapses))
    this.routes = kernels.map((kernel) => new RoutedInputs(kernel.inputs, operatorsOf))
    this.limiters = kernels.map(({ values }) => new SpikeLimiter(values))
    this.inputs = inputs
    this.wires = inputs
    this.inside = inside
  }

  smallestDelays(): readonly number[] {
    const delays = this.kernels.map((kernel) => kernel.smallestDelays())
    return this.wires.map(({ target, end }) => this.behindRoute(target, end, delays))
  }

  begin(options: Parameters<ComponentKernel['begin']>[0]): void {
    this.kernels.forEach((kernel, g) => {
      const chosen = this.chosen(options(kernel))
      this.noisyInputs[g]?.begin(chosen)
      this.routes[g]?.begin(chosen)
      this.limiters[g]?.begin(chosen)
      kernel.begin(chosen)
    })
    this.startSteps()
  }

  resume(options: Parameters<ComponentKernel['begin']>[0], start: number, states: readonly KernelState[]): void {
    this.kernels.forEach((kernel, g) => {
      const chosen = this.chosen(options(kernel))
      this.noisyInputs[g]?.begin(chosen)
      const route = this.routes[g] as RoutedInputs
      route.begin(chosen)
      this.limiters[g]?.begin(chosen)
      const { state, batches } = route.resume(states[g] as KernelState, start)
      kernel.resume(chosen, start, state)
      for (const [end, batch] of batches) this.pass(g, end, batch)
    })
    this.startSteps()
  }

  saveStates(): readonly KernelState[] {
    return this.kernels.map((kernel, g) => (this.routes[g] as RoutedInputs).saved(kernel.saveState()))
  }

  private chosen(options: KernelOptions): KernelOptions {
    this.until = options.until
    this.keep = options.gradients
    return { ...options, whole: false }
  }

  private startSteps(): void {
    this.steps = []
    this.sequence = 0
    this.returning.clear()
    this.leaving = []
  }

  reach(horizon: number): number {
    return horizon
  }

  nextEvent(): number {
    const next = this.kernels.map((kernel) => kernel.nextEvent())
    return Math.min(...next, ...this.routes.map((route) => route.nextLeaving()))
  }

  receive(input: number, batch: SpikeBatch): void {
    this.deliver(this.wires[input] as Wire, batch)
  }

  private deliver({ target, end }: Wire, batch: SpikeBatch): void {
    this.pass(target, end, (this.routes[target] as RoutedInputs).route(end, batch))
  }

  private pass(target: number, end: number, batch: SpikeBatch): void {
    const noisy = this.noisyInputs[target] as PerturbedInputs
    this.kernels[target]?.receive(end, noisy.perturb(end, batch))
  }

  advance(horizon: number): readonly SpikeTrains[] {
    const end = Math.min(horizon, this.until)
    const instants: Instant[] = []
    const lookahead = this.leastInside()
    for (;;) {
      const next = Math.min(...this.kernels.map((kernel) => kernel.nextEvent()))
      if (!(next < end)) break
      const stop = Math.min(next + lookahead, end)
      if (stop > next) instants.push(this.run(next, stop, stop))
      else instants.push(this.run(next, next, nextUp(next)), this.run(next, nextUp(next), nextUp(next)))
    }
    instants.push(this.run(horizon, horizon, horizon))
    const joint = this.groups.map((_, g) => joinTrains(instants.map(({ batches }) => batches[g] as SpikeBatch)))
    instants.forEach((instant, k) => {
      instant.places = joint.map(({ places }) => places[k] as Int32Array)
    })
    if (this.keep) this.steps.push(instants)
    return joint.map(({ trains }) => trains)
  }

  /** The smallest delay inside, ms: what is sent at a time or later arrives so much later. */
  private leastInside(): number {
    const delays = this.kernels.map((kernel) => kernel.smallestDelays())
    return Math.max(0, Math.min(...this.inside.flat().map(({ target, end }) => this.behindRoute(target, end, delays))))
  }

  private behindRoute(target: number, end: number, delays: readonly (readonly number[])[]): number {
    return (this.routes[target] as RoutedInputs).smallestDelay(end, delays[target]?.[end] as number)
  }

  private run(time: number, arrivalsBefore: number, spikesBefore: number): Instant {
    const emitted = this.kernels.map((kernel) => kernel.advance(arrivalsBefore, spikesBefore))
    emitted.forEach((spikes, g) => this.limiters[g]?.count(spikes))
    const window = { start: time, end: spikesBefore }
    const batches = emitted.map((trains, g): SpikeBatch => {
      return { stream: this.groups[g] as string, sequence: this.sequence++, window, ...trains }
    })
    batches.forEach((batch, g) => {
      if (batch.times.length === 0) return
      for (const wire of this.inside[g] ?? []) this.deliver(wire, batch)
    })
    return { batches, places: [] }
  }

  beginBackward(peakGradients: readonly (Float64Array | null)[]): void {
    this.kernels.forEach((kernel, g) => {
      kernel.beginBackward(peakGradients[g] ?? null)
    })
    this.collect()
  }

  backward(returned: readonly (readonly ReturnedEvents[])[]): void {
    for (const instant of this.steps.pop()?.reverse() ?? []) {
      this.kernels.forEach((kernel, g) => {
        const { times, sequence } = instant.batches[g] as SpikeBatch
        const places = instant.places[g] as Int32Array
        const outside = (returned[g] ?? []).map((events) => pickSpikes(events, places))
        const inside = this.returning.get(sequence) ?? []
        this.returning.delete(sequence)
        kernel.backward(sumReturned(times.length, [...outside, ...inside]))
      })
      this.collect()
    }
  }

  /** Sorts the gradients the kernels have ready: back into the component, or out of it. */
  private collect(): void {
    this.kernels.forEach((kernel, target) => {
      const perturbed = (this.noisyInputs[target] as PerturbedInputs).restore(kernel.takeReturned(), kernel)
      const returned = (this.routes[target] as RoutedInputs).restore(perturbed, kernel)
      for (const { input: end, batch, values } of returned) {
        const input = this.wires.findIndex((wire) => wire.target === target && wire.end === end)
        if (input >= 0) this.leaving.push({ input, batch, values })
        else this.keepReturned(kernel, end, batch.sequence, values)
      }
    })
  }

  private keepReturned({ inputs, layout }: Kernel, end: number, sequence: number, values: Float64Array): void {
    const order = inputs[end]?.order as number
    const events = { order, blocks: layout.groupBlocks, nodes: layout.nodes, values }
    this.returning.set(sequence, [...(this.returning.get(sequence) ?? []), events])
  }

  takeReturned(): readonly ComponentGradients[] {
    const taken = this.leaving
    this.leaving = []
    return taken
  }
}

/** The part of returned events that is about some spikes of the batch, in their order. */
function pickSpikes(events: ReturnedEvents, places: Int32Array): ReturnedEvents {
  const { nodes, values } = events
  const spikes = values.length / nodes.length
  const picked = new Float64Array(sumsLength(nodes, places.length))
  nodes.forEach((_, j) => {
    places.forEach((place, k) => {
      picked[j * places.length + k] = values[j * spikes + place] as number
    })
  })
  return { ...events, values: picked }
}

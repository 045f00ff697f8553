import { InternalError } from '../../events/errors.js'
import { joinTrains } from '../../events/join-trains.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { NetworkInstance } from '../../network/instance/instance.js'
import { nextUp } from '../../numerics/neighbours.js'
import { sumsLength } from '../../numerics/tree-nodes.js'
import type { SourceSlices } from '../timeline/kernel-input.js'
import type { ReturnedGradients } from '../timeline/received-batches.js'
import { type ComponentKernel, GroupsKernel, type Wire, wiresInto } from './component-kernel.js'
import type { Kernel } from './kernel.js'
import { kernelOfGroup } from './kernel-of-group.js'
import type { KernelOptions } from './kernel-options.js'
import { type ReturnedEvents, sumReturned } from './returned-events.js'
import type { OperatorsOf } from './routed-inputs.js'

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
  operatorsOf?: OperatorsOf,
): ComponentKernel {
  const kernels = groups.map(kernelOf)
  const part = kernels.find(({ values }) => values.size !== values.total)?.values.name
  if (part !== undefined) throw new InternalError(`Only a slice of "${part}" is here; it has to run whole.`)
  const wires = wiresInto(kernels)
  const inputs = wires.filter(({ source }) => !groups.includes(source))
  const inside = groups.map((group) => wires.filter(({ source }) => source === group))
  return new FusedKernel({ kernels, inputs, inside, operatorsOf })
}

interface FusedGroups {
  readonly kernels: readonly Kernel[]
  readonly inputs: readonly Wire[]
  /** Per group, where its spikes go inside. */
  readonly inside: readonly (readonly Wire[])[]
  readonly operatorsOf: OperatorsOf | undefined
}

class FusedKernel extends GroupsKernel {
  private readonly inside: readonly (readonly Wire[])[]
  private steps: Instant[][] = []
  private sequence = 0
  private until = 0
  private keep = false
  /** Gradients from inside the component by the sequence number of the batch they are of. */
  private readonly returning = new Map<number, ReturnedEvents[]>()
  private leaving: ReturnedGradients[] = []

  constructor({ kernels, inputs, inside, operatorsOf }: FusedGroups) {
    super(kernels, inputs, operatorsOf)
    this.inside = inside
  }

  protected override taken(options: KernelOptions): KernelOptions {
    this.until = options.until
    this.keep = options.gradients
    this.steps = []
    this.sequence = 0
    this.returning.clear()
    this.leaving = []
    return { ...options, whole: false }
  }

  override reach(horizon: number): number {
    return horizon
  }

  override advance(horizon: number): readonly SpikeTrains[] {
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
    const joint = this.kernels.map((_, g) => joinTrains(instants.map(({ batches }) => batches[g] as SpikeBatch)))
    instants.forEach((instant, k) => {
      instant.places = joint.map(({ places }) => places[k] as Int32Array)
    })
    if (this.keep) this.steps.push(instants)
    return joint.map(({ trains }) => trains)
  }

  /** The smallest delay inside, ms: what is sent at a time or later arrives so much later. */
  private leastInside(): number {
    const delays = this.groups.map((group) => group.smallestDelays())
    return Math.max(0, Math.min(...this.inside.flat().map(({ target, end }) => delays[target]?.[end] as number)))
  }

  private run(time: number, arrivalsBefore: number, spikesBefore: number): Instant {
    const emitted = this.groups.map((group) => group.advance(arrivalsBefore, spikesBefore))
    const window = { start: time, end: spikesBefore }
    const batches = emitted.map((trains, g): SpikeBatch => {
      return { stream: this.kernels[g]?.values.name as string, sequence: this.sequence++, window, ...trains }
    })
    batches.forEach((batch, g) => {
      if (batch.times.length === 0) return
      for (const { target, end } of this.inside[g] ?? []) this.groups[target]?.receive(end, batch)
    })
    return { batches, places: [] }
  }

  override beginBackward(peakGradients: readonly (Float64Array | null)[]): void {
    super.beginBackward(peakGradients)
    this.collect()
  }

  override backward(returned: readonly (readonly ReturnedEvents[])[]): void {
    for (const instant of this.steps.pop()?.reverse() ?? []) {
      this.groups.forEach((group, g) => {
        const { times, sequence } = instant.batches[g] as SpikeBatch
        const places = instant.places[g] as Int32Array
        const outside = (returned[g] ?? []).map((events) => pickSpikes(events, places))
        const inside = this.returning.get(sequence) ?? []
        this.returning.delete(sequence)
        group.backward(sumReturned(times.length, [...outside, ...inside]))
      })
      this.collect()
    }
  }

  /** Sorts the gradients the kernels have ready: back into the component, or out of it. */
  private collect(): void {
    this.groups.forEach((group, target) => {
      for (const { input: end, batch, values } of group.takeReturned()) {
        const input = this.inputOf(target, end)
        if (input >= 0) this.leaving.push({ input, batch, values })
        else this.keepReturned(group.kernel, end, batch.sequence, values)
      }
    })
  }

  private keepReturned({ inputs, layout }: Kernel, end: number, sequence: number, values: Float64Array): void {
    const order = inputs[end]?.order as number
    const events = { order, blocks: layout.groupBlocks, nodes: layout.nodes, values }
    this.returning.set(sequence, [...(this.returning.get(sequence) ?? []), events])
  }

  override takeReturned(): readonly ReturnedGradients[] {
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

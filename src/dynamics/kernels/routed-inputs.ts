import { entryOf } from '../../events/by-name.js'
import { InternalError } from '../../events/errors.js'
import { joinTrains } from '../../events/join-trains.js'
import { selectSpikes, spikesBefore } from '../../events/select-spikes.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { joinRows } from '../../numerics/join-rows.js'
import { combineTree, type TreeNode, treeParts } from '../../numerics/tree-nodes.js'
import type { CheckedOperator } from '../operators/checked-operator.js'
import { RoutedInput, type RoutedSpikes, roomForSpikes } from '../operators/routed-input.js'
import type { KernelInput } from '../timeline/kernel-input.js'
import type { InputBatch, ReturnedGradients } from '../timeline/received-batches.js'
import type { Kernel } from './kernel.js'
import type { KernelOptions } from './kernel-options.js'
import type { KernelState } from './kernel-state.js'

/** The operators of a projection, by its place in the network's list. */
export type OperatorsOf = (order: number) => readonly CheckedOperator[]

export const NO_OPERATORS: OperatorsOf = () => []

/** More than sums of times may be rounded by, ms. */
const ROUNDING = 2 ** -20

const AT_FIRST = Object.freeze({ draw: 0, firstTrial: 0 })

/**
 * Stands before the inputs of a kernel, and before its noise: what comes passes the operators of its projection, and what is
 * returned is for what came. So links, recordings and losses know nothing of them.
 */
export class RoutedInputs {
  private readonly inputs: readonly KernelInput[]
  private readonly operators: readonly (readonly CheckedOperator[])[]
  private routed: readonly (RoutedInput | null)[] = []

  constructor(inputs: readonly KernelInput[], operatorsOf: OperatorsOf) {
    this.inputs = inputs
    this.operators = inputs.map(({ order }) => operatorsOf(order))
  }

  begin({ trials, gradients, trialOrigin = AT_FIRST }: KernelOptions): void {
    this.routed = this.inputs.map(({ units }, input) => {
      const operators = this.operators[input] ?? []
      return operators.length === 0 ? null : new RoutedInput(operators, units, trials, trialOrigin, gradients)
    })
  }

  /** What arrives instead of a batch. */
  route(input: number, batch: SpikeBatch): SpikeBatch {
    return this.routed[input]?.route(batch) ?? batch
  }

  /** How far the watermarks of an input reach ahead, from how far they do behind the operators, ms; never too far. */
  smallestDelay(input: number, behind: number): number {
    const least = (this.operators[input] ?? []).reduce((sum, operator) => sum + operator.least, 0)
    return Math.max(behind, least + behind - ROUNDING)
  }

  /** When the first spike that waits here leaves, ms. */
  nextLeaving(): number {
    return this.routed.reduce((next, input) => Math.min(next, input?.nextLeaving() ?? Infinity), Infinity)
  }

  /** The gradients from the kernel, of the batches as they were sent. */
  restore(returned: readonly ReturnedGradients[], kernel: Pick<Kernel, 'layout'>): readonly ReturnedGradients[] {
    if (this.operators.every(({ length }) => length === 0)) return returned
    const { nodes, returnedNodes } = kernel.layout
    return returned.map((gradients) => {
      const { input } = gradients
      const { batch, values } = this.routed[input]?.restore(gradients, returnedNodes.length) ?? gradients
      return { input, batch, values: sumOfNodes(values, returnedNodes, nodes) }
    })
  }

  /** The state of a kernel, with what waits in front of it. */
  saved(state: KernelState): KernelState {
    if (this.routed.every((input) => input === null)) return state
    const sent = new Map<string, Float64Array>()
    const inFlight = new Map(Object.entries(state.inFlight))
    this.routed.forEach((input, number) => {
      if (input === null) return
      const { key, units } = this.inputs[number] as KernelInput
      const { counts, waiting } = input.state
      sent.set(key, placed(sent.get(key), units.start, counts))
      const { times, units: ofSpikes } = waiting
      const ahead: SpikeTrains = { offsets: Uint32Array.of(0, times.length), times, units: ofSpikes }
      inFlight.set(key, joinTrains([...(inFlight.has(key) ? [inFlight.get(key) as SpikeTrains] : []), ahead]).trains)
    })
    return { ...state, inFlight: Object.fromEntries(inFlight), sent: Object.fromEntries(sent) }
  }

  /**
   * Resumes from a state at `start` ms. Returns the state of the kernel, in which all spikes in flight have left the
   * operators, and, as batches by input, the spikes that leave before any new spike can.
   */
  resume(state: KernelState, start: number): { readonly state: KernelState; readonly batches: readonly InputBatch[] } {
    const inFlight = new Map(Object.entries(state.inFlight))
    const batches = this.routed.flatMap((input, number): InputBatch[] => {
      if (input === null) return []
      const { key, units, source } = this.inputs[number] as KernelInput
      const trains = entryOf(state.inFlight, key)
      const counts = entryOf(state.sent, key)
      if (trains === undefined || counts === undefined)
        throw new InternalError(`A state lacks the spikes of "${key}".`, { projection: key })
      inFlight.set(key, spikesBefore(start, trains))
      input.resume(counts.slice(units.start, units.end), waitingFrom(start, trains, units))
      const window = { start, end: input.leaving(start) }
      return [{ input: number, batch: input.release({ stream: source, sequence: 0 }, 0, window) }]
    })
    return { state: { ...state, inFlight: Object.fromEntries(inFlight) }, batches }
  }
}

/**
 * Sums over nodes from those over their blocks, node by node of what returns, to the bit. The slopes have been multiplied by
 * before, block by block: a s + b s is not (a + b) s.
 */
function sumOfNodes(values: Float64Array, blocks: readonly TreeNode[], nodes: readonly TreeNode[]): Float64Array {
  const parts = treeParts(blocks, values)
  const sums = nodes.map(({ from, to }) => {
    const within = parts.filter(({ node }) => from <= node.from && node.to <= to)
    return combineTree(
      to - from,
      within.map((part) => ({ node: { from: part.node.from - from, to: part.node.to - from }, values: part.values })),
    )
  })
  return joinRows(sums)
}

function placed(known: Float64Array | undefined, start: number, counts: Float64Array): Float64Array {
  const whole = new Float64Array(Math.max(known?.length ?? 0, start + counts.length))
  if (known !== undefined) whole.set(known)
  whole.set(counts, start)
  return whole
}

/** The spikes of some units that leave at a time or later. */
function waitingFrom(time: number, trains: SpikeTrains, { start, end }: KernelInput['units']): RoutedSpikes {
  const { times, units } = selectSpikes(trains, (place) => {
    const unit = trains.units[place] as number
    return (trains.times[place] as number) >= time && start <= unit && unit < end
  }).trains
  // Among spikes of one unit that leave at one instant no order shows.
  return { ...roomForSpikes(times.length), times, units, numbers: Uint32Array.from(times.keys()) }
}

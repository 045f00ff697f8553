import type { LifValues, LiValues, NetworkInstance } from '../../src/network/instance/instance.js'
import { exact, Real } from './decimal.js'
import { type DecimalMaximum, maximumOf } from './decimal-li.js'
import type { DecimalSpike, NeuronParameters } from './decimal-neuron.js'
import { ArrivalQueue, DecimalNode, type NodeEvent, type PendingArrival } from './decimal-node.js'
import { type OutgoingSynapse, synapseTable } from './synapse-table.js'

export interface InputTrain {
  /** Non-decreasing, in ms. */
  readonly times: ArrayLike<number>
  readonly units: ArrayLike<number>
}

export interface UnitSpike extends DecimalSpike {
  readonly unit: number
}

export interface NetworkRun {
  /** Per LIF group, ordered by (time, unit, spike number). */
  readonly spikes: Readonly<Record<string, readonly UnitSpike[]>>
  /** Per LI group, one per unit. */
  readonly maxima: Readonly<Record<string, readonly DecimalMaximum[]>>
  /** The smallest of all neurons; see `DecimalNeuron.peakMargin`. */
  readonly peakMargin: number
}

export interface NetworkRunOptions {
  /** 'exact': t + d in decimals. 'double': both rounded, as a kernel in doubles has them. Default 'exact'. */
  readonly arrivalTimes?: 'exact' | 'double'
  /** More spikes of one neuron than this are an error; default 10 000. */
  readonly mostSpikes?: number
}

/**
 * A whole network, feed-forward or recurrent, over one trial [0, until), event by event: always the earliest of all
 * neurons' next events, own spikes before arrivals.
 */
export function simulateDecimal(
  instance: NetworkInstance,
  inputs: Readonly<Record<string, InputTrain>>,
  until: number,
  options: NetworkRunOptions = {},
): NetworkRun {
  const run = new DecimalRun(instance, until, options)
  for (const [group, train] of Object.entries(inputs)) run.feed(group, train)
  run.runToEnd()
  return run.result()
}

class DecimalRun {
  private readonly end: Real
  private readonly synapses: ReadonlyMap<string, readonly OutgoingSynapse[][]>
  private readonly nodes = new Map<string, readonly DecimalNode[]>()
  private readonly integrators = new Map<string, readonly ArrivalQueue[]>()
  private readonly spikes: Record<string, UnitSpike[]> = {}
  private readonly instance: NetworkInstance
  private readonly options: NetworkRunOptions

  constructor(instance: NetworkInstance, until: number, options: NetworkRunOptions) {
    this.instance = instance
    this.options = options
    this.end = exact(until)
    this.synapses = synapseTable(instance)
    for (const group of instance.groups) {
      const units = Array.from({ length: group.size }, (_, unit) => unit)
      if (group.kind === 'li')
        this.integrators.set(
          group.name,
          units.map(() => new ArrivalQueue()),
        )
      if (group.kind !== 'lif') continue
      this.spikes[group.name] = []
      this.nodes.set(
        group.name,
        units.map((unit) => new DecimalNode(group.name, unit, neuronAt(group, unit), this.end)),
      )
    }
  }

  feed(group: string, { times, units }: InputTrain): void {
    const numbers = new Map<number, number>()
    for (let spike = 0; spike < times.length; spike++) {
      const unit = units[spike] as number
      const spikeNumber = numbers.get(unit) ?? 0
      numbers.set(unit, spikeNumber + 1)
      this.send(group, unit, spikeNumber, exact(times[spike] as number))
    }
  }

  runToEnd(): void {
    const nodes = [...this.nodes.values()].flat()
    for (let first = earliest(nodes); first !== null; first = earliest(nodes)) {
      const { node, event } = first
      node.take(event)
      if (event.kind === 'spike') this.emit(node, event.spike)
    }
    for (const { neuron } of nodes) neuron.finish(this.end)
  }

  result(): NetworkRun {
    for (const spikes of Object.values(this.spikes)) spikes.sort((a, b) => a.time.cmp(b.time) || a.unit - b.unit)
    const maxima: Record<string, readonly DecimalMaximum[]> = {}
    for (const group of this.instance.groups) {
      if (group.kind !== 'li') continue
      const queues = this.integrators.get(group.name)!
      maxima[group.name] = queues.map(({ arrivals }, unit) => {
        return maximumOf(integratorAt(group, unit), arrivals, this.end)
      })
    }
    const margins = [...this.nodes.values()].flat().map(({ neuron }) => neuron.peakMargin)
    return { spikes: this.spikes, maxima, peakMargin: Math.min(...margins) }
  }

  private emit(node: DecimalNode, { time, slope, theta }: DecimalSpike): void {
    const { mostSpikes = 10_000 } = this.options
    if (node.spikes > mostSpikes) throw new RangeError(`${node.group}[${node.unit}]: more than ${mostSpikes} spikes`)
    this.spikes[node.group]!.push({ unit: node.unit, time, slope, theta })
    this.send(node.group, node.unit, node.spikes - 1, time)
  }

  private send(group: string, source: number, spikeNumber: number, time: Real): void {
    for (const { projection, synapse, target, unit, weight, delay } of this.synapses.get(group)![source]!) {
      const arrival: PendingArrival = {
        time: this.later(time, delay),
        weight,
        projection,
        source,
        spikeNumber,
        synapse,
      }
      if (arrival.time.gte(this.end)) continue
      this.nodes.get(target)?.[unit]?.expect(arrival)
      this.integrators.get(target)?.[unit]?.add(arrival)
    }
  }

  private later(time: Real, delay: number): Real {
    if (this.options.arrivalTimes !== 'double') return delay === 0 ? time : time.plus(exact(delay))
    // A spike time rounded down must not arrive before the spike.
    return Real.max(time, exact(time.toNumber() + delay))
  }
}

/** Own spikes come before arrivals at the same instant. */
function earliest(nodes: readonly DecimalNode[]): { node: DecimalNode; event: NodeEvent } | null {
  let best: { node: DecimalNode; event: NodeEvent } | null = null
  for (const node of nodes) {
    const event = node.next
    if (event === null) continue
    const order = best === null ? -1 : event.time.cmp(best.event.time)
    if (order < 0 || (order === 0 && event.kind === 'spike' && best?.event.kind === 'arrival')) best = { node, event }
  }
  return best
}

function integratorAt({ tauMem, tauSynExc, tauSynInh, bias }: LiValues | LifValues, unit: number) {
  return {
    tauMem: tauMem[unit] as number,
    tauSynExc: tauSynExc[unit] as number,
    tauSynInh: tauSynInh[unit] as number,
    bias: bias[unit] as number,
  }
}

/** The parameters of one neuron of a LIF group. */
export function neuronAt(group: LifValues, unit: number): NeuronParameters {
  return {
    ...integratorAt(group, unit),
    threshold: group.threshold[unit] as number,
    vReset: group.vReset[unit] as number,
    refractory: group.refractory[unit] as number,
    tauAdapt: group.tauAdapt[unit] as number,
    adaptStep: group.adaptStep[unit] as number,
  }
}

import type { Real } from './decimal.js'
import { DecimalNeuron, type DueSpike, type NeuronParameters } from './decimal-neuron.js'

/** An arrival with what orders it among those at the same instant. */
export interface PendingArrival {
  readonly time: Real
  readonly weight: number
  readonly projection: number
  readonly source: number
  /** The source unit's spikes in this trial, counted from 0. */
  readonly spikeNumber: number
  readonly synapse: number
}

/** Arrivals of one neuron in event order, of which the first `passed` are over. */
export class ArrivalQueue {
  readonly arrivals: PendingArrival[] = []
  private passed = 0

  get first(): PendingArrival | undefined {
    return this.arrivals[this.passed]
  }

  /** True if the new arrival is the next. */
  add(arrival: PendingArrival): boolean {
    let place = this.arrivals.length
    while (place > this.passed && precedes(arrival, this.arrivals[place - 1]!)) place--
    this.arrivals.splice(place, 0, arrival)
    return place === this.passed
  }

  pass(): void {
    this.passed++
  }
}

export type NodeEvent =
  | { readonly kind: 'spike'; readonly time: Real; readonly spike: DueSpike }
  | { readonly kind: 'arrival'; readonly time: Real; readonly arrival: PendingArrival }

/** One LIF neuron of a network, and what is on its way to it. */
export class DecimalNode {
  readonly neuron: DecimalNeuron
  spikes = 0
  private readonly queue = new ArrivalQueue()
  /** undefined: not known yet. */
  private upcoming: NodeEvent | null | undefined
  readonly group: string
  readonly unit: number
  private readonly until: Real

  constructor(group: string, unit: number, parameters: NeuronParameters, until: Real) {
    this.group = group
    this.unit = unit
    this.until = until
    this.neuron = new DecimalNeuron(parameters)
  }

  get next(): NodeEvent | null {
    if (this.upcoming === undefined) this.upcoming = this.look()
    return this.upcoming
  }

  expect(arrival: PendingArrival): void {
    const isNext = this.queue.add(arrival)
    if (!isNext || (this.upcoming?.kind === 'spike' && this.upcoming.time.lte(arrival.time))) return
    this.upcoming = undefined
  }

  take(event: NodeEvent): void {
    if (event.kind === 'spike') {
      this.neuron.spike(event.spike)
      this.spikes++
    } else {
      this.neuron.arrive(event.time, event.arrival.weight)
      this.queue.pass()
    }
    this.upcoming = undefined
  }

  private look(): NodeEvent | null {
    const arrival = this.queue.first
    const spike = this.neuron.nextSpike(arrival?.time ?? this.until)
    if (spike?.time.lt(this.until)) return { kind: 'spike', time: spike.time, spike }
    return arrival === undefined ? null : { kind: 'arrival', time: arrival.time, arrival }
  }
}

function precedes(a: PendingArrival, b: PendingArrival): boolean {
  const byTime = a.time.cmp(b.time)
  if (byTime !== 0) return byTime < 0
  const order = a.projection - b.projection || a.source - b.source || a.spikeNumber - b.spikeNumber
  return (order || a.synapse - b.synapse) < 0
}

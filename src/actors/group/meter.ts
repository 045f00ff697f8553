import type { ComponentKernel } from '../../dynamics/kernels/component-kernel.js'
import type { Kernel } from '../../dynamics/kernels/kernel.js'
import type { KernelOptions } from '../../dynamics/kernels/kernel-options.js'
import { type ComponentInput, lateBatch } from '../../dynamics/timeline/kernel-input.js'
import { type ArrivalCounter, createArrivalCounter } from '../../dynamics/traffic/arrival-counter.js'
import type { SpikeReceiver } from '../../streams/pathway.js'
import type { ComponentObserver } from './observed-component.js'

/** What the components of a partition have done since it was opened, and their state in the current run. */
export interface MeterReading {
  /** Arrivals of spikes at synapses, in all trials of all forward passes. */
  readonly synapticEvents: number
  /** Spikes that neurons here have emitted. */
  readonly spikes: number
  /** Spikes that wait here for those of slower streams. */
  readonly queuedSpikes: number
  /** How far the fastest stream into a component is ahead of what the component has run, in ms; 0 between runs. */
  readonly watermarkLag: number
}

/** Counts what components do. */
export interface Meter {
  /** Counts the events of a component. */
  observerOf(component: ComponentKernel, receivers: readonly SpikeReceiver[]): ComponentObserver
  reading(): MeterReading
}

/** What is known of one component. */
interface Gauge {
  queued: number
  /** The largest watermark that has come, and the horizon that the component has reached, in ms. */
  ahead: number
  reached: number
}

export function createMeter(): Meter {
  const gauges: Gauge[] = []
  let synapticEvents = 0
  let spikes = 0

  function observerOf(component: ComponentKernel, receivers: readonly SpikeReceiver[]): ComponentObserver {
    const gauge: Gauge = { queued: 0, ahead: 0, reached: 0 }
    gauges.push(gauge)
    const feeds = component.inputs.map((input) => counterOf(component, input))
    const inside = component.kernels.map(({ values }) => countersInside(component, values.name))
    const counters = new Set([...feeds, ...inside.flat()])
    // Before the component itself subscribes, which it does again in every run.
    for (const { spikes$ } of receivers)
      spikes$.subscribe(({ times, window }) => {
        gauge.queued += times.length
        gauge.ahead = Math.max(gauge.ahead, window.end)
      })
    /** Starts to count with the kernels, at a time in ms; the options of every kernel state the end of the run. */
    function begin(options: (kernel: Kernel) => KernelOptions, start: number): void {
      Object.assign(gauge, { queued: 0, ahead: start, reached: start })
      const [first] = component.kernels
      if (first === undefined) return
      const { until } = options(first)
      for (const counter of counters) counter.begin(until)
    }

    return {
      begin(work, options) {
        begin(options, 0)
        work()
      },
      resume(work, options, start) {
        begin(options, start)
        work()
      },
      receive(work, input, batch) {
        gauge.queued -= batch.times.length
        synapticEvents += feeds[input]?.count(lateBatch(component.inputs[input] as ComponentInput, batch)) ?? 0
        work()
      },
      advance(work, horizon) {
        const emitted = work()
        gauge.reached = horizon
        emitted.forEach((trains, group) => {
          spikes += trains.times.length
          for (const counter of inside[group] ?? []) synapticEvents += counter.count(trains)
        })
        return emitted
      },
    }
  }

  return {
    observerOf,
    reading: () => ({
      synapticEvents,
      spikes,
      queuedSpikes: gauges.reduce((sum, { queued }) => sum + Math.max(0, queued), 0),
      watermarkLag: gauges.reduce((most, { ahead, reached }) => Math.max(most, lag(ahead, reached)), 0),
    }),
  }
}

/** A run without an end has none to be late for. */
function lag(ahead: number, reached: number): number {
  return ahead < Infinity ? ahead - reached : 0
}

function counterOf({ kernels }: ComponentKernel, { order }: ComponentInput): ArrivalCounter {
  const [counter] = kernels.flatMap((kernel) => countersOf(kernel, (input) => input.order === order))
  if (counter === undefined) throw new RangeError(`no kernel here has projection ${order}`)
  return counter
}

/** Where the spikes of a group go without leaving its component. */
function countersInside({ kernels, inputs }: ComponentKernel, group: string): readonly ArrivalCounter[] {
  const outside = new Set(inputs.map(({ order }) => order))
  return kernels.flatMap((kernel) => countersOf(kernel, ({ source, order }) => source === group && !outside.has(order)))
}

/** One per projection, of whose inputs one suits. */
function countersOf(kernel: Kernel, suits: (input: ComponentInput) => boolean): readonly ArrivalCounter[] {
  const projections = new Set(kernel.inputs.filter(suits).map(({ projection }) => projection))
  return [...projections].map((p) => kernel.countArrivals?.(p) ?? createArrivalCounter(kernel, p))
}

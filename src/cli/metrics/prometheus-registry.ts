import { Counter, Gauge, Registry } from 'prom-client'
import type { HostingWorker } from '../../actors/supervision/core-worker.js'
import type { LinkTraffic } from '../../streams/link.js'
import type { MetricsSample } from './metrics-sample.js'

type CoreSeries = readonly [name: string, help: string, value: (sample: MetricsSample) => number]
type LinkSeries = readonly [name: string, help: string, value: (traffic: LinkTraffic) => number]

const COUNTERS: readonly CoreSeries[] = [
  ['synaptic_events_total', 'Arrivals of spikes at synapses in forward passes.', (sample) => sample.synapticEvents],
  ['spikes_total', 'Spikes that neurons have emitted in forward passes.', (sample) => sample.spikes],
  ['kernel_seconds_total', 'Time spent in kernels and optimisers.', (sample) => sample.kernelSeconds],
]

const GAUGES: readonly CoreSeries[] = [
  ['queued_spikes', 'Spikes that wait for those of slower streams.', (sample) => sample.queuedSpikes],
  [
    'watermark_lag_seconds',
    'Simulated time by which the fastest stream is ahead of what a component has run.',
    (sample) => sample.watermarkLag / 1000,
  ],
  ['resident_memory_bytes', 'Memory of the process that holds the core.', (sample) => sample.memory.rss],
  ['heap_used_bytes', 'Heap in use of the thread that holds the core.', (sample) => sample.memory.heapUsed],
  ['array_buffer_bytes', 'Array buffers of the thread that holds the core.', (sample) => sample.memory.arrayBuffers],
]

const LINK_COUNTERS: readonly LinkSeries[] = [
  ['link_spikes_total', 'Spikes over a link.', ({ spikes }) => spikes],
  ['link_gradient_events_total', 'Gradient events over a link.', ({ gradientEvents }) => gradientEvents],
  ['link_messages_total', 'Messages over a link.', ({ messages }) => messages],
  ['link_bytes_total', 'Bytes over a link, headers included.', ({ bytes }) => bytes],
]

/** The text that Prometheus reads. */
export interface PrometheusRegistry {
  readonly contentType: string
  text(): Promise<string>
}

/** @param latest of every core; none before the first sample */
export function createPrometheusRegistry(latest: () => readonly MetricsSample[]): PrometheusRegistry {
  const registry = new Registry()
  const named = (name: string, help: string) => ({ name: `antidrome_${name}`, help, registers: [registry] })
  const ofCore = { labelNames: ['core'] }
  for (const [name, help, value] of COUNTERS)
    new Counter({
      ...named(name, help),
      ...ofCore,
      // Cores count by themselves: what they say replaces what they said.
      collect() {
        this.reset()
        for (const sample of latest()) this.inc({ core: sample.core }, value(sample))
      },
    })
  for (const [name, help, value] of GAUGES)
    new Gauge({
      ...named(name, help),
      ...ofCore,
      collect() {
        this.reset()
        for (const sample of latest()) this.set({ core: sample.core }, value(sample))
      },
    })
  for (const [name, help, value] of LINK_COUNTERS)
    new Counter({
      ...named(name, help),
      labelNames: ['core', 'peer', 'direction'],
      collect() {
        this.reset()
        for (const { core, links } of latest())
          for (const { peer, sent, received } of links) {
            this.inc({ core, peer, direction: 'sent' }, value(sent))
            this.inc({ core, peer, direction: 'received' }, value(received))
          }
      },
    })
  new Counter({
    ...named('link_parts_total', 'What went over a link, by what it was for.'),
    labelNames: ['core', 'peer', 'direction', 'part'],
    collect() {
      this.reset()
      for (const { core, links } of latest())
        for (const { peer, ...ways } of links)
          for (const direction of ['sent', 'received'] as const)
            for (const [part, count] of Object.entries(ways[direction].split))
              this.inc({ core, peer, direction, part }, count)
    },
  })
  new Gauge({
    ...named('core_info', 'The worker that holds a core, and the run it was engaged for; always 1.'),
    labelNames: ['core', 'worker', 'machine', 'run', 'epoch'],
    collect() {
      this.reset()
      for (const { core, worker } of latest()) if (worker !== undefined) this.set({ core, ...labelsOf(worker) }, 1)
    },
  })
  return { contentType: registry.contentType, text: () => registry.metrics() }
}

function labelsOf({ name: worker, machine, run, epoch }: HostingWorker) {
  return { worker, machine, run, epoch }
}

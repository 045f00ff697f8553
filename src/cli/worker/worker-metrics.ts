import type { WorkerOffer } from '../../actors/fleet/fleet-messages.js'
import type { PrometheusRegistry } from '../metrics/prometheus-registry.js'

type Series = readonly [name: string, help: string, value: (offer: WorkerOffer) => number]

const GAUGES: readonly Series[] = [
  ['worker_slots', 'Processes that the worker holds at most.', ({ slots }) => slots],
  ['worker_slots_taken', 'Processes that it holds.', ({ taken }) => taken.length],
  ['worker_leaving', 'Whether it takes no more runs.', ({ isLeaving }) => Number(isLeaving)],
  ['worker_load', 'Load of its machine in the last minute, per hardware thread.', ({ load }) => load],
  ['worker_free_memory_bytes', 'Free memory of its machine.', ({ freeMemory }) => freeMemory],
  ['worker_uptime_seconds', 'Time since it started.', ({ uptime }) => uptime],
]

/** What a worker says of itself, for Prometheus. */
export async function createWorkerRegistry(offer: () => WorkerOffer): Promise<PrometheusRegistry> {
  const { Gauge, Registry } = await import('prom-client')
  const registry = new Registry()
  const named = (name: string, help: string) => ({ name: `antidrome_${name}`, help, registers: [registry] })
  for (const [name, help, value] of GAUGES)
    new Gauge({
      ...named(name, help),
      collect() {
        this.set(value(offer()))
      },
    })
  new Gauge({
    ...named('worker_core', 'A core that it holds, with the run it was engaged for and its process; always 1.'),
    labelNames: ['run', 'epoch', 'core', 'pid'],
    collect() {
      this.reset()
      for (const { run, epoch, cores, pid } of offer().taken)
        for (const core of cores) this.set({ run, epoch, core, pid }, 1)
    },
  })
  return { contentType: registry.contentType, text: () => registry.metrics() }
}

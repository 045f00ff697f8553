import type { ClusterSession } from '../../actors/open-cluster.js'
import { processClock } from '../process-clock.js'
import { repeatedly } from '../repeatedly.js'
import type { MetricsFlags } from '../run-flags.js'
import { jsonLine, NOTHING_SHOWN, type Shown, shown } from '../shown.js'
import type { Terminal } from '../terminal.js'
import { createSampling, type MetricsRecord, type MetricsSample } from './metrics-sample.js'
import { type MetricsServer, serveMetrics } from './serve-metrics.js'

const MEBIBYTE = 1 << 20

/** A line for people: the time, the events of all cores, then each core by itself. */
export function formatMetrics(samples: readonly MetricsSample[]): Shown {
  const [first] = samples
  if (first === undefined) return NOTHING_SHOWN
  const events = samples.reduce((sum, { synapticEventsPerSecond }) => sum + synapticEventsPerSecond, 0)
  const total = `${first.time.toFixed(1)} s  ${events.toExponential(2)} synaptic events/s`
  return shown`${[total, ...samples.map(formatCore)].join(' | ')}\n`
}

function formatCore({ core, synapticEventsPerSecond, queuedSpikes, watermarkLag, memory }: MetricsSample): string {
  return [
    `core ${core} ${synapticEventsPerSecond.toExponential(2)}/s`,
    `queue ${queuedSpikes}`,
    `lag ${watermarkLag.toFixed(1)} ms`,
    `rss ${Math.round(memory.rss / MEBIBYTE)} MiB`,
  ].join(' ')
}

/** In ms, between two samples. */
const PAUSE = 1000

/** Whether figures are asked for: only then do cores count. */
export function areMetricsWanted({ metrics, metricsPort }: MetricsFlags): boolean {
  return metrics || metricsPort !== undefined
}

/** What speaks to Prometheus is loaded only for those who listen. */
async function servePrometheus(latest: () => readonly MetricsSample[], port: number): Promise<MetricsServer> {
  const { createPrometheusRegistry } = await import('./prometheus-registry.js')
  return serveMetrics(createPrometheusRegistry(latest), port)
}

/**
 * Asks the cores of a session every second how they are doing, and once more at the end: prints a line per core where
 * stdout is JSON, else one for people on stderr, and serves the latest sample over HTTP, as the flags say.
 *
 * The watch may be disposed of more than once. Raises `InputError` for a port that cannot be listened at.
 */
export async function watchMetrics(
  session: Pick<ClusterSession, 'metrics' | 'workers'>,
  flags: MetricsFlags,
  terminal: Pick<Terminal, 'out' | 'err'>,
): Promise<AsyncDisposable> {
  if (!areMetricsWanted(flags)) return { [Symbol.asyncDispose]: async () => undefined }
  let latest: readonly MetricsSample[] = []
  const sample = createSampling(processClock().wall, () => session.workers)
  const server = flags.metricsPort === undefined ? null : await servePrometheus(() => latest, flags.metricsPort)
  if (server !== null) terminal.err(shown`Metrics at ${server.url}\n`)

  async function look(): Promise<void> {
    latest = sample(await session.metrics())
    if (flags.metrics) show(latest, flags.json, terminal)
  }

  // A core that does not reply is noticed where its results are awaited, so errors are ignored here.
  const looks = repeatedly(PAUSE, () => look().catch(() => undefined))
  async function end(): Promise<void> {
    await looks.end()
    await server?.close()
  }

  let ending: Promise<void> | null = null
  return {
    [Symbol.asyncDispose]() {
      ending ??= end()
      return ending
    },
  }
}

function show(samples: readonly MetricsSample[], isJson: boolean, terminal: Pick<Terminal, 'out' | 'err'>): void {
  const record = (metrics: MetricsSample): MetricsRecord => ({ metrics })
  if (isJson) for (const metrics of samples) terminal.out(jsonLine(record(metrics)))
  else terminal.err(formatMetrics(samples))
}

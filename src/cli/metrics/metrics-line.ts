import { NOTHING_SHOWN, type Shown, shown } from '../shown.js'
import type { MetricsSample } from './metrics-sample.js'

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

import type { TrafficSplit } from '../../src/streams/link.js'

/** Of a link over which nothing went but this. */
export function trafficSplit(part: Partial<TrafficSplit> = {}): TrafficSplit {
  const none = { spikes: 0, gradients: 0, lossSpikes: 0, lossGradients: 0, lossValues: 0, sharedValues: 0 }
  return { ...none, listeners: 0, control: 0, ...part }
}

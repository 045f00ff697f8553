import { expect, test } from 'vitest'
import { createTrafficCounter } from '../../../src/streams/links/traffic-counter.js'
import { trafficSplit } from '../../support/link-traffic.js'
import { gradientBatch, spikeBatch } from '../batches.js'

const USES = ['neurons', 'loss', 'shared'] as const

test('what goes over a link is counted by what its stream is for, and by phase', () => {
  const counter = createTrafficCounter(
    () => 77,
    (stream) => USES[stream]!,
  )
  const spikes = (stream: number, count: number) => {
    const batch = { ...spikeBatch(0, 0, 1), times: new Float64Array(count), units: new Uint32Array(count) }
    counter.count({ kind: 'spikes', stream, run: 1, batch })
  }
  spikes(0, 3)
  spikes(1, 4)
  counter.count({ kind: 'gradients', stream: 0, run: 1, batch: gradientBatch(0, 1, 2) })
  counter.count({ kind: 'gradients', stream: 1, run: 1, batch: gradientBatch(0, 1) })
  counter.count({ kind: 'vector', stream: 1, run: 1, values: new Float64Array(5) })
  counter.count({ kind: 'vector', stream: 2, run: 1, values: new Float64Array(6) })
  counter.count({ kind: 'listeners', stream: 0, heard: { count: 0, bits: new Uint8Array(0) } })
  counter.count({ kind: 'value', value: 1 })
  counter.countControl()
  const { spikes: all, gradientEvents, messages, bytes, split } = counter
  expect({ all, gradientEvents, messages, bytes }).toEqual({ all: 7, gradientEvents: 3, messages: 8, bytes: 77 })
  expect(split).toEqual(
    trafficSplit({
      ...{ spikes: 3, gradients: 2, lossSpikes: 4, lossGradients: 1, lossValues: 5, sharedValues: 6 },
      ...{ listeners: 1, control: 2 },
    }),
  )
})

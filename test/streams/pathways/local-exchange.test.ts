import { expect, test } from 'vitest'
import { createReadout } from '../../src/streams/readout.js'

function openReadout() {
  const deliveries: (() => void)[] = []
  const readout = createReadout((message) => deliveries.push(message))
  const heard: unknown[] = []
  readout.maxima$.subscribe({ next: (batch) => heard.push(batch), complete: () => heard.push('no more maxima') })
  readout.peakGradients$.subscribe({
    next: (values) => heard.push(values),
    complete: () => heard.push('no more gradients'),
  })
  return { readout, deliveries, heard }
}

test('maxima run forward and their gradients backward, when they are delivered', () => {
  const { readout, deliveries, heard } = openReadout()
  const maxima = { values: Float64Array.of(0.5), times: Float64Array.of(3) }
  const gradients = Float64Array.of(-0.25)
  readout.sendMaxima(maxima)
  readout.sendPeakGradients(gradients)
  expect(heard).toEqual([])
  deliveries[1]!()
  expect(heard[0]).toBe(gradients)
  deliveries[0]!()
  expect(heard[1]).toBe(maxima)
  expect(heard).toHaveLength(2)
})

test('closing completes both directions', () => {
  const { readout, deliveries, heard } = openReadout()
  readout.sendPeakGradients(Float64Array.of(1))
  readout.close()
  for (const deliver of deliveries) deliver()
  expect(heard).toEqual(['no more maxima', 'no more gradients'])
})

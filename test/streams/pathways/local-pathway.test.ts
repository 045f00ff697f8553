import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { GradientBatch } from '../../../src/events/gradient-batch.js'
import type { SpikeBatch } from '../../../src/events/spike-batch.js'
import { createLocalPathway } from '../../../src/streams/pathways/local-ends.js'
import { gradientBatch, spikeBatch } from '../batches.js'

/** A link, what came out of it, and the deliveries that are still to be made. */
function openLink(links = 1) {
  const deliveries: (() => void)[] = []
  const opened = Array.from({ length: links }, () => {
    const link = createLocalPathway((message) => deliveries.push(message))
    const spikes: SpikeBatch[] = []
    const gradients: GradientBatch[] = []
    const completed: string[] = []
    link.spikes$.subscribe({ next: (batch) => spikes.push(batch), complete: () => completed.push('spikes') })
    link.gradients$.subscribe({ next: (batch) => gradients.push(batch), complete: () => completed.push('gradients') })
    return { link, spikes, gradients, completed }
  })
  return { deliveries, opened }
}

const sends = fc
  .array(fc.record({ link: fc.nat(2), direction: fc.constantFrom('spikes', 'gradients') }), { maxLength: 20 })
  .chain((list) => {
    const indices = list.map((_, k) => k)
    return fc.record({
      list: fc.constant(list),
      order: fc.shuffledSubarray(indices, { minLength: indices.length }),
    })
  })

test('each direction of each link keeps its order, whatever the deliveries do', () => {
  fc.assert(
    fc.property(sends, ({ list, order }) => {
      const { deliveries, opened } = openLink(3)
      const sent = opened.map(() => ({ spikes: [] as SpikeBatch[], gradients: [] as GradientBatch[] }))
      list.forEach(({ link, direction }, k) => {
        if (direction === 'spikes') {
          sent[link]!.spikes.push(spikeBatch(k, 0, 1))
          opened[link]!.link.sendSpikes(sent[link]!.spikes.at(-1)!)
        } else {
          sent[link]!.gradients.push(gradientBatch(k, k))
          opened[link]!.link.sendGradients(sent[link]!.gradients.at(-1)!)
        }
      })
      expect(deliveries).toHaveLength(list.length)
      for (const k of order) deliveries[k]!()
      opened.forEach(({ spikes, gradients }, k) => {
        expect({ spikes, gradients }).toEqual(sent[k])
        spikes.forEach((batch, n) => {
          expect(batch).toBe(sent[k]!.spikes[n])
        })
      })
    }),
  )
})

describe('a local link', () => {
  test('holds a message until it is delivered', () => {
    const { deliveries, opened } = openLink()
    const [{ link, spikes, gradients }] = opened as [(typeof opened)[number]]
    link.sendSpikes(spikeBatch(0, 0, 1))
    link.sendGradients(gradientBatch(0, 0.5))
    expect([spikes, gradients]).toEqual([[], []])
    for (const deliver of deliveries) deliver()
    expect([spikes, gradients]).toEqual([[spikeBatch(0, 0, 1)], [gradientBatch(0, 0.5)]])
  })

  test('completes both directions when it is closed; what is on its way is lost', () => {
    const { deliveries, opened } = openLink()
    const [{ link, spikes, completed }] = opened as [(typeof opened)[number]]
    link.sendSpikes(spikeBatch(0, 0, 1))
    link.close()
    expect(completed).toEqual(['spikes', 'gradients'])
    for (const deliver of deliveries) deliver()
    expect(spikes).toEqual([])
  })
})

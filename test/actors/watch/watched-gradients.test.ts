import { Subject } from 'rxjs'
import { expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import type { WiredPartition } from '../../../src/actors/partition/wiring/wire-partition.js'
import { collectGradients } from '../../../src/actors/watch/collect-gradients.js'
import type { WatchedGradients } from '../../../src/actors/watch/watched.js'
import type { SpikeBatch } from '../../../src/events/spike-batch.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { checkGradient } from '../../../src/learning/gradient-check.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import type { ReturnedBatch } from '../../../src/streams/collect-returned.js'
import { COUNT, LABELS, LIF, TWO_TRIALS, twoLayers } from '../small-networks.js'

test('what comes back to a source is how the loss changes as its spikes move', async () => {
  await using session = await open(twoLayers())
  const seen: WatchedGradients[] = []
  session.gradients$('in->hidden').subscribe((batch) => void seen.push(batch))
  await session.gradient(TWO_TRIALS, COUNT, LABELS)
  const { times, units, offsets, gradients } = seen[0]!
  expect(gradients.filter((value) => value !== 0).length).toBeGreaterThan(3)
  const check = await checkGradient({
    values: times,
    gradient: gradients,
    step: 1e-3,
    async probe(moved) {
      const inputs = { in: { offsets, units, times: Float64Array.from(moved) } }
      const { losses } = await session.evaluate({ ...TWO_TRIALS, inputs, labels: LABELS }, COUNT)
      return { value: losses.reduce<number>((sum, loss) => sum + loss!, 0) }
    },
  })
  expect(check.failures).toEqual([])
  expect(check.compared).toHaveLength(times.length)
})

/** Two ways from a source, or from one source each. */
function twoWays(second: 'left' | 'right') {
  return defineNetwork({
    groups: { left: source(2), right: source(2), a: lif(2, LIF), b: lif(2, LIF), out: lif(2, LIF) },
    projections: [
      connect(
        'left',
        'a',
        dense([
          [4, 5],
          [3, 6],
        ]),
        { delay: 1 },
      ),
      connect(
        second,
        'b',
        dense([
          [5, 4],
          [6, 2],
        ]),
      ),
      connect(
        'a',
        'out',
        dense([
          [3, 5],
          [2, 4],
        ]),
      ),
      connect(
        'b',
        'out',
        dense([
          [4, 2],
          [5, 3],
        ]),
        { delay: 2 },
      ),
    ],
  })
}

test('along a projection comes what goes through it, and nothing else', async () => {
  const trains: SpikeTrains = TWO_TRIALS.inputs.in
  await using one = await open(twoWays('left'))
  await using two = await open(twoWays('right'))
  const seen: WatchedGradients[] = []
  for (const key of ['left->a', 'left->b']) one.gradients$(key).subscribe((batch) => void seen.push(batch))
  await one.gradient({ ...TWO_TRIALS, inputs: { left: trains } }, COUNT, LABELS)
  const apart = await two.gradient({ ...TWO_TRIALS, inputs: { left: trains, right: trains } }, COUNT, LABELS)
  expect(seen.map(({ projection, gradients }) => [projection, gradients])).toEqual([
    ['left->a', apart.inputTimes.left],
    ['left->b', apart.inputTimes.right],
  ])
  for (const { gradients } of seen) expect(gradients.some((value) => value !== 0)).toBe(true)
})

test('spikes that a source was given for after the end are none of the trial', async () => {
  await using session = await open(twoLayers())
  const seen: WatchedGradients[] = []
  session.gradients$('in->hidden').subscribe((batch) => void seen.push(batch))
  await session.gradient({ ...TWO_TRIALS, until: 5 }, COUNT, LABELS)
  const { times, gradients, offsets } = seen[0]!
  expect(times.every((time) => time < 5)).toBe(true)
  expect(Array.from(offsets)).toEqual([0, 4, 6])
  expect(gradients).toHaveLength(6)
})

test('from neurons that run window by window come back to the spikes of all windows, in their order', async () => {
  const toOut = connect(
    'a',
    'out',
    dense([
      [3, 5, 4],
      [2, 4, 6],
    ]),
    { delay: 2 },
  )
  const ring = defineNetwork({
    groups: { in: source(2), a: lif(3, LIF), out: lif(2, LIF) },
    projections: [
      connect(
        'in',
        'a',
        dense([
          [6, 5],
          [4, 3],
          [3, 7],
        ]),
      ),
      connect(
        'a',
        'a',
        dense([
          [0, 1, 2],
          [2, 0, 1],
          [1, 2, 0],
        ]),
        { delay: 1 },
      ),
      toOut,
    ],
  })
  await using session = await open(ring)
  const seen: WatchedGradients[] = []
  session.gradients$('a->out').subscribe((batch) => void seen.push(batch))
  await session.gradient(TWO_TRIALS, COUNT, LABELS)
  const [{ offsets, times, units, gradients }] = seen as [WatchedGradients]
  expect(new Set(Array.from(times, Math.floor)).size).toBeGreaterThan(3)
  expect(gradients.filter((value) => value !== 0).length).toBeGreaterThan(3)
  await using fed = await open(defineNetwork({ groups: { a: source(3), out: lif(2, LIF) }, projections: [toOut] }))
  const { inputTimes } = await fed.gradient({ ...TWO_TRIALS, inputs: { a: { offsets, times, units } } }, COUNT, LABELS)
  expect(gradients).toEqual(inputTimes.a)
})

test('those of a run are collected until it is done, and nobody listens any longer', () => {
  const spikes$ = new Subject<SpikeBatch>()
  const returned$ = new Subject<ReturnedBatch>()
  const wired = { sources: [{ name: 'in', spikes$, returned$ }], groups: [] } as unknown as WiredPartition
  const collector = collectGradients(twoLayers(), wired, { order: 0, isHome: true })
  const batch = { stream: 'in', window: { start: 0, end: 5 }, offsets: Uint32Array.of(0, 1), units: Uint32Array.of(0) }
  spikes$.next({ ...batch, sequence: 0, times: Float64Array.of(2) })
  expect(collector.slices()).toMatchObject([{ trains: { times: Float64Array.of(2) } }])
  collector.stop()
  expect([spikes$.observed, returned$.observed]).toEqual([false, false])
})

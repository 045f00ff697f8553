import { Subject } from 'rxjs'
import { expect, test } from 'vitest'
import { createGroupActor } from '../../../src/actors/group/group-actor.js'
import type { Output } from '../../../src/actors/group/group-ends.js'
import { createSingleKernel } from '../../../src/dynamics/kernels/component-kernel.js'
import { EXPLICIT } from '../../../src/dynamics/kernels/returned-events.js'
import type { GradientBatch } from '../../../src/events/gradient-batch.js'
import type { SpikeBatch } from '../../../src/events/spike-batch.js'
import { microBatches, spikesOfTrials } from '../../../src/events/trial-range.js'
import { kernelFor } from '../../dynamics/kernels/kernel-for.js'
import { repeatTrains } from '../../support/repeat-trains.js'
import { NETWORK, TRIALS } from '../layered-network.js'

const COUNT = 19
const RANGES = microBatches(COUNT, 8)
const TRAINS = repeatTrains(TRIALS.inputs.in, COUNT)

/** The group "hidden" with two listeners. */
function begun(gradients: boolean) {
  const spikes$ = new Subject<SpikeBatch>()
  const sent: SpikeBatch[] = []
  const listeners = [0, 1].map(() => new Subject<GradientBatch>())
  const outputs = listeners.map((gradients$, listener): Output => {
    const sender = {
      ...{ gradients$, opened$: new Subject<void>(), isOpen: () => true },
      sendSpikes: (batch: SpikeBatch) => void (listener === 0 && sent.push(batch)),
    }
    return { sums: { ...EXPLICIT, order: listener }, group: 0, sender }
  })
  const actor = createGroupActor({
    component: createSingleKernel(kernelFor(NETWORK, 'hidden', 'simd')),
    inputs: [{ source: NETWORK.groups[0]!, receiver: { spikes$, sendGradients: () => undefined } }],
    outputs,
    readouts: [null],
    whole: true,
    beat: () => undefined,
  })
  actor.begin({
    trials: { count: COUNT, until: TRIALS.until, inputs: {} },
    ...{ microBatch: 8, loss: null, gradients, inputTimes: false, biasGradient: false, stopAfterFirst: false },
    undefinedSlope: 'refuse',
  })
  return {
    sent,
    state: () => actor.life.getSnapshot().value,
    receive: (sequence: number) =>
      spikes$.next({
        ...{ stream: 'in', sequence, window: { start: 0, end: TRIALS.until } },
        ...spikesOfTrials(TRAINS, RANGES[sequence]!),
      }),
    sendReturned: (listener: number, sequence: number) =>
      listeners[listener]!.next({
        ...{ stream: 'hidden', sequence, values: new Float64Array(sent[sequence]!.times.length) },
      }),
  }
}

test('a group is through with a run once its last micro-batch is', () => {
  const { sent, state, receive } = begun(false)
  for (const sequence of RANGES.keys()) {
    expect([sent.length, state()]).toEqual([sequence, 'forward'])
    receive(sequence)
  }
  expect([sent.length, state()]).toEqual([3, 'idle'])
})

test('each is undone once all who listen have returned its gradients, and only then is the group through', () => {
  const { state, receive, sendReturned } = begun(true)
  receive(0)
  sendReturned(0, 0)
  receive(1)
  sendReturned(1, 0)
  sendReturned(1, 1)
  expect(state()).toBe('forwardThenBackward')
  receive(2)
  sendReturned(0, 1)
  sendReturned(0, 2)
  expect(state()).toBe('backward')
  sendReturned(1, 2)
  expect(state()).toBe('idle')
})

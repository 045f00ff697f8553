import fc from 'fast-check'
import { Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { createRecorder } from '../../../src/actors/group/recorder.js'
import { open } from '../../../src/actors/open.js'
import type { SpikeBatch } from '../../../src/events/spike-batch.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { type Spike, trainsOf } from '../../learning/trains.js'
import { oneNeuron } from '../small-networks.js'

function batch(sequence: number, stream: string, trains: SpikeTrains): SpikeBatch {
  return { stream, sequence, window: { start: 0, end: 1 }, ...trains }
}

const spikes = fc.array(fc.record({ time: fc.nat(40).map((k) => k / 2), unit: fc.nat(3) }), { maxLength: 8 })

describe('a recorder', () => {
  test('joins the windows of its group and drops what lies at or after the end', () => {
    const courses = fc.record({ trials: fc.array(spikes, { minLength: 1, maxLength: 3 }), until: fc.nat(20) })
    fc.assert(
      fc.property(courses, fc.nat(20), ({ trials, until }, cut) => {
        const stream = new Subject<SpikeBatch>()
        const recorder = createRecorder([stream], 'a', { count: trials.length, until })
        const part = (isInside: (spike: Spike) => boolean) => trainsOf(trials.map((trial) => trial.filter(isInside)))
        stream.next(
          batch(
            0,
            'a',
            part(({ time }) => time < cut),
          ),
        )
        stream.next(batch(0, 'b', trainsOf(trials.map(() => [{ time: 1, unit: 0 }]))))
        stream.next(
          batch(
            1,
            'a',
            part(({ time }) => time >= cut),
          ),
        )
        recorder.stop()
        expect(stream.observed).toBe(false)
        expect(recorder.trains()).toEqual(part(({ time }) => time < until))
      }),
    )
  })

  test('of a silent group has empty trials', () => {
    const recorder = createRecorder([new Subject()], 'a', { count: 3, until: 10 })
    expect(recorder.trains()).toEqual(trainsOf([[], [], []]))
  })

  test('hears nothing after it was stopped', () => {
    const stream = new Subject<SpikeBatch>()
    const recorder = createRecorder([stream], 'a', { count: 1, until: 10 })
    recorder.stop()
    stream.next(batch(0, 'a', trainsOf([[{ time: 1, unit: 0 }]])))
    expect(recorder.trains()).toEqual(trainsOf([[]]))
  })
})

test('a simulation shows a source only the spikes before the end of the trial', async () => {
  await using session = await open(oneNeuron())
  const at = (...times: number[]) => times.map((time) => ({ time, unit: 0 }))
  const inputs = { in: trainsOf([at(1, 19.5, 20, 25), at(20), at(3, 21)]) }
  const { spikes: recorded } = await session.simulate({ count: 3, until: 20, inputs }, { record: ['in'] })
  expect(recorded).toEqual({ in: trainsOf([at(1, 19.5), [], at(3)]) })
})

import fc from 'fast-check'
import { Subject } from 'rxjs'
import { expect, test } from 'vitest'
import { createFiringTally } from '../../../src/actors/group/firing-tally.js'
import type { SpikeBatch } from '../../../src/events/spike-batch.js'
import { type Spike, trainsOf } from '../../learning/trains.js'

const SLICE = { name: 'a', start: 32, size: 4, total: 40 }

/** Windows of a run; each a list of spikes per trial. */
const runs = fc.integer({ min: 1, max: 3 }).chain((trials) => {
  const spike = fc.record({
    time: fc.nat(9),
    unit: fc.integer({ min: SLICE.start, max: SLICE.start + SLICE.size - 1 }),
  })
  const window = fc.array(fc.array(spike, { maxLength: 5 }), { minLength: trials, maxLength: trials })
  return fc.record({ trials: fc.constant(trials), windows: fc.array(window, { maxLength: 3 }) })
})

function batch(stream: string, trials: readonly (readonly Spike[])[]): SpikeBatch {
  return { stream, sequence: 0, window: { start: 0, end: 10 }, ...trainsOf(trials) }
}

test('counts every neuron and trial with a spike once, run by run, and no other group', () => {
  fc.assert(
    fc.property(fc.array(runs, { minLength: 1, maxLength: 3 }), (list) => {
      const spikes$ = new Subject<SpikeBatch>()
      const tally = createFiringTally(SLICE, spikes$)
      for (const { trials, windows } of list) {
        tally.begin(trials)
        for (const window of windows) {
          spikes$.next(batch('a', window))
          spikes$.next(batch('b', [[{ time: 1, unit: SLICE.start }]]))
        }
        const pairs = windows.flatMap((window) =>
          window.flatMap((spikes, trial) => spikes.map(({ unit }) => `${trial} ${unit}`)),
        )
        const { group, fired, pairs: all } = tally
        expect({ group, fired, all }).toEqual({ group: 'a', fired: new Set(pairs).size, all: trials * SLICE.size })
      }
    }),
  )
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Synapses } from '../../../src/dynamics/parameters/synapses.js'
import { Arrivals } from '../../../src/dynamics/timeline/arrivals.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { type Connection, connect, dense, perSynapse, synapses } from '../../../src/network/description/projections.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { lif } from '../../../src/network/models/lif.js'
import { trainsOf } from '../../learning/trains.js'
import { ANY } from '../../support/case-ranges.js'
import { kernelCase } from '../../support/kernel-case.js'

function wiringOf(...projections: readonly Connection<'in', 'x'>[]) {
  const groups = { in: source(2), x: lif(2, { tauMem: 20, tauSyn: 5, threshold: 1 }) }
  const { projections: values } = instantiate(defineNetwork({ groups, projections }), 0)
  const delays = Float64Array.from(values.flatMap((projection) => Array.from(projection.delays)))
  const wiring = new Synapses(values)
  wiring.followDelays(delays)
  return { wiring, delays }
}

function listed(queue: Arrivals, { from, to }: { from: number; to: number }) {
  return Array.from({ length: to - from }, (_, k) => {
    const at = from + k
    return { time: queue.times[at], synapse: queue.synapses[at], spike: queue.spikes[at] }
  })
}

describe('arrivals in event order', () => {
  test('at one instant: by projection, then source unit, then spike, then synapse', () => {
    const { wiring, delays } = wiringOf(
      connect('in', 'x', dense(1), {
        delay: perSynapse([
          [0, 3],
          [2, 3],
        ]),
      }),
      connect(
        'in',
        'x',
        synapses([
          [1, 0, 1],
          [1, 1, 1],
          [1, 1, 1],
        ]),
      ),
    )
    const queue = new Arrivals(wiring)
    const trains = trainsOf([
      [
        { time: 2, unit: 0 },
        { time: 4, unit: 0 },
        { time: 4, unit: 1 },
        { time: 1, unit: 1 },
      ],
    ])
    // Dense synapses 0 … 3 = (target, source) (0,0) (0,1) (1,0) (1,1); listed ones 4 … 6. Second projection first.
    queue.add(1, trains, 0, 0, 7, delays)
    queue.add(0, trains, 0, 0, 7, delays)
    queue.sort()
    expect(listed(queue, queue)).toEqual([
      { time: 1, synapse: 4, spike: 0 },
      { time: 1, synapse: 5, spike: 0 },
      { time: 1, synapse: 6, spike: 0 },
      { time: 2, synapse: 0, spike: 1 },
      // 2 + 2, 4 + 0 of unit 0, 1 + 3 of unit 1, then the second projection.
      { time: 4, synapse: 2, spike: 1 },
      { time: 4, synapse: 0, spike: 2 },
      { time: 4, synapse: 1, spike: 0 },
      { time: 4, synapse: 3, spike: 0 },
      { time: 4, synapse: 4, spike: 3 },
      { time: 4, synapse: 5, spike: 3 },
      { time: 4, synapse: 6, spike: 3 },
      { time: 6, synapse: 2, spike: 2 },
      // 4 + 3 is the end of the trial: it never happens.
    ])
  })

  test('taken from the front before an instant, from the back from an instant on', () => {
    const { wiring, delays } = wiringOf(connect('in', 'x', synapses([[0, 0, 1]])))
    const queue = new Arrivals(wiring)
    queue.add(0, trainsOf([[1, 2, 2, 3, 4].map((time) => ({ time, unit: 0 }))]), 0, 0, 100, delays)
    queue.sort()
    expect(listed(queue, queue.takeBefore(2)).map(({ time }) => time)).toEqual([1])
    expect(listed(queue, queue.takeFrom(4)).map(({ time }) => time)).toEqual([4])
    expect(listed(queue, queue.takeFrom(2.5)).map(({ time }) => time)).toEqual([3])
    expect(listed(queue, queue.takeBefore(100)).map(({ spike }) => spike)).toEqual([1, 2])
    expect(listed(queue, queue.takeBefore(100))).toEqual([])
  })

  test('spikes added in any number of parts, in between takes, come out as at once', () => {
    fc.assert(
      fc.property(
        kernelCase('lif', ANY.lif),
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 5 }),
        (sample, marks) => {
          const wiring = new Synapses(sample.instance.projections)
          const delays = Float64Array.from(sample.instance.projections.flatMap((p) => Array.from(p.delays)))
          wiring.followDelays(delays)
          const [whole, parts] = [new Arrivals(wiring), new Arrivals(wiring)]
          sample.trains.forEach((trains, p) => void whole.add(p, trains, 0, 0, sample.until, delays))
          whole.sort()
          const all = listed(whole, whole.takeBefore(sample.until))
          const cuts = [...marks.sort((a, b) => a - b).map((mark) => sample.from + mark), Number.POSITIVE_INFINITY]
          let start = 0
          const taken = cuts.flatMap((end) => {
            sample.trains.forEach((trains, p) => {
              const own = trains.times.subarray(0, trains.offsets[1])
              const [a, b] = [start, end]
                .map((time) => own.findIndex((t) => t >= time))
                .map((k) => (k < 0 ? own.length : k))
              const part = { ...trains, offsets: Uint32Array.of(a!, b!) }
              parts.add(p, part, 0, a!, sample.until, delays)
            })
            parts.sort()
            start = end
            return listed(parts, parts.takeBefore(end))
          })
          expect(taken).toEqual(all)
        },
      ),
      { numRuns: 60, seed: 21 },
    )
  })
})

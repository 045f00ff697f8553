import { describe, expect, test } from 'vitest'
import { InternalError } from '../../../src/events/errors.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense, perSource, perSynapse } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { type LifParameters, lif } from '../../../src/network/models/lif.js'
import { expectClosedForm, neuron, PARAMETERS } from '../models/closed-form-neuron.js'
import { batchOf, kernelFor, WHOLE } from './kernel-for.js'

describe.each(['simd', 'reference'] as const)('the %s kernel:', (kind) => {
  describe('one neuron', () => {
    test('fires where the closed form says, and its gradients are those of the closed form', () => {
      const kernel = kernelFor(neuron(), 'x', kind)
      kernel.begin({ ...WHOLE, stopAfterFirst: true })
      expectClosedForm(kernel)
    })

    test('that fires at the very start of a trial does so whatever is moved', () => {
      const kernel = kernelFor(neuron({ threshold: 0, vReset: -1 }), 'x', kind)
      kernel.begin(WHOLE)
      kernel.receive(0, batchOf([[]]))
      expect(Array.from(kernel.advance(100, 100).times)).toEqual([0])
      kernel.beginBackward(null)
      kernel.backward(Float64Array.of(1))
      expect(kernel.finishGradient().every((value) => value === 0)).toBe(true)
    })
  })

  describe('a kernel', () => {
    test('orders simultaneous spikes by unit, in every trial', () => {
      const network = defineNetwork({
        groups: { in: source(1), x: lif(3, { ...PARAMETERS, threshold: [1, 0.5, 1] } as LifParameters) },
        projections: [connect('in', 'x', dense(8))],
      })
      const kernel = kernelFor(network, 'x', kind)
      kernel.begin({ ...WHOLE, trials: 2, stopAfterFirst: true })
      kernel.receive(0, batchOf([[{ time: 1, unit: 0 }], [{ time: 4, unit: 0 }]]))
      const { times, units, offsets } = kernel.advance(100, 100)
      expect([...offsets]).toEqual([0, 3, 6])
      expect([...units]).toEqual([1, 0, 2, 1, 0, 2])
      expect(times[1]).toBe(times[2])
    })

    test('returns 0 for a spike whose arrival would be after the end', () => {
      const kernel = kernelFor(neuron(), 'x', kind)
      kernel.begin({ ...WHOLE, until: 30 })
      kernel.receive(
        0,
        batchOf([
          [
            { time: 3, unit: 0 },
            { time: 28, unit: 0 },
            { time: 29, unit: 0 },
          ],
        ]),
      )
      const { times } = kernel.advance(30, 30)
      kernel.beginBackward(null)
      kernel.backward(Float64Array.from(times, () => 1))
      const [gradients] = kernel.takeReturned()
      expect(gradients?.values[0]).not.toBe(0)
      expect([...gradients!.values.subarray(1)]).toEqual([0, 0])
    })

    test('sums the gradient of a shared delay over what shares it', () => {
      const shared = (delay: number | ReturnType<typeof perSource>) => {
        const network = defineNetwork({
          groups: { in: source(2), x: lif(2, PARAMETERS) },
          projections: [
            connect(
              'in',
              'x',
              dense([
                [8, 2],
                [6, 1],
              ]),
              { delay },
            ),
          ],
        })
        const kernel = kernelFor(network, 'x', kind)
        kernel.begin({ ...WHOLE, stopAfterFirst: true })
        kernel.receive(
          0,
          batchOf([
            [
              { time: 1, unit: 0 },
              { time: 2, unit: 1 },
            ],
          ]),
        )
        const { times } = kernel.advance(100, 100)
        kernel.beginBackward(null)
        kernel.backward(Float64Array.from(times, (_, k) => k + 1))
        const [gradients] = kernel.takeReturned()
        const { delays, bias } = kernel.layout
        return { events: gradients!.values, delays: kernel.finishGradient().slice(delays, bias) }
      }
      const one = shared(1)
      expect(one.delays[0]).toBeCloseTo(one.events[0]! + one.events[1]!, 14)
      const two = shared(perSource([1, 1]))
      expect([...two.delays]).toEqual([...two.events])
    })

    test.each([1, perSynapse([[1, 1]])])(
      'finds a maximum of a readout where V has come to the bias, delays %j',
      (delay) => {
        const network = defineNetwork({
          groups: { in: source(2), x: li(1, { tauMem: 20, tauSyn: 5, bias: 0.5 }) },
          projections: [connect('in', 'x', dense([[-1, 0.1]]), { delay })],
        })
        // By then the slope of V is 0 in doubles, or V - bias as well.
        const trains = [1000, 30_000].map((time) => [
          { time, unit: 0 },
          { time: time + 50, unit: 1 },
        ])
        const kernel = kernelFor(network, 'x', kind)
        const batch = batchOf(trains, [0, 30_060])
        const run = (trial: number, until: number) => {
          kernel.begin({ ...WHOLE, trials: 2, until })
          kernel.receive(0, batch)
          kernel.advance(until, until)
          return [kernel.maxima().values[trial], kernel.maxima().times[trial]]
        }
        expect(run(0, 1060)).toEqual([0.5, expect.closeTo(1001, 9)])
        expect(run(1, 30_060)).toEqual([0.5, expect.toSatisfy((time: number) => time <= 30_001)])
      },
    )

    test('refuses to be used out of turn: a bug, not a mistake', () => {
      const kernel = kernelFor(neuron(), 'x', kind)
      expect(() => kernel.advance(1, 1)).toThrow(InternalError)
      kernel.begin(WHOLE)
      kernel.advance(100, 100)
      kernel.beginBackward(null)
      kernel.backward(new Float64Array(0))
      expect(() => kernel.backward(new Float64Array(0))).toThrow(InternalError)
    })
  })
})

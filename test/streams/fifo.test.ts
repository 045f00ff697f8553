import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFifo } from '../../src/streams/fifo.js'

describe('a fifo', () => {
  test('behaves like a list whose head is taken, over any pushes and takes', () => {
    const steps = fc.array(fc.record({ push: fc.nat(150), take: fc.nat(150) }), { maxLength: 8 })
    fc.assert(
      fc.property(steps, (list) => {
        const fifo = createFifo<number>()
        const model: number[] = []
        let next = 0
        for (const { push, take } of list) {
          for (let k = 0; k < push; k++) {
            model.push(next)
            fifo.push(next++)
          }
          const expected = model.splice(0, take)
          expect(expected.map(() => fifo.take())).toEqual(expected)
          expect(fifo.size).toBe(model.length)
        }
      }),
    )
  })

  test('has nothing to give when it is empty', () => {
    const fifo = createFifo<string>()
    expect(() => fifo.take()).toThrow(RangeError)
    fifo.push('only')
    fifo.take()
    expect(() => fifo.take()).toThrow(RangeError)
    expect(fifo.size).toBe(0)
  })
})

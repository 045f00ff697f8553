import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFrameSeal, SEAL_BYTES } from '../../src/rendezvous/nats/frame-seal.js'

const SECRET = '0f'.repeat(32)

test('what is sealed for one way is opened at its other end alone, and only as it was', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (letter, place, flip) => {
        const sealed = createFrameSeal(SECRET, 'there').seal(letter)
        expect(sealed.length).toBe(letter.length + SEAL_BYTES)
        expect(createFrameSeal(SECRET, 'there').open(sealed)).toEqual(Buffer.from(letter))
        expect(createFrameSeal(SECRET, 'back').open(sealed)).toBeNull()
        expect(createFrameSeal('f0'.repeat(32), 'there').open(sealed)).toBeNull()
        const changed = Uint8Array.from(sealed)
        changed[place % changed.length]! ^= flip
        expect(createFrameSeal(SECRET, 'there').open(changed)).toBeNull()
        expect(createFrameSeal(SECRET, 'there').open(sealed.subarray(1))).toBeNull()
      },
    ),
  )
})

test('the same letter is never sealed to the same bytes', () => {
  const seal = createFrameSeal(SECRET, 'there')
  const letters = Array.from({ length: 50 }, () => Buffer.from(seal.seal(new Uint8Array(8))).toString('hex'))
  expect(new Set(letters).size).toBe(50)
})

test.each(Array.from({ length: SEAL_BYTES }, (_, length) => length))(
  '%i bytes, too few for a seal, are passed over like what nobody sealed',
  (length) => {
    const sealed = createFrameSeal(SECRET, 'there').seal(new Uint8Array(1))
    expect(createFrameSeal(SECRET, 'there').open(sealed.subarray(0, length))).toBeNull()
  },
)

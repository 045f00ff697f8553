import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSealKeys, seal } from '../../src/rendezvous/seal.js'

const BROKEN = expect.objectContaining({ code: 'SEAL_BROKEN' })

test('a sealed text is opened by whom it was sealed to, whatever it is', async () => {
  const keys = await createSealKeys()
  expect(keys.publicKey).toMatch(/^X[A-Z2-7]{55}$/)
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 300 }), async (text) => {
      expect(keys.open(await seal(text, keys.publicKey))).toBe(text)
    }),
    { numRuns: 30 },
  )
})

test('nobody else opens it', async () => {
  const [keys, others] = [await createSealKeys(), await createSealKeys()]
  const letter = await seal('secret', keys.publicKey)
  expect(() => others.open(letter)).toThrow(BROKEN)
})

test('it shows nothing, and never looks the same twice', async () => {
  const { publicKey } = await createSealKeys()
  const letters = await Promise.all([seal('secret', publicKey), seal('secret', publicKey)])
  expect(new Set(letters).size).toBe(2)
  for (const letter of letters) {
    expect(letter).not.toContain('secret')
    expect(letter).not.toContain(Buffer.from('secret').toString('base64'))
  }
})

test('any change of a character is noticed', async () => {
  const keys = await createSealKeys()
  const letter = await seal('a secret of some length', keys.publicKey)
  // The last characters of base64 carry bits that mean nothing.
  const place = fc.nat(letter.length - 5)
  const character = fc.constantFrom(...'ABCXYZabcxyz0189+/.')
  fc.assert(
    fc.property(place, character, (at, put) => {
      fc.pre(letter[at] !== put)
      expect(() => keys.open(letter.slice(0, at) + put + letter.slice(at + 1))).toThrow(BROKEN)
    }),
    { numRuns: 300 },
  )
})

test('what is no letter is refused by name', async () => {
  const keys = await createSealKeys()
  const letters = [
    '',
    '.',
    'x',
    'x.y',
    `${keys.publicKey}.`,
    `.${'A'.repeat(100)}`,
    `${keys.publicKey}.${'A'.repeat(200)}`,
  ]
  for (const letter of letters) expect(() => keys.open(letter), letter).toThrow(BROKEN)
  fc.assert(fc.property(fc.string(), (letter) => void expect(() => keys.open(letter)).toThrow(BROKEN)))
})

test.each(['', 'X', `X${'A'.repeat(55)}`, 'SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY'])(
  'nothing is sealed to what is no key: %j',
  async (key) => {
    await expect(seal('secret', key)).rejects.toThrow()
  },
)

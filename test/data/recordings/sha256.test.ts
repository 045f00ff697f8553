import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSha256, type FindHash } from '../../../src/data/recordings/sha256.js'

const PLATFORMS: readonly (readonly [string, readonly FindHash[]])[] = [
  ['of the platform', []],
  ['where the platform has none', [() => undefined]],
]

describe.each(PLATFORMS)('the hash %s', (_, of) => {
  it('is SHA-256, however the bytes are cut', () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 })
    fc.assert(
      fc.property(parts, (given) => {
        const [own, known] = [createSha256(...of), createHash('sha256')]
        for (const part of given) {
          own.bytes(part)
          known.update(part)
        }
        expect(own.digest()).toBe(known.digest('hex'))
      }),
    )
  })

  it('is that of the standard', () => {
    const hash = createSha256(...of)
    hash.bytes(new TextEncoder().encode('abc'))
    expect(hash.digest()).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  it('tells texts and words by their bytes, and neighbouring texts apart', () => {
    const [own, known] = [createSha256(...of), createHash('sha256')]
    own.words(Uint32Array.of(1, 0xfffffffe))
    own.text('é')
    known.update(Uint8Array.of(1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0xc3, 0xa9))
    expect(own.digest()).toBe(known.digest('hex'))
  })
})

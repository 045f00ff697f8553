import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InternalError } from '../../../src/events/errors.js'
import { element, escapeText, pixels } from '../../../src/storage/pictures/svg.js'

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
const unescaped = (text: string) => text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? '')

describe('escapeText', () => {
  it('leaves no character with a meaning in XML, and loses nothing XML can express', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const escaped = escapeText(text)
        expect(escaped).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/)
        expect(unescaped(escaped)).toBe(text)
      }),
    )
  })

  it('replaces what XML cannot express', () => {
    expect(escapeText('a\u0000b\ud800c\uffff')).toBe('a\ufffdb\ufffdc\ufffd')
  })
})

describe('element', () => {
  it('escapes text and attributes and keeps children as they are', () => {
    expect(element('g', { id: '"><script>' }, element('path', { d: 'M0 0' }), '<b> & c').markup).toBe(
      '<g id="&quot;&gt;&lt;script&gt;"><path d="M0 0"/>&lt;b&gt; &amp; c</g>',
    )
  })
})

describe('pixels', () => {
  it('is within half a hundredth and has at most two decimals', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e5, max: 1e5, noNaN: true }), (value) => {
        expect(pixels(value)).toMatch(/^-?\d+(\.\d{1,2})?$/)
        expect(Math.abs(Number(pixels(value)) - value)).toBeLessThanOrEqual(0.005 + 1e-9)
      }),
    )
  })

  it('refuses what is no place', () => {
    expect(() => pixels(Number.NaN)).toThrow(InternalError)
  })
})

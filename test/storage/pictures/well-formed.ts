import { expect } from 'vitest'

const TAG = /<(\/?)(\w+)((?: [\w:-]+="[^"<>]*")*)(\/?)>/g

/** Every element that is opened is closed in turn, all else is escaped text, and no number went wrong. */
export function expectWellFormed(svg: string): void {
  const open: string[] = []
  const astray: string[] = []
  for (const [, close, name = '', , empty] of svg.matchAll(TAG)) {
    if (close === '/' && open.pop() !== name) astray.push(name)
    if (close === '' && empty === '') open.push(name)
  }
  expect([...open, ...astray]).toEqual([])
  expect(svg.replace(TAG, '')).not.toMatch(/[<>]/)
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 \d+ [\d.]+" /)
  expect(svg).not.toMatch(/="[^"]*(NaN|Infinity|undefined)/)
}

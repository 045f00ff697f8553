import { expect, test } from 'vitest'
import { label } from '../../../src/storage/pictures/label.js'
import { legend } from '../../../src/storage/pictures/legend.js'

test('a label upward is turned against the clock around its own place', () => {
  expect(label('a & b', { x: 10, y: 20, upward: true }).markup).toBe(
    '<text x="10" y="20" transform="rotate(-90 10 20)">a &amp; b</text>',
  )
})

test('a legend has a line of its own colour before each text, in their order', () => {
  const { markup } = legend({ right: 500, y: 30 }, [
    { text: 'training', colour: '#111111' },
    { text: 'test', colour: '#222222' },
  ])
  const found = [...markup.matchAll(/x2="([\d.]+)"[^>]* stroke="(#\d+)".*?<text x="([\d.]+)"[^>]*>(\w+)</g)]
  expect(found.map(([, , colour, , text]) => [text, colour])).toEqual([
    ['training', '#111111'],
    ['test', '#222222'],
  ])
  const places = found.flatMap(([, end, , start]) => [Number(end), Number(start)])
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  expect(places.at(-1)).toBeLessThan(500)
})

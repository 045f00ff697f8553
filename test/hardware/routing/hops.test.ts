import { expect, it } from 'vitest'
import { addHops, noHops } from '../../../src/hardware/routing/hops.js'

it('hops are added so many times, of every kind', () => {
  const sum = noHops()
  addHops(sum, { east: 1, west: 2, north: 3, south: 4, diagonal: 5, chip: 6 }, 7)
  addHops(sum, { east: 1, west: 1, north: 1, south: 1, diagonal: 1, chip: 1 })
  expect(sum).toEqual({ east: 8, west: 15, north: 22, south: 29, diagonal: 36, chip: 43 })
})

import { expect, test } from 'vitest'
import { nearestName } from '../../../src/network/reading/nearest-name.js'

const KNOWN = ['seed', 'placement', 'kernel', 'threads', 'deliver', 'learningRate', 'tau']

test.each([
  ['sead', 'seed'],
  ['sed', 'seed'],
  ['seeds', 'seed'],
  ['esed', 'seed'],
  ['Kernel', 'kernel'],
  ['learning_rate', 'learningRate'],
  ['lerningRat', 'learningRate'],
  ['taus', 'tau'],
])('"%s" was meant to be "%s"', (given, meant) => {
  expect(nearestName(given, KNOWN)).toBe(meant)
})

test.each(['delays', 'x', '', 'threshold', 'eta', 'place'])('"%s" is none of them', (given) => {
  expect(nearestName(given, KNOWN)).toBeNull()
})

test('of several names the nearest is meant', () => {
  expect(nearestName('tau1', ['tau0', 'tau', 'tau10'])).toBe('tau0')
})

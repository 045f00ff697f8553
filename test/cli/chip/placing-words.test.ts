import { expect, test } from 'vitest'
import { placingWords, tellOf } from '../../../src/cli/chip/words/placing-words.js'

test.each([
  [{ stage: 'synapses', done: 2 ** 20, of: 3e8 }, 'drawing synapses, 1,048,576 of 300,000,000'],
  [{ stage: 'spikes', done: 2, of: 3 }, 'finding out where spikes go, 66 %'],
  [{ stage: 'cores', done: 3, of: 9375 }, 'filling cores, 3 of 9,375 blocks of a group'],
  [{ stage: 'packets', done: 4095, of: 8192 }, 'counting packets between cores, 49 %'],
  [{ stage: 'search', done: 0, of: 8 }, 'looking for short ways, 0 % of run 1 of 8'],
  [{ stage: 'search', done: 2.375, of: 8 }, 'looking for short ways, 37 % of run 3 of 8'],
  [{ stage: 'search', done: 8, of: 8 }, 'looking for short ways, 100 % of run 8 of 8'],
] as const)('%j', (progress, words) => {
  expect(placingWords(progress)).toBe(words)
})

test('names the chip, and what it is for', () => {
  const said: string[] = []
  const words = (each: string) => void said.push(each)
  tellOf('loihi', 'counting packets', words)({ stage: 'spikes', done: 1, of: 4 })
  expect(said).toEqual(['loihi: counting packets: finding out where spikes go, 25 %'])
})

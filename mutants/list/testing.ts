import type { Mutant } from '../mutant.js'

export const TESTING: readonly Mutant[] = [
  {
    id: 'law-on-nothing',
    why: 'a comparison of gradients that compares nothing passes',
    file: 'src/testing/compare-gradient.ts',
    find: 'compared.length === 0)) throw nothingCompared(checks)',
    replace: 'compared.length < 0)) throw nothingCompared(checks)',
    tests: ['test/testing/laws.test.ts'],
  },
]

import type { Mutant } from '../mutant.js'

export const NUMERICS: readonly Mutant[] = [
  {
    id: 'pairwise-of-four',
    why: 'four numbers are added up one after the other, so that slices and wholes differ in the last bit',
    file: 'src/numerics/pairwise-sum.ts',
    find: 'return pair + ((values[at + 2] as number) + (values[at + 3] as number))',
    replace: 'return pair + (values[at + 2] as number) + (values[at + 3] as number)',
    tests: ['test/numerics/pairwise-sum.test.ts', 'test/laws/slices.test.ts', 'test/laws/placements.test.ts'],
  },
  {
    id: 'shuffle-bound',
    why: 'a shuffle never leaves an entry where it was',
    file: 'src/numerics/shuffle.ts',
    find: 'const j = stream.integer(i, i + 1)',
    replace: 'const j = stream.integer(i, i)',
    tests: ['test/numerics/shuffle.test.ts'],
  },
]

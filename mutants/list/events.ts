import type { Mutant } from '../mutant.js'

export const EVENTS: readonly Mutant[] = [
  {
    id: 'same-error-as-cause',
    why: 'an error that is raised once more in other words is shown twice',
    file: 'src/events/errors.ts',
    find: '? cause.cause : cause',
    replace: '? cause : cause',
    tests: ['test/events/errors.test.ts', 'test/cli/in-terms-of-flags.test.ts'],
  },
]

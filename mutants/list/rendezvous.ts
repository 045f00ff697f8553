import type { Mutant } from '../mutant.js'

export const RENDEZVOUS: readonly Mutant[] = [
  {
    id: 'pause-without-a-cap',
    why: 'pauses between tries grow without end, so that most of the patience is spent on the last one',
    file: 'src/rendezvous/patiently.ts',
    find: 'Math.min(2 * pause, numbers.longestPause)',
    replace: '2 * pause',
    tests: ['test/rendezvous/patiently.test.ts', 'test/rendezvous/lease-laws.test.ts'],
  },
  {
    id: 'replies-forgotten-at-once',
    why: 'after many replies every new one is forgotten at once, and a repeated order is carried out twice',
    file: 'src/rendezvous/remember-replies.ts',
    find: '      characters -= length\n',
    replace: '',
    tests: ['test/rendezvous/remember-replies.test.ts'],
  },
]

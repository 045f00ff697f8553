import type { Mutant } from '../mutant.js'

export const STREAMS: readonly Mutant[] = [
  {
    id: 'excess-credit',
    why: 'a peer that was sent some windows is believed when it gives back more of them',
    file: 'src/streams/links/credits.ts',
    find: 'count < 1 || count > outstanding',
    replace: 'count < 1 || outstanding === 0',
    tests: ['test/streams/links/link-protocol.test.ts', 'test/streams/links/link-hostile.test.ts'],
  },
  {
    id: 'late-batches-lost',
    why: 'batches that come when the horizon is at the end are never handed on, nor do their gradients return',
    file: 'src/streams/merge-by-watermark.ts',
    find: 'horizon > reached || isLate',
    replace: 'horizon > reached',
    tests: ['test/streams/merge-by-watermark.test.ts'],
  },
  {
    id: 'batch-after-the-end',
    why: 'spikes that a peer sends after the end of the trials are let in',
    file: 'src/streams/pathways/arrival-check.ts',
    find: 'expected.watermark >= end)',
    replace: 'expected.watermark > end)',
    tests: ['test/streams/pathways/arrival-check.test.ts'],
  },
  {
    id: 'talking-wins-time',
    why: 'a stranger that only talks keeps a link open without ever agreeing',
    file: 'src/streams/links/liveness.ts',
    find: 'if (isOpen) unheard = 0',
    replace: 'unheard = 0',
    tests: ['test/streams/links/link-hostile.test.ts', 'test/streams/links/link-protocol.test.ts'],
  },
]

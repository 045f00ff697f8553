import type { Mutant } from '../mutant.js'

export const STORAGE: readonly Mutant[] = [
  {
    id: 'figures-from-zero',
    why: 'a recording that starts after 0 is taken for one with hardly any spikes',
    file: 'src/storage/recording/recording-figures.ts',
    find: '(span.end - span.start) / (last - first)',
    replace: '(span.end - span.start) / last',
    tests: ['test/storage/recording/recording-figures.test.ts'],
  },
  {
    id: 'half-a-line-stays',
    why: 'a line that a full disk has cut stays in the file',
    file: 'src/storage/growing-file.ts',
    find: 'await file.truncate(place).catch(() => undefined)',
    replace: '',
    tests: ['test/storage/trace-file.test.ts'],
    bundle: true,
  },
  {
    id: 'checkpoint-number-again',
    why: 'once old checkpoints are removed, a new one takes the number of one that is there',
    file: 'src/storage/checkpoint/checkpoint-folder.ts',
    find: 'before[0] === undefined ? 1 : numberOf(before[0]) + 1',
    replace: 'before.length + 1',
    tests: ['test/storage/checkpoint/checkpoint-folder.test.ts', 'test/cli/train/checkpoint-keeper.test.ts'],
  },
  {
    id: 'whole-checkpoint-replaced',
    why: 'a checkpoint that cannot be read for want of open files counts as damaged, and an older one takes its place',
    file: 'src/storage/checkpoint/checkpoint-folder.ts',
    find: '    if (exhaustion !== null) throw exhaustion\n',
    replace: '',
    tests: ['test/storage/checkpoint/checkpoint-folder.test.ts'],
    bundle: true,
  },
  {
    id: 'ledger-shorter-copy',
    why: 'a sweep goes on from the copy of its ledger although the folder knows more',
    file: 'src/storage/sweep-ledger.ts',
    find: 'own.length >= (copied?.length ?? 0)',
    replace: 'copied === null',
    tests: ['test/storage/sweep-ledger.test.ts'],
  },
  {
    id: 'ledger-copy-behind',
    why: 'what a store could not take while it was away never follows',
    file: 'src/storage/sweep-ledger.ts',
    find: '      if (!isBehind) return\n',
    replace: '      if (isBehind) return\n',
    tests: ['test/storage/sweep-ledger.test.ts'],
  },
]

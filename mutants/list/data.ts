import type { Mutant } from '../mutant.js'

export const DATA: readonly Mutant[] = [
  {
    id: 'files-of-one-split',
    why: 'recordings of a single file that is called test are all for the test',
    file: 'src/data/recordings/task/split-recordings.ts',
    find: ' && new Set(marks).size > 1 ? marks : null',
    replace: ' ? marks : null',
    tests: ['test/data/recordings/task/event-task.test.ts', 'test/cli/events.test.ts'],
  },
  {
    id: 'overlap-of-marked-splits',
    why: 'splits that the recordings state themselves are warned of as if by chance',
    file: 'src/data/recordings/task/split-recordings.ts',
    find: '  if (entryOf(groups, SPLIT_GROUP) !== undefined) return []\n',
    replace: '',
    tests: ['test/data/recordings/task/event-task.test.ts', 'test/cli/events.test.ts'],
  },
  {
    id: 'loss-of-unscaled-network',
    why: 'the scale of a loss is measured with the weights before they were scaled',
    file: 'src/data/user/measured-task.ts',
    find: 'measuredTrials({ ...task, network: network() }',
    replace: 'measuredTrials({ ...task }',
    tests: ['test/data/user/create-task.test.ts'],
  },
  {
    id: 'pixel-at-threshold',
    why: 'pixels of the very threshold spike, where they should not',
    file: 'src/data/images/latency-encoder.ts',
    find: 'if (value <= pixelThreshold) continue',
    replace: 'if (value < pixelThreshold) continue',
    tests: ['test/data/images/latency-encoder.test.ts', 'test/data/images/latency-dataset.test.ts'],
  },
]

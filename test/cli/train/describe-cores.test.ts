import { expect, test } from 'vitest'
import { describeCores } from '../../../src/cli/train/train-once.js'

test.each([
  [{ transport: 'local' }, '4 cores, all in this process:'],
  [{ transport: 'thread' }, '4 cores, each a thread:'],
  [{ transport: 'websocket' }, '4 cores, each a process, linked by websockets:'],
  [{ transport: 'unix', processes: 4 }, '4 cores, each a process, linked by Unix sockets:'],
  [{ transport: 'websocket', processes: 2 }, '4 cores in 2 processes, linked by websockets:'],
  [{ transport: 'thread', processes: 3 }, '4 cores in 3 threads:'],
  [{ transport: 'unix', processes: 1 }, '4 cores in 1 process, linked by Unix sockets:'],
  [{ processes: 1 }, '4 cores in 1 thread:'],
  [{ replicas: 2, transport: 'thread' }, '2 replicas of 4 cores, each a thread:'],
  [
    { replicas: 2, transport: 'websocket', processes: 2 },
    '2 replicas of 4 cores in 2 processes, linked by websockets:',
  ],
] as const)('%o: %s', (flags, line) => {
  expect(describeCores({ cores: 4, ...flags })).toBe(line)
})

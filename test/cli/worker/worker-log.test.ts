import { describe, expect, test } from 'vitest'
import type { WorkerEvent } from '../../../src/actors/fleet/worker-event.js'
import { createWorkerLog, type WorkerLog } from '../../../src/cli/worker/worker-log.js'
import { RunError } from '../../../src/events/errors.js'
import { jsonLines } from '../run-in-process.js'

const stamp = { run: 'r', epoch: 3, start: 2 }
const held = { stamp, slot: 1, cores: [0, 4], pid: 77 }
const error = new RunError({ code: 'WORKER_BUSY', message: 'There is no slot.' })

function written(json: boolean, tell: (log: WorkerLog) => void) {
  let [out, err] = ['', '']
  const terminal = {
    out: (text: string) => {
      out += text
    },
    err: (text: string) => {
      err += text
    },
    screen: null,
  }
  tell(createWorkerLog(terminal, 'w', json, () => 0))
  return { out, err }
}

const CASES: readonly [event: WorkerEvent, level: string, words: string, fields: object][] = [
  [
    { type: 'engaged', ...held },
    'info',
    'slot 1 holds cores 0, 4 of run r, process 77.',
    { slot: 1, cores: [0, 4], pid: 77 },
  ],
  [
    { type: 'ended', ...held, cores: [2], end: { exitCode: 0, signal: null, lastWords: 'bye' } },
    'info',
    'slot 1 is free: core 2 of run r ended with exit code 0.',
    { slot: 1, cores: [2], pid: 77, exitCode: 0, signal: null, lastWords: 'bye' },
  ],
  [
    { type: 'ended', ...held, end: { exitCode: null, signal: 'SIGKILL', lastWords: 'oh' } },
    'warn',
    'slot 1 is free: cores 0, 4 of run r ended with signal SIGKILL. Its last words: oh',
    { slot: 1, cores: [0, 4], pid: 77, exitCode: null, signal: 'SIGKILL', lastWords: 'oh' },
  ],
  [{ type: 'refused', stamp, error }, 'warn', 'run r was refused: There is no slot.', { code: 'WORKER_BUSY' }],
  [
    { type: 'unreported', stamp, error },
    'warn',
    'the coordinator of run r could not be notified of an end: There is no slot.',
    { code: 'WORKER_BUSY' },
  ],
]

describe.each(CASES)('of %o', (event, level, message, fields) => {
  test('people read what happened on the standard error', () => {
    expect(written(false, (log) => log.event(event))).toEqual({ out: '', err: `antidrome: ${message}\n` })
  })

  test('programs read it on the standard output, with the run and its epoch', () => {
    const { out, err } = written(true, (log) => log.event(event))
    const { type } = event
    const common = { time: '1970-01-01T00:00:00.000Z', level, event: type, worker: 'w', run: 'r', epoch: 3, start: 2 }
    expect(err).toBe('')
    expect(jsonLines(out)).toEqual([{ ...common, ...fields, message }])
  })
})

test('what is no order of any run names none', () => {
  const event = { type: 'refused', stamp: null, error: new TypeError('bad') } as const
  expect(written(false, (log) => log.event(event)).err).toBe('antidrome: an order was refused: bad\n')
  const [line] = jsonLines(written(true, (log) => log.event(event)).out)
  expect(line).not.toHaveProperty('run')
  expect(line).not.toHaveProperty('code')
})

test.each([
  [{ kind: 'disconnected', server: 's' }, 'warn', /connection to s is lost/],
  [{ kind: 'reconnected', server: 's' }, 'info', /connected to s again/],
  [{ kind: 'denied', operation: 'publish', subject: 'a.b' }, 'warn', /publish a\.b/],
  [{ kind: 'lease-unrenewed', lease: 'r', reason: 'late' }, 'warn', /lease r could not be renewed: late/],
  [{ kind: 'lease-renewed', lease: 'r' }, 'info', /lease r is renewed/],
] as const)('of the connection: %o', (status, level, words) => {
  const { kind, ...fields } = status
  const [line] = jsonLines(written(true, (log) => log.status(status)).out)
  expect(line).toMatchObject({ level, event: kind, worker: 'w', ...fields })
  expect(line?.message).toMatch(words)
})

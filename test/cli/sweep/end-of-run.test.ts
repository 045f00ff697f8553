import { describe, expect, test, vi } from 'vitest'
import { endOfRun, type StartedRun } from '../../../src/cli/sweep/run-process.js'

/** No test waits. */
vi.mock('node:timers/promises', () => ({
  setTimeout: async (_: number, __: unknown, { signal }: { readonly signal: AbortSignal }) => signal.throwIfAborted(),
}))

type End = Awaited<ReturnType<StartedRun['start']>>

const DONE: End = { kind: 'done' }
const failed = (code: string, isMistake = false): End => ({
  ...{ kind: 'failed', failure: { code, message: `${code}.` }, isMistake },
})
const lost: End = { kind: 'lost', failure: { code: 'PROCESS_LOST', message: 'its process was ended by SIGKILL.' } }
const times = (count: number, end: End) => Array.from({ length: count }, () => end)

/** What comes of a run whose processes end so, one after the other, how many were started, and what it waited for. */
async function endAfter(ends: readonly End[], signal = new AbortController().signal) {
  const [left, waits] = [[...ends], [] as string[]]
  const start = async () => left.shift() ?? DONE
  const end = endOfRun({ name: '000-seed-1', start, signal, onWait: ({ code }) => void waits.push(code) })
  const outcome = await end.then(
    (failure) => failure?.code ?? null,
    (error: { readonly code: string }) => error.code,
  )
  return { outcome, starts: ends.length - left.length, waits }
}

describe('a run of a sweep', () => {
  test.each<[string, readonly End[], object]>([
    ['ends once it is through', [DONE], { outcome: null, starts: 1 }],
    ['is given up for a mistake at once', [failed('FIELD_TYPE', true), DONE], { outcome: 'FIELD_TYPE', starts: 1 }],
    ['may fail twice', [...times(2, failed('KERNEL')), DONE], { outcome: null, starts: 3 }],
    ['is given up where it fails three times', times(4, failed('KERNEL')), { outcome: 'KERNEL', starts: 3 }],
    ['may lose its process nine times', [...times(9, lost), DONE], { outcome: null, starts: 10 }],
    ['is given up where it is lost ten times', times(11, lost), { outcome: 'RUN_LOST', starts: 10 }],
    ['counts lost cores as lost', times(11, failed('CORE_DIED')), { outcome: 'RUN_LOST', starts: 10 }],
    [
      'waits for who writes to its folder, and says so once',
      [...times(50, failed('FOLDER_IN_USE', true)), ...times(50, failed('LEASE_HELD', true)), DONE],
      { outcome: null, starts: 101, waits: ['FOLDER_IN_USE', 'LEASE_HELD'] },
    ],
    [
      'waits for workers',
      [...times(19, failed('WORKERS_TOO_FEW')), lost, ...times(19, failed('STORE_UNREACHABLE')), DONE],
      { outcome: null, starts: 40, waits: ['WORKERS_TOO_FEW', 'STORE_UNREACHABLE'] },
    ],
    ['ends the sweep where none come', times(30, failed('WORKERS_TOO_FEW')), { outcome: 'SWEEP_STOPPED', starts: 20 }],
  ])('%s', async (_, ends, expected) => {
    expect(await endAfter(ends)).toMatchObject(expected)
  })

  test('is not started again once the sweep ends', async () => {
    const stopped = new AbortController()
    stopped.abort({ code: 'ENDED' })
    expect(await endAfter([failed('LEASE_HELD')], stopped.signal)).toMatchObject({ outcome: 'ENDED', starts: 0 })
  })
})

import { expect, test } from 'vitest'
import { exitCodeOf } from '../../../src/cli/report-error.js'
import { REFERENCE, type Verdict } from '../../../src/cli/verify/compare-spreads.js'
import { requireEqual, verdictTable } from '../../../src/cli/verify/verify-command.js'

const OTHER = { cores: 2, transport: 'websocket', threads: 2 } as const
const REPORTS = [
  { ...REFERENCE, digest: 'a1', seconds: 0.5 },
  { ...OTHER, digest: 'b2', seconds: 1.25 },
]
const TABLE = [
  'cores  transport  threads  seconds  digest\n',
  '    1  local            1  0.50     a1\n',
  '    2  websocket        2  1.25     b2\n',
].join('')

test('runs that are the same are a table that says so', () => {
  const verdict: Verdict = { equal: true, placements: [REFERENCE, OTHER], digest: 'a1' }
  expect(verdictTable(REPORTS, verdict)).toBe(`${TABLE}All the same, to the last bit.\n`)
  expect(() => requireEqual(verdict)).not.toThrow()
})

test('what holds the cores is told where anybody asked', () => {
  const dealt = { cores: 4, transport: 'unix', processes: 2, threads: 1 } as const
  const verdict: Verdict = { equal: true, placements: [REFERENCE, dealt], digest: 'a1' }
  const reports = [REPORTS[0] ?? expect.fail(), { ...dealt, digest: 'a1', seconds: 2 }]
  expect(verdictTable(reports, verdict)).toBe(
    [
      'cores  transport  processes  threads  seconds  digest\n',
      '    1  local              1        1  0.50     a1\n',
      '    4  unix               2        1  2.00     a1\n',
      'All the same, to the last bit.\n',
    ].join(''),
  )
  const difference = { where: 'losses[0]', reference: 1, found: 2, ...dealt }
  expect(() => requireEqual({ equal: false, placements: [REFERENCE, dealt], difference })).toThrow(
    'losses[0] is 2 on 4 cores, unix, --processes 2, but 1 on 1 core, local.',
  )
})

test('replicas are named where there are some', () => {
  const dealt = { cores: 2, replicas: 3, transport: 'unix', threads: 1 } as const
  const reports = [REPORTS[0] ?? expect.fail(), { ...dealt, digest: 'a1', seconds: 2 }]
  expect(verdictTable(reports, { equal: true, placements: [REFERENCE, dealt], digest: 'a1' })).toBe(
    [
      'cores  transport  replicas  threads  seconds  digest\n',
      '    1  local             1        1  0.50     a1\n',
      '    2  unix              3        1  2.00     a1\n',
      'All the same, to the last bit.\n',
    ].join(''),
  )
  const difference = { where: 'losses[0]', reference: 1, found: 2, ...dealt }
  expect(() => requireEqual({ equal: false, placements: [REFERENCE, dealt], difference })).toThrow(
    'losses[0] is 2 on 3 replicas of 2 cores, unix, but 1 on 1 core, local.',
  )
})

test('a difference fails the run with 1 and is named', () => {
  const where = 'parameters input->hidden weights[12]'
  const difference = { where, reference: 0.5, found: 0.5000000000000001, ...OTHER }
  const verdict: Verdict = { equal: false, placements: [REFERENCE, OTHER], difference }
  expect(verdictTable(REPORTS, verdict)).toBe(TABLE)
  try {
    requireEqual(verdict)
    expect.fail('A difference must fail.')
  } catch (error) {
    expect(error).toMatchObject({
      code: 'PLACEMENTS_DIFFER',
      message: `${where} is 0.5000000000000001 on 2 cores, websocket, 2 threads each, but 0.5 on 1 core, local.`,
    })
    expect(exitCodeOf(error)).toBe(1)
  }
})

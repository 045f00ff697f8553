import { expect, test } from 'vitest'
import { exitCodeOf } from '../../../src/cli/report-error.js'
import { REFERENCE, type Verdict } from '../../../src/cli/verify/compare-spreads.js'
import { requireEqual, verdictTable } from '../../../src/cli/verify/verdict.js'

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

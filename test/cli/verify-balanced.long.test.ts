import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { OWN_TRANSPORTS } from '../../src/actors/transport-table.js'
import { jsonLines } from './run-in-process.js'
import { runProcess } from './run-process.js'

test('verify finds the same spikes of a balanced network over every transport', async () => {
  const size = ['--neurons', '200', '--in-degree', '40', '--until', '20']
  const { code, out, err } = await runProcess(tmpdir(), 'verify', 'balanced', ...size, '--cores', '2', '--json')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(jsonLines(out).at(-1)).toMatchObject({ equal: true, placements: { length: 1 + OWN_TRANSPORTS.length } })
})

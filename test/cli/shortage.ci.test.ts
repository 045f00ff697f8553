import { afterAll, describe, expect, test } from 'vitest'
import { inTurn } from '../support/in-turn.js'
import { CLOSED_FORM, createFiles, jsonLines, networkFile } from './run-in-process.js'
import { runInShell } from './run-process.js'

const files = createFiles()
afterAll(() => files[Symbol.dispose]())
const NETWORK = files.write('n.json', CLOSED_FORM)
/** Two blocks, so two cores. */
const WIDE = files.write(
  'wide.json',
  networkFile([{ name: 'out', kind: 'lif', size: 64, tauMem: 10, tauSyn: 5, threshold: 1 }], []),
)
const INPUT = files.write('i.json', { input: { times: [1], units: [0] } })
const SIMULATE = ['simulate', NETWORK, '--input', INPUT]

describe.skipIf(process.platform !== 'linux')('where something runs out', () => {
  test('results that cannot be written fail the command, also under --json', async () => {
    const { code, err } = await runInShell(files.folder, '"$@" >/dev/full', [...SIMULATE, '--json'])
    expect(code).toBe(1)
    expect(jsonLines(err)).toEqual([{ error: expect.objectContaining({ code: 'OUTPUT_FAILED', field: null }) }])
    expect(await runInShell(files.folder, '"$@" >/dev/full', ['train', '--help'])).toEqual({
      code: 1,
      out: '',
      err: expect.stringMatching(
        /^antidrome: Standard output cannot be written: ENOSPC: .* Make room on the disk, .*\[OUTPUT_FAILED\]\n$/,
      ),
    })
  })

  test('results are told to be lost where stdout is closed, and only then', async () => {
    const { code, err } = await runInShell(files.folder, '"$@" >&-', SIMULATE)
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringMatching(/^antidrome: standard output is closed .*\n$/),
    })
    expect(await runInShell(files.folder, '"$@" >/dev/null', SIMULATE)).toMatchObject({ code: 0, err: '' })
  })

  test('an error keeps its exit code where nobody can read it', async () => {
    expect(await runInShell(files.folder, '"$@" 2>/dev/full', ['simulate', 'none.json'])).toMatchObject({
      code: 2,
      err: '',
    })
  })

  test('a trace for which there is no room ends the command, and names its flag', async () => {
    const flags = ['--out', 'recorded', '--segment', '1', '--until', '100', '--trace', 'trace.json']
    expect(await runInShell(files.folder, 'ulimit -f 16; "$@"', [...SIMULATE, ...flags])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^antidrome: --trace: trace.json cannot be written: EFBIG.* \[FILE_UNWRITABLE\]\n$/),
    })
  })

  test.each(inTurn(['24', '48'], 1))('with %s files that may be open it says so', async (limit) => {
    const { code, err } = await runInShell(files.folder, `ulimit -n ${limit}; "$@"`, [...SIMULATE, '--json'])
    expect(code).toBe(1)
    const error = expect.objectContaining({ code: 'TOO_MANY_FILES', remedy: expect.stringContaining('ulimit -n') })
    expect(jsonLines(err)).toEqual([{ error }])
  })

  test.each([
    { where: 'here', flags: [], who: 'The process' },
    { where: 'in processes', flags: ['--cores', '2', '--transport', 'websocket'], who: 'Core \\d' },
  ])('with too little memory $where it says so, and who', async ({ flags, who }) => {
    const { code, err } = await runInShell(files.folder, 'ulimit -v 4000000; "$@"', [
      'simulate',
      WIDE,
      '--until',
      '5',
      ...flags,
    ])
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(
        new RegExp(`^antidrome: ${who} ran out of memory .*ulimit -v.*\\[OUT_OF_MEMORY\\]\\n$`),
      ),
    })
  })
})

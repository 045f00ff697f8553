import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createWorkingFolder, jsonLines, run } from '../run-in-process.js'
import { TINY_PRESET } from '../tiny-training.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const PRESET = files.write('tiny.json', TINY_PRESET)
const TINY = ['train', 'temporal-patterns', '--preset', PRESET, '--json']

async function train(...flags: string[]) {
  const { code, out, err } = await run(...TINY, ...flags)
  expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining('{"') })
  return { err, last: jsonLines(out).at(-1) as { run: string; digest: string } }
}

async function refused(code: string, ...flags: string[]): Promise<string> {
  const outcome = await run(...TINY, ...flags)
  expect(outcome).toMatchObject({ code: 2, out: '', err: expect.stringContaining(`"code":"${code}"`) })
  return outcome.err
}

const at = (...path: string[]) => join('runs', ...path)
const read = (...path: string[]) => readFileSync(at(...path), 'utf8')

describe('a run without a name', () => {
  test('gets one that no run has, and says which', async () => {
    const first = await train('--seed', '7')
    expect(first).toMatchObject({ err: '', last: { run: at('temporal-patterns-7') } })
    const left = read('temporal-patterns-7', 'metrics.jsonl')
    const second = await train('--seed', '7')
    expect(second).toMatchObject({
      err: `antidrome: ${at('temporal-patterns-7')} is taken; this run is ${at('temporal-patterns-7-2')}.\n`,
      last: { run: at('temporal-patterns-7-2'), digest: first.last.digest },
    })
    expect((await train('--seed', '7')).last.run).toBe(at('temporal-patterns-7-3'))
    expect(read('temporal-patterns-7', 'metrics.jsonl')).toBe(left)
    const replaced = await train('--seed', '7', '--overwrite')
    expect(replaced).toMatchObject({ err: '', last: { run: at('temporal-patterns-7') } })
  })

  test('goes on in the folder that its checkpoints are of', async () => {
    const kept = ['--seed', '8', '--checkpoint', 'kept-8']
    await train('--seed', '8')
    expect((await train(...kept)).last.run).toBe(at('temporal-patterns-8-2'))
    const finished = read('temporal-patterns-8', 'metrics.jsonl')
    const { last } = await train(...kept.with(-1, './kept-8'), '--resume')
    expect(last.run).toBe(at('temporal-patterns-8-2'))
    expect(read('temporal-patterns-8', 'metrics.jsonl')).toBe(finished)
    // Of another training there are no checkpoints here.
    expect((await train('--seed', '8', '--checkpoint', 'new-8', '--resume')).last.run).toBe(at('temporal-patterns-8-3'))
  })
})

describe('what is refused', () => {
  const LINKED = ['--cores', '2', '--transport', 'websocket', '--checkpoint', 'fresh']
  const BASELINE = ['--method', 'surrogate', '--learn', 'taus', '--name', 'early', '--checkpoint', 'early']
  const left = () => [...readdirSync('.'), ...readdirSync('runs', { recursive: true })].sort()

  test.each<[string, string, ...string[]]>([
    [
      'checkpoints of another run, of one seed',
      'CHECKPOINT_MISMATCH',
      '--checkpoint',
      'early',
      '--seed',
      '2',
      '--resume',
    ],
    ['checkpoints of an earlier run, of several seeds', 'CHECKPOINTS_EXIST', '--checkpoint', 'early', '--seeds', '5,6'],
    [
      'those of others of theirs',
      'CHECKPOINT_MISMATCH',
      '--checkpoint',
      'early',
      '--seeds',
      '5,6',
      '--resume',
      '--batch',
      '4',
    ],
    ['a folder of checkpoints in a link', 'FILE_UNWRITABLE', '--checkpoint', 'dangling'],
    ['a name that is taken', 'RUN_EXISTS', '--name', 'early', '--checkpoint', 'fresh/checkpoints'],
    ['cores that the network cannot fill', 'CORES_TOO_MANY', '--cores', '64', '--checkpoint', 'fresh'],
    ['an address of another machine', 'HOST_UNKNOWN', ...LINKED, '--listen', '203.0.113.1:0'],
    ['time constants, which the other method does not learn', 'SURROGATE_UNSUPPORTED', ...BASELINE, '--overwrite'],
  ])('leaves nothing behind: %s', async (_, code, ...flags) => {
    if (!existsSync('early')) {
      await train('--name', 'early', '--checkpoint', 'early')
      await train('--seeds', '6', '--name', 'early-6', '--checkpoint', 'early')
      symlinkSync('nowhere', 'dangling')
    }
    const before = left()
    await refused(code, ...flags)
    expect(left()).toEqual(before)
  })
})

describe('a run with a name', () => {
  test('is gone on with by its checkpoints alone', async () => {
    await train('--name', 'christened', '--checkpoint', 'kept-by-name')
    const { last, err } = await train('--checkpoint', 'kept-by-name', '--resume')
    expect({ run: last.run, err }).toEqual({ run: at('christened'), err: expect.not.stringContaining('taken') })
    // The one that was begun last, of those that keep theirs there.
    await train('--name', 'anew', '--checkpoint', 'kept-by-name', '--overwrite')
    expect((await train('--checkpoint', 'kept-by-name', '--resume')).last.run).toBe(at('anew'))
    await train('--name', 'all', '--seeds', '1', '--checkpoint', 'kept-by-seed')
    expect((await train('--seeds', '1', '--checkpoint', 'kept-by-seed', '--resume')).last.run).toBe(at('all'))
  })

  test('says in run.json what it is', async () => {
    await train('--name', 'told', '--seed', '3', '--hidden', '5', '--overwrite')
    expect(JSON.parse(read('told', 'run.json'))).toMatchObject({
      format: 'antidrome-run',
      version: 1,
      task: 'temporal-patterns',
      preset: PRESET,
      flags: { preset: PRESET, json: true, name: 'told', seed: 3, hidden: [5], overwrite: true },
      versions: { antidrome: expect.stringMatching(/^\d/), node: process.version, arithmetic: expect.any(String) },
      seed: 3,
      identity: { task: 'temporal-patterns', seed: '3', epochs: '2' },
    })
    expect(Object.keys(JSON.parse(read('told', 'run.json')).flags)).not.toContain('kernel')
  })

  test('replaces none without --overwrite, which removes what that left and nothing else', async () => {
    await train('--name', 'mine')
    writeFileSync(at('mine', 'notes.txt'), 'x')
    writeFileSync(at('mine', 'decision-map.svg'), 'of another task')
    const left = read('mine', 'metrics.jsonl')
    const told = await refused('RUN_EXISTS', '--name', 'mine', '--seed', '1')
    expect(told).toContain(
      `${at('mine')}: run: found a finished run of temporal-patterns, expected a folder without one.`,
    )
    expect(told).toContain('--overwrite')
    expect(read('mine', 'metrics.jsonl')).toBe(left)
    await train('--name', 'mine', '--seed', '1', '--overwrite')
    expect(readdirSync(at('mine')).sort()).toEqual(
      ['curves.svg', 'metrics.jsonl', 'network.json', 'notes.txt', 'raster.svg', 'run.json'].sort(),
    )
    expect(JSON.parse(read('mine', 'run.json')).seed).toBe(1)
  })

  test('goes on with its own checkpoints, and with no other run', async () => {
    const kept = ['--name', 'kept', '--checkpoint', 'kept']
    const { last } = await train(...kept)
    const resumed = await train(...kept, '--resume')
    expect(resumed.last.digest).toBe(last.digest)
    await train('--name', 'other', '--seed', '2')
    const left = read('other', 'metrics.jsonl')
    const told = await refused('RUN_MISMATCH', '--name', 'other', '--checkpoint', 'kept', '--resume')
    expect(told).toContain(`${at('other', 'run.json')}: shuffle: found 2, expected 0.`)
    // The same training without a checkpoint to go on from would start anew.
    await train('--name', 'alone')
    const alone = read('alone', 'metrics.jsonl')
    await refused('RUN_EXISTS', '--name', 'alone', '--checkpoint', 'none', '--resume')
    expect([read('other', 'metrics.jsonl'), read('alone', 'metrics.jsonl')]).toEqual([left, alone])
    const both = await train('--name', 'other', '--checkpoint', 'kept', '--resume', '--overwrite')
    expect(both.last).toMatchObject({ run: at('other'), digest: last.digest })
  })

  test('keeps the checkpoints of another training, unless it may replace them', async () => {
    await train('--name', 'first', '--checkpoint', 'shared')
    const left = readdirSync('shared')
    const told = await refused('CHECKPOINTS_EXIST', '--name', 'second', '--seed', '5', '--checkpoint', 'shared')
    expect(told).toContain('shared: checkpoints: found 3 checkpoints of an earlier run')
    expect(readdirSync('shared')).toEqual(left)
    expect(existsSync(at('second'))).toBe(false)
    await train('--name', 'second', '--seed', '5', '--checkpoint', 'shared', '--overwrite')
    expect(readdirSync('shared').filter((name) => left.includes(name))).toEqual([])
    await train('--name', 'second', '--seed', '5', '--checkpoint', 'shared', '--resume')
  })

  test('may keep its checkpoints in its own folder', async () => {
    await train('--name', 'nested', '--checkpoint', at('nested'))
    await train('--name', 'nested', '--checkpoint', at('nested'), '--resume')
    await train('--name', 'nested', '--checkpoint', at('nested', 'checkpoints'), '--overwrite')
    await train('--name', 'nested', '--checkpoint', at('nested', 'checkpoints'), '--overwrite')
  })
})

describe('several seeds', () => {
  test('are replaced and gone on with like one', async () => {
    const several = ['--seeds', '1,2', '--name', 'several', '--checkpoint', 'several']
    await train(...several)
    expect(JSON.parse(read('several', 'run.json'))).toMatchObject({ seeds: [1, 2], task: 'temporal-patterns' })
    expect(JSON.parse(read('several', 'seed-2', 'run.json'))).toMatchObject({ seed: 2 })
    await refused('CHECKPOINTS_EXIST', ...several)
    await refused('RUN_EXISTS', ...several.slice(0, 4))
    await refused('CHECKPOINT_MISMATCH', ...several, '--resume', '--batch', '4')
    // More of them go on where those are through.
    const network = read('several', 'seed-1', 'network.json')
    await train(...several.with(1, '1..3'), '--resume')
    expect(read('several', 'seed-1', 'network.json')).toBe(network)
    expect(readdirSync(at('several')).sort()).toEqual(['metrics.jsonl', 'run.json', 'seed-1', 'seed-2', 'seed-3'])
    await train('--seeds', '4', '--name', 'several', '--overwrite')
    expect(readdirSync(at('several')).sort()).toEqual(['metrics.jsonl', 'run.json', 'seed-4'])
  })

  test('without checkpoints to go on from are not replaced by --resume', async () => {
    await train('--seeds', '1', '--name', 'lone')
    const left = read('lone', 'seed-1', 'metrics.jsonl')
    await refused('RUN_EXISTS', '--seeds', '1', '--name', 'lone', '--checkpoint', 'lone', '--resume')
    expect(read('lone', 'seed-1', 'metrics.jsonl')).toBe(left)
  })

  test('get a name that no run has', async () => {
    expect((await train('--seeds', '1')).last.run).toBe(at('temporal-patterns-seeds'))
    expect((await train('--seeds', '1')).last.run).toBe(at('temporal-patterns-seeds-2'))
  })
})

describe('two at once', () => {
  test('a lock of another host is not judged from here', async () => {
    await train('--name', 'far')
    const left = read('far', 'metrics.jsonl')
    writeFileSync(at('far', '.antidrome-run.lock'), JSON.stringify({ process: 4711, host: 'elsewhere', token: 'a' }))
    for (const mode of [[], ['--overwrite']]) {
      const told = await refused('FOLDER_IN_USE', '--name', 'far', ...mode)
      expect(told).toContain('found the lock of process 4711 on elsewhere, which cannot be seen from here')
      expect(told).toContain(`remove ${at('far', '.antidrome-run.lock')}.`)
    }
    expect(read('far', 'metrics.jsonl')).toBe(left)
    rmSync(at('far', '.antidrome-run.lock'))
    await train('--name', 'far', '--overwrite')
  })
})

import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createProgram } from '../../../src/cli/program.js'
import { runCommand } from '../../../src/cli/run-command.js'
import { createMemoryBucket, type MemoryBucket } from '../../support/memory-bucket.js'
import { createMemoryLeases, type MemoryLeases } from '../../support/memory-leases.js'
import { createWorkingFolder, jsonLines, type Outcome, run } from '../run-in-process.js'
import { TINY_PRESET } from '../tiny-training.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const SETTINGS = ['--preset', files.write('tiny.json', TINY_PRESET), '--batch', '3', '--epochs', '4']
const SMALL = ['train', 'temporal-patterns', ...SETTINGS, '--json']

let bucket: MemoryBucket
let leases: MemoryLeases
let connections: number
beforeEach(() => {
  for (const name of ['runs', 'other']) rmSync(name, { recursive: true, force: true })
  bucket = createMemoryBucket('kept')
  leases = createMemoryLeases()
  connections = 0
})

const openStore = async () => {
  connections += 1
  return {
    bucket: async () => bucket,
    takeLease: leases.takeLease,
    async [Symbol.asyncDispose]() {
      connections -= 1
    },
  }
}

/** Trains on this machine, with checkpoints at the server. */
const joined = (argv: readonly string[]) => atServer([...argv, '--transport', 'local'])

/** Runs a command that joins a server whose objects are in memory. */
async function atServer(argv: readonly string[]): Promise<Outcome> {
  let [out, err] = ['', '']
  const terminal = {
    out(text: string) {
      out += text
    },
    err(text: string) {
      err += text
    },
    screen: null,
  }
  const program = () => createProgram(terminal, openStore)
  const code = await runCommand([...argv, '--join', 'nats://127.0.0.1'], terminal, program)
  expect(connections).toBe(0)
  return { code, out, err }
}

/** The lines of a run without the fields that depend on the time, and without its name. */
function metricsOf(name: string): readonly object[] {
  const lines = jsonLines(readFileSync(join('runs', name, 'metrics.jsonl'), 'utf8'))
  return lines.map(({ samplesPerSecond, cpuSecondsPerSample, run: _, ...rest }) => rest)
}

const objects = () => [...bucket.objects.keys()].sort()

describe('a training with checkpoints in an object store', () => {
  test('names them after itself, and keeps its network beside them', async () => {
    const { code, err } = await joined([...SMALL, '--checkpoint', 'object:kept'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(objects()).toEqual([
      ...[3, 4, 5].map((number) => `temporal-patterns-0/checkpoint-0000000001-00000${number}.antd`),
      'temporal-patterns-0/network.json',
    ])
    const record = JSON.parse(readFileSync('runs/temporal-patterns-0/run.json', 'utf8'))
    expect(record.flags.checkpoint).toBe('object:kept')
    const again = await joined([...SMALL, '--checkpoint', 'object:kept', '--name', 'temporal-patterns-0'])
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining('"CHECKPOINTS_EXIST"') })
  })

  test('goes on with its run on a machine that has nothing of it, with the same bits', async () => {
    await run(...SMALL, '--name', 'undisturbed')
    const place = ['--checkpoint', 'object:kept/far/away', '--checkpoint-every', '2']
    await joined([...SMALL, ...place])
    // As if it had ended within the last epoch.
    const newest = objects().filter((name) => name.endsWith('.antd'))
    for (const name of newest.slice(1)) bucket.objects.delete(name)
    const undisturbed = metricsOf('undisturbed')
    rmSync('runs', { recursive: true })
    const { code, err } = await joined([...SMALL, ...place, '--resume'])
    expect(code).toBe(0)
    expect(err).toMatch(
      /^antidrome: continues from object:kept\/far\/away\/checkpoint-\d{10}-\d{6}\.antd: .* done\.\n$/,
    )
    expect(metricsOf('temporal-patterns-0')).toEqual(undisturbed)
    expect(existsSync('runs/temporal-patterns-0/network.json')).toBe(true)
  })

  test('goes on in the folder of its run where there is one, whatever its name', async () => {
    const flags = [...SMALL, '--checkpoint', 'object:kept', '--resume']
    await joined([...flags, '--name', 'first'])
    await joined([...flags, '--name', 'first'])
    await joined([...SMALL, '--checkpoint', 'object:kept/first', '--resume'])
    expect(existsSync('runs/temporal-patterns-0')).toBe(false)
  })

  test('goes on while the store is away, and tells what is not in it', async () => {
    await run(...SMALL, '--name', 'undisturbed')
    const create = bucket.create
    let writes = 0
    bucket.create = (name, bytes) => {
      // Not the network, and not the first checkpoint.
      writes += 1
      if (writes > 2) bucket.fault = 'STORE_UNREACHABLE'
      return create(name, bytes)
    }
    const { code, err } = await joined([...SMALL, '--checkpoint', 'object:kept/a'])
    expect(code).toBe(0)
    const [warning, end, ...rest] = err.trimEnd().split('\n')
    expect(JSON.parse(warning ?? '')).toMatchObject({ warning: { code: 'CHECKPOINTS_PAUSED' } })
    expect(end).toBe(
      'antidrome: the newest checkpoint is object:kept/a/checkpoint-0000000001-000001.antd: 0 epochs are done.',
    )
    expect(rest).toEqual([])
    expect(metricsOf('temporal-patterns-0')).toEqual(metricsOf('undisturbed'))
  })

  test('ends when somebody else has taken its lease, also before the next checkpoint is due', async () => {
    const create = bucket.create
    let writes = 0
    bucket.create = async (name, bytes) => {
      await create(name, bytes)
      writes += 1
      // The network and the first checkpoint.
      if (writes !== 2) return
      leases.expire('kept/a')
      await leases.takeLease('kept/a')
    }
    const { code, out, err } = await joined([...SMALL, '--checkpoint', 'object:kept/a'])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(jsonLines(err)).toEqual([{ error: expect.objectContaining({ code: 'LEASE_LOST' }) }])
    expect(objects()).toHaveLength(2)
  })

  test('is refused where another run writes, and where the network is another one', async () => {
    const lease = await leases.takeLease('kept/a')
    const command = [...SMALL, '--checkpoint', 'object:kept/a']
    const held = await joined(command)
    expect(held).toMatchObject({ code: 2, err: expect.stringMatching(/"LEASE_HELD".*run first on elsewhere/) })
    await lease[Symbol.asyncDispose]()
    bucket.objects.set('a/network.json', Uint8Array.of(1))
    const other = await joined(command)
    expect(other).toMatchObject({ code: 2, err: expect.stringMatching(/"CHECKPOINT_MISMATCH".*network\.json/) })
    expect(existsSync('runs/temporal-patterns-0/run.json')).toBe(false)
    expect(await joined([...command, '--overwrite'])).toMatchObject({ code: 0 })
  })

  test('of several seeds has a prefix for each', async () => {
    const command = [...SMALL, '--seeds', '1,2', '--checkpoint', 'object:kept']
    const { code } = await joined(command)
    expect(code).toBe(0)
    const prefixes = new Set(objects().map((name) => name.slice(0, name.lastIndexOf('/'))))
    expect([...prefixes]).toEqual([1, 2].map((seed) => `temporal-patterns-seeds/seed-${seed}`))
    const before = objects()
    rmSync('runs', { recursive: true })
    const resumed = await joined([...command, '--resume'])
    expect(resumed.code).toBe(0)
    expect(objects()).toEqual(before)
  })
})

test('without a server objects are refused, naming both flags', async () => {
  const { code, err } = await run(...SMALL, '--checkpoint', 'object:kept/a')
  expect(code).toBe(2)
  expect(err).toMatch(/"FLAG_CONFLICT".*--checkpoint: found object:kept\/a without --join/)
})

describe('antidrome checkpoints', () => {
  const NAME = 'checkpoint-0000000001-000005.antd'
  const ONE = { bucket: 'kept', prefix: 'a/one', checkpoints: 2, newest: NAME }
  const TWO = { bucket: 'kept', prefix: 'two', checkpoints: 0, newest: null }
  const OTHERS = ['two/network.json', 'a/one/notes', 'network.json', NAME]
  const OWN = ['a/one/network.json', `a/one/${NAME}`, 'a/one/checkpoint-0000000001-000004.antd']
  beforeEach(() => {
    for (const name of [...OTHERS, ...OWN]) bucket.objects.set(name, Uint8Array.of(1))
  })

  test.each([
    { place: 'object:kept', runs: [ONE, TWO] },
    { place: 'object:kept/a', runs: [ONE] },
    { place: 'object:kept/a/one', runs: [ONE] },
    { place: 'object:kept/other', runs: [] },
  ])('lists the runs in $place', async ({ place, runs }) => {
    const { code, out } = await atServer(['checkpoints', place, '--json'])
    expect({ code, lines: jsonLines(out) }).toEqual({ code: 0, lines: runs })
    const { out: table } = await atServer(['checkpoints', place])
    for (const { prefix } of runs) expect(table).toContain(`object:kept/${prefix} `)
    if (runs.length === 0) expect(table).toBe('There are no checkpoints.\n')
  })

  test('removes those of one run, and nothing else', async () => {
    const command = ['checkpoints', 'object:kept/a/one', '--remove', '--json']
    const { code, out } = await atServer(command)
    expect({ code, lines: jsonLines(out) }).toEqual({ code: 0, lines: [ONE] })
    expect(objects()).toEqual([...OTHERS].sort())
    expect(await atServer(command)).toMatchObject({ code: 2, err: expect.stringContaining('"CHECKPOINTS_MISSING"') })
  })

  test('removes nothing of a run that is running', async () => {
    await leases.takeLease('kept/a/one')
    const { code, err } = await atServer(['checkpoints', 'object:kept/a/one', '--remove', '--json'])
    expect(code).toBe(2)
    expect(err).toMatch(/"LEASE_HELD".*run first on elsewhere/)
    expect(objects()).toHaveLength(OTHERS.length + OWN.length)
  })

  test('removes no whole bucket, and no folder', async () => {
    const all = await atServer(['checkpoints', 'object:kept', '--remove', '--json'])
    expect(all).toMatchObject({ code: 2, err: expect.stringMatching(/"FLAG_CONFLICT".*"--remove"/) })
    const folder = await atServer(['checkpoints', 'kept', '--json'])
    expect(folder).toMatchObject({ code: 2, err: expect.stringMatching(/"FLAG_VALUE".*object:BUCKET/) })
  })
})

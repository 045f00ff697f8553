import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Command, type Option } from 'commander'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { OUTPUT_FLAGS } from '../../src/cli/outputs/inputs-of.js'
import { PICTURE } from '../../src/cli/outputs/output-kind.js'
import { type Outputs, outputsOf } from '../../src/cli/outputs/outputs.js'
import { createProgram } from '../../src/cli/program.js'
import { exitCodeOf } from '../../src/cli/report-error.js'
import { builtFile } from '../support/built-file.js'
import { isLong } from '../support/cases-of.js'
import { CLOSED_FORM, createWorkingFolder, jsonLines, run } from './run-in-process.js'
import { runProcess } from './run-process.js'
import { TINY_PRESET } from './tiny-training.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

files.write('network.json', CLOSED_FORM)
files.write('input.json', { input: { times: [2, 3], units: [0, 0] } })
files.write('tiny.json', TINY_PRESET)
files.write('taps.csv', 'sample,time_ms,unit,label\n0,1,0,0\n1,2,1,1\n')

files.write('alone.json', CLOSED_FORM)

const MAIN = fileURLToPath(builtFile('bundle/main.js'))
const READ = [
  ...[
    '--chip',
    '--creds',
    '--data',
    '--from',
    '--input',
    '--loss',
    '--modules',
    '--nkey',
    '--noise',
    '--password-file',
  ],
  ...['--placement', '--preset', '--rates-from', '--recording', '--task', '--tls-ca', '--tls-cert', '--tls-key'],
]

const SIMULATE = ['simulate', 'network.json', '--input', 'input.json']
const TRAIN = ['train', 'temporal-patterns', '--preset', 'tiny.json', '--name', 'x']

/** A command line but for its flag, a file that it reads, and the name of what it writes, in a folder that is given. */
interface Writer {
  readonly flag: string
  readonly line: readonly string[]
  readonly input: string
  /** The name of the file in the folder that the flag names; a flag for a file names the file. */
  readonly within?: string
  /** What the name of its file must end with. */
  readonly end?: string
}

const WRITERS: readonly Writer[] = [
  { flag: '--out', line: ['plot', 'recording'], input: 'recording/out.spikes' },
  { flag: '--raster', line: ['data', 'taps.csv'], input: 'taps.csv' },
  { flag: '--predictions', line: ['evaluate', 'runs/x'], input: 'runs/x/network.json' },
  { flag: '--out', line: ['place', 'network.json', '--chip', 'loihi'], input: 'network.json' },
  { flag: '--export', line: ['place', 'network.json', '--chip', 'loihi'], input: 'network.json', end: '.json' },
  {
    flag: '--pictures',
    line: ['place', 'network.json', '--chip', 'loihi'],
    input: 'network.json',
    within: 'loihi-floor-plan.svg',
  },
  {
    flag: '--pictures',
    line: ['chip-report', 'network.json', '--chip', 'loihi', '--input', 'input.json', '--until', '20'],
    input: 'input.json',
    within: 'loihi-floor-plan.svg',
  },
  { flag: '--trace', line: SIMULATE, input: 'input.json' },
  { flag: '--trace', line: [...TRAIN.slice(0, -1), 'traced'], input: 'tiny.json' },
]

beforeAll(async () => {
  expect((await run(...SIMULATE, '--until', '20', '--out', 'recording', '--checkpoint', 'kept')).code).toBe(0)
  const trained = await run(...TRAIN)
  expect(trained, trained.err).toMatchObject({ code: 0 })
  // As file systems have it that do not tell capitals apart.
  writeFileSync('runs/x/Curves.SVG', '<svg/>')
})

/** Runs a command so that it writes to a path. */
function write({ line, flag, within }: Writer, path: string, ...more: string[]) {
  if (within === undefined) return run(...line, flag, path, ...more, '--json')
  const folder = path.slice(0, path.lastIndexOf('/'))
  expect(path.slice(folder.length + 1)).toBe(within)
  return run(...line, flag, folder, ...more, '--json')
}

/** A path that the writer may write to, in a folder of its own. */
function freshPath({ end = '.out', within = `fresh${end}` }: Writer): string {
  for (const folder of ['fresh', 'runs/traced']) rmSync(folder, { recursive: true, force: true })
  mkdirSync('fresh')
  return `fresh/${within}`
}

async function refusalOf(writer: Writer, path: string, ...more: string[]): Promise<Readonly<Record<string, string>>> {
  const { code, out, err } = await write(writer, path, ...more)
  expect({ code, out }, `${writer.line} ${path}: ${err}`).toEqual({ code: 2, out: '' })
  const { error } = jsonLines(err).at(-1) as { error: Record<string, string> }
  expect(error).toMatchObject({ field: writer.flag, file: path, code: expect.stringMatching(/^(FILE|TRACE)_EXISTS$/) })
  return error
}

/** Files that a run, a recording or checkpoints hold, and whether they alone tell so. */
const OWNED = [
  ...['network.json', 'run.json', 'metrics.jsonl', 'raster.svg', 'curves.svg', 'Curves.SVG'].map(
    (name) => `runs/x/${name}`,
  ),
  ...['recording/manifest.json', 'recording/out.spikes', 'kept/checkpoint-000001.antd', 'alone.json'],
]

/** A third of them, so that each is tried with three of the writers; the long run tries all with all. */
function ownedFor(writer: Writer): readonly string[] {
  const rest = WRITERS.indexOf(writer) % 3
  return OWNED.filter((_, k) => isLong() || k % 3 === rest)
}

describe.each(WRITERS)('$line.0 $flag', (writer) => {
  test('makes a file, refuses one that is there, and replaces it with --overwrite', async () => {
    const path = freshPath(writer)
    const first = await write(writer, path)
    expect(first, first.err).toMatchObject({ code: 0 })
    const made = readFileSync(path, 'utf8')
    const { found, remedy } = await refusalOf(writer, path)
    expect([found, remedy]).toEqual([expect.stringContaining('there already'), expect.stringContaining('--overwrite')])
    expect(readFileSync(path, 'utf8')).toBe(made)
    writeFileSync(path, '')
    expect(await write(writer, path, '--overwrite')).toMatchObject({ code: 0 })
    expect(readFileSync(path, 'utf8').length).toBeGreaterThan(10)
  })

  test.each(['a symbolic', 'a hard'])('never writes where %s link leads to what is kept', async (kind) => {
    for (const target of [writer.input, ...ownedFor(writer)]) {
      const path = freshPath(writer)
      if (kind === 'a hard') linkSync(target, path)
      else symlinkSync(`../${target}`, path)
      const before = readFileSync(target)
      expect((await refusalOf(writer, path, '--overwrite')).remedy).not.toContain('--overwrite')
      expect(readFileSync(path).equals(before) && readFileSync(target).equals(before)).toBe(true)
    }
  })
})

/** What is written into a folder has a name of its own there. */
const FILE_WRITERS = WRITERS.filter(({ within }) => within === undefined)

describe.each(FILE_WRITERS)('$line.0 $flag FILE', (writer) => {
  test('never writes over an input, or what a run has left', async () => {
    const targets = [writer.input, ...ownedFor(writer)].filter((target) => target.endsWith(writer.end ?? ''))
    for (const [k, target] of targets.entries()) {
      const before = readFileSync(target)
      const path = k % 2 === 0 ? target : `kept/../${target}`
      expect((await refusalOf(writer, path, '--overwrite')).remedy).not.toContain('--overwrite')
      expect(readFileSync(target).equals(before), target).toBe(true)
    }
    expect((await refusalOf(writer, writer.input)).remedy).not.toContain('--overwrite')
  })
})

/** A device has no name with an end. */
const DEVICE_WRITERS = FILE_WRITERS.filter(({ end }) => end === undefined)

describe.skipIf(process.platform !== 'linux').each(DEVICE_WRITERS)('$line.0 $flag DEVICE', (writer) => {
  test('writes to a device', async () => {
    freshPath(writer)
    expect(await write(writer, '/dev/null')).toMatchObject({ code: 0 })
  })
})

describe.skipIf(process.platform !== 'linux')('what is written to a stream', () => {
  const PLOT = ['plot', 'recording', '--out']

  test('comes in its order, wherever standard output leads', async () => {
    const { out: table } = await run(...PLOT, '/dev/null')
    const { code, out } = await runProcess(files.folder, ...PLOT, '/dev/stdout')
    expect([code, out.startsWith('<svg'), out.endsWith(`</svg>\n${table}`)]).toEqual([0, true, true])
    const line = `"${process.execPath}" "${MAIN}" ${PLOT.join(' ')} /proc/self/fd/1 >into.txt`
    execFileSync('bash', ['-c', line], { cwd: files.folder })
    expect(readFileSync('into.txt', 'utf8')).toBe(out)
  })

  test('reaches who reads a named pipe, which stays one', async () => {
    execFileSync('mkfifo', ['pipe'])
    const [read, { code }] = await Promise.all([readFile('pipe', 'utf8'), run(...PLOT, 'pipe')])
    expect([code, read.startsWith('<svg'), statSync('pipe').isFIFO()]).toEqual([0, true, true])
  })
})

test('every flag that has a path is known as one that is read, or one that is written and looked at', () => {
  const { commands } = createProgram({ out: () => undefined, err: () => undefined, screen: null })
  const paths = commands.flatMap((command) =>
    command.options
      .filter(({ flags }: Option) => /<[^>]*(?:file|dir|place|run|recording|profile)/.test(flags))
      .map(({ long }) => `${command.name()} ${long}`),
  )
  const written = paths.filter((path) => OUTPUT_FLAGS.includes(path.split(' ')[1] as string))
  const read = paths.filter((path) => !written.includes(path)).map((path) => path.split(' ')[1])
  // Folders are filled by runs, which refuse what is there by laws of their own.
  const filled = [
    'train --name',
    'train --checkpoint',
    'sweep --checkpoint',
    'simulate --out',
    'simulate --checkpoint',
    'doctor --checkpoint',
  ]
  expect(written.toSorted()).toEqual([...WRITERS.map(({ line, flag }) => `${line[0]} ${flag}`), ...filled].toSorted())
  expect([...new Set(read)].toSorted()).toEqual(READ.toSorted())
})

test('two outputs of a command have two paths', async () => {
  const pictures = ['--pictures', '.', '--out', 'loihi-floor-plan.svg', '--json']
  const { code, err } = await run('place', 'network.json', '--chip', 'loihi', ...pictures)
  expect([code, jsonLines(err)[0]?.error]).toMatchObject([2, { code: 'FLAG_CONFLICT', field: '--pictures' }])
})

describe('what cannot be written', () => {
  const unwritable = ({ code, err }: { readonly code: number; readonly err: string }) => [
    code,
    jsonLines(err)[0]?.error,
  ]

  test.each(WRITERS)('ends $line.0 $flag with 2 before it starts', async (writer) => {
    const path = `alone.json/${writer.within ?? `x${writer.end ?? ''}`}`
    expect(unwritable(await write(writer, path))).toMatchObject([2, { code: 'FILE_UNWRITABLE', field: writer.flag }])
  })

  test.each([[[]], [['--seeds', '1,2']]])('ends a training without a name %j with 2 before it starts', async (more) => {
    mkdirSync('bare', { recursive: true })
    writeFileSync('bare/runs', '')
    process.chdir('bare')
    try {
      const trained = await run(...TRAIN.slice(0, 2), '--preset', '../tiny.json', '--json', ...more)
      expect(unwritable(trained)).toMatchObject([2, { code: 'FILE_UNWRITABLE', field: '--name' }])
    } finally {
      process.chdir('..')
    }
  })

  test('ends a command with 1 while it runs', async () => {
    const output = await outputsWith([]).folder('--pictures', 'gone/below')
    const picture = await output.file('x.svg', PICTURE)
    writeFileSync('gone', '')
    const error = await picture.write('<svg/>').catch((cause: unknown) => cause)
    expect([exitCodeOf(error), error]).toMatchObject([
      1,
      { code: 'FILE_UNWRITABLE', details: { file: 'gone/below/x.svg' } },
    ])
  })
})

/** Those of a command of its own. */
function outputsWith(argv: readonly string[]): Outputs {
  const command = new Command().option('--overwrite').parse(argv, { from: 'user' })
  return outputsOf(command, { out: () => undefined, err: () => undefined, screen: null })
}

test('what is written while a command runs stays', async () => {
  for (const argv of [[], ['--overwrite']]) {
    rmSync('late.svg', { force: true })
    const output = await outputsWith(argv).file({ flag: '--out', path: 'late.svg', kind: PICTURE })
    writeFileSync('late.svg', 'mine')
    for (const work of [() => output.write('<svg/>'), () => output.begin()])
      await expect(work()).rejects.toMatchObject({ code: 'FILE_EXISTS', name: 'RunError' })
    expect(readFileSync('late.svg', 'utf8')).toBe('mine')
  }
})

test('a run is not replaced from which a command reads', async () => {
  const command = new Command().option('--overwrite').option('--from <run>')
  const outputs = outputsOf(command.parse(['--from', 'runs/x', '--overwrite'], { from: 'user' }), {
    out: () => undefined,
    err: () => undefined,
    screen: null,
  })
  await expect(outputs.folder('--name', 'runs/../runs/x')).rejects.toMatchObject({
    code: 'FILE_EXISTS',
    mistake: { field: '--name' },
  })
  await outputs.folder('--name', 'runs/y')
})

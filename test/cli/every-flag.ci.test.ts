import type { Option } from 'commander'
import { afterAll, describe, expect, test } from 'vitest'
import { createProgram } from '../../src/cli/program.js'
import { yinYangNetwork } from '../../src/data/yin-yang.js'
import { formatNetwork } from '../../src/network/file/format-network.js'
import { architectureText } from '../hardware/sana-fe/architecture-text.js'
import { isLong } from '../support/cases-of.js'
import { CLOSED_FORM, createFiles, jsonLines, run } from './run-in-process.js'

const files = createFiles()
afterAll(() => files[Symbol.dispose]())

const { commands } = createProgram({ out: () => undefined, err: () => undefined, screen: null })

const NETWORK = files.write('network.json', CLOSED_FORM)
const TRAINED = files.write('trained.json', formatNetwork(yinYangNetwork({})))
const LOSS = files.write('loss.json', { kind: 'spikeCount', group: 'out', label: 0 })
const SWEEP = files.write('sweep.json', {
  ...{ base: 'yin-yang', sampler: 'grid' },
  vary: { 'training.batch': { values: [16, 32] } },
})
const TAPS = files.write('taps.csv', 'sample,time_ms,unit,label\n0,1,0,0\n1,2,1,1\n')
const ARCHITECTURE = files.write('arch.yaml', architectureText())
const OUT = `${files.folder}/out`
const NOWHERE = '/proc/nowhere/x'
/** The port is reserved, so no server is there. */
const NOBODY = 'nats://127.0.0.1:1'

/** A command line that is right but for the flag that is added to it. */
const BASES: Readonly<Record<string, readonly string[]>> = {
  train: ['yin-yang'],
  sweep: [SWEEP],
  compare: [files.folder],
  simulate: [NETWORK, '--out', OUT],
  plot: [files.folder, '--out', `${OUT}.svg`],
  gradient: [NETWORK, '--loss', LOSS],
  evaluate: [TRAINED, '--task', 'yin-yang'],
  verify: [NETWORK],
  data: [TAPS],
  place: ['yin-yang'],
  'chip-report': ['yin-yang', '--chip', 'loihi', '--samples', '1'],
  convert: [ARCHITECTURE, `${OUT}.json`],
  doctor: [NETWORK],
  worker: [`--join=${NOBODY}`],
  workers: [`--join=${NOBODY}`],
  checkpoints: ['object:kept', `--join=${NOBODY}`],
}

const BAD = ['', '-1', 'word', '1e999', 'NaN', NOWHERE]

/** What is right for flags that take texts: all but nothing, and all but a path that cannot be. */
const ANY_TEXT = BAD.filter((value) => value !== '')
const ANY_PATH = ANY_TEXT.filter((value) => value !== NOWHERE)
const JOINING = [
  'doctor',
  'train',
  'sweep',
  'simulate',
  'gradient',
  'evaluate',
  'verify',
  'worker',
  'workers',
  'checkpoints',
]
const RIGHT: Readonly<Record<string, readonly string[]>> = {
  'plot --title': ANY_TEXT,
  'place --out': ANY_PATH,
  'place --pictures': ANY_PATH,
  'chip-report --pictures': ANY_PATH,
  'plot --out': ANY_PATH,
  'data --raster': ANY_PATH,
  'evaluate --predictions': ANY_PATH,
  'simulate --out': ANY_PATH,
  'simulate --checkpoint': ANY_PATH,
  'simulate --trace': ANY_PATH,
  'train --checkpoint': ANY_PATH,
  'train --trace': ANY_PATH,
  'train --runs': ANY_PATH,
  'sweep --out': ANY_PATH,
  'sweep --checkpoint': ANY_PATH,
  ...Object.fromEntries(JOINING.map((command) => [`${command} --join`, ANY_PATH])),
  'train --name': ['word', '1e999', 'NaN'],
  'worker --name': ANY_TEXT,
  'worker --listen': ANY_PATH,
  'worker --advertise': ANY_PATH,
}

/** A line in which a flag has a value, and no other one. */
function lineWith(command: string, flag: string, value: string): readonly string[] {
  const base = (BASES[command] ?? []).filter((part) => !part.startsWith(`${flag}=`))
  const at = base.indexOf(flag)
  const rest = at < 0 ? base : [...base.slice(0, at), ...base.slice(at + 2)]
  // Only this task reads files.
  const task = command === 'train' && flag === '--data' ? ['mnist'] : rest
  return [command, ...task, flag, value, '--json']
}

/** Two of them, others from flag to flag; the long run has all. */
function badValuesOf(command: string, flag: string, number: number): readonly string[] {
  const right = RIGHT[`${command} ${flag}`] ?? []
  const all = BAD.filter((value) => !right.includes(value))
  return all.filter((_, k) => isLong() || k === number % all.length || k === (number + 3) % all.length)
}

/** The one error that a command line that is wrong ends with. */
async function mistakeOf(argv: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const { code, out, err } = await run(...argv)
  expect({ code, out }, `${argv.join(' ')}\n${err}`).toEqual({ code: 2, out: '' })
  const [line, ...more] = jsonLines(err)
  expect(more).toEqual([])
  const error = line?.error as Readonly<Record<string, unknown>>
  expect(Object.keys(error)).toEqual(['code', 'message', 'file', 'field', 'found', 'expected', 'remedy'])
  expect(error.code).toMatch(/^[A-Z][A-Z_]+$/)
  for (const part of [error.message, error.found, error.expected, error.remedy]) expect(part, err).toMatch(/\S/)
  expect(error.message).not.toMatch(/bug in antidrome|\n\s+at /)
  return error
}

const VALUED = commands
  .flatMap((command) =>
    command.options
      .filter((option: Option) => option.required)
      .map((option) => ({ command: command.name(), flag: option.long as string })),
  )
  .map((valued, number) => ({ ...valued, number }))

test('every command has a line that is right, and is looked at', () => {
  expect(Object.keys(BASES).sort()).toEqual(commands.map((command) => command.name()).sort())
  expect(VALUED.length).toBeGreaterThan(80)
  for (const name of Object.keys(RIGHT)) expect(VALUED.map(({ command, flag }) => `${command} ${flag}`)).toContain(name)
})

describe('a value that a flag cannot have', () => {
  test.each(VALUED)('of $command $flag is refused by its name', async ({ command, flag, number }) => {
    for (const value of badValuesOf(command, flag, number)) {
      const { field } = await mistakeOf(lineWith(command, flag, value))
      // A part of a loss is named behind its flag.
      expect(field, JSON.stringify(value)).toBe(flag)
    }
  })
})

test.each(commands.map((command) => ({ command })))('$command refuses what is not its own', async ({ command }) => {
  const name = command.name()
  const base = BASES[name] ?? []
  expect(await mistakeOf([name, ...base, '--strange', '--json'])).toMatchObject({ field: '--strange' })
  expect(await mistakeOf([name, ...base, '--json', '--json'])).toMatchObject({ code: 'FLAG_REPEATED', field: '--json' })
  // Another argument is another run.
  const code = name === 'compare' ? 'RUN_MISSING' : 'ARGUMENT_UNEXPECTED'
  expect(await mistakeOf([name, '--json', ...base, 'more'])).toMatchObject({ code })
  // Every third; the long run has all.
  for (const option of command.options.filter(({ required }, k) => required && (isLong() || k % 3 === 0))) {
    const line = [name, ...base.slice(0, 1), '--json', option.long as string]
    expect(await mistakeOf(line)).toMatchObject({ code: 'FLAG_VALUE_MISSING', field: option.long })
  }
  if (command.registeredArguments.length === 0) return
  expect(await mistakeOf([name, '', ...base.slice(1), '--json'])).toMatchObject({ file: null })
  if (command.registeredArguments.every(({ required }) => required))
    expect(await mistakeOf([name, ...base.slice(1), '--json'])).toMatchObject({ code: 'ARGUMENT_MISSING' })
})

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { callRoll } from '../../src/actors/fleet/discover-workers.js'
import { readCoreWorkerReport } from '../../src/actors/fleet/read-messages.js'
import { PREDICTIONS } from '../../src/cli/outputs/output-kind.js'
import { outputsOf } from '../../src/cli/outputs/outputs.js'
import type { createProgram } from '../../src/cli/program.js'
import { describeRestart } from '../../src/cli/restarting.js'
import { runCommand } from '../../src/cli/run-command.js'
import type { Shown } from '../../src/cli/shown.js'
import { tellLast } from '../../src/cli/standard-streams.js'
import { formatTable } from '../../src/cli/table.js'
import { processTerminal, type Terminal } from '../../src/cli/terminal.js'
import { say, warn } from '../../src/cli/warn.js'
import { createWorkerLog } from '../../src/cli/worker/worker-log.js'
import { InputError, RunError } from '../../src/events/errors.js'
import { isPrintable, oneLine, printable } from '../../src/events/printable.js'
import { readReply } from '../../src/rendezvous/request-codec.js'
import { systemClock } from '../../src/streams/system-clock.js'
import { createMemoryBoard } from '../rendezvous/memory-rendezvous.js'
import { HASTY } from '../suites/rendezvous-suite.js'
import { CLOSED_FORM, createFiles, type Outcome, run } from './run-in-process.js'

const FORGED = '{"done":true,"digest":"00"}'
/** Colours, a link of OSC 8, lines of its own, what turns the direction of writing, controls of C1, what ends lines elsewhere. */
const ATTACK = `\u001b[2J\u001b]8;;http://x\u0007a\n${FORGED}\n\r\u009b31m\u202e\u2066\u2028${FORGED}\u2029\u007f\u0000`
const HOSTILE = `${ATTACK}${'w'.repeat(900_000)}`
/** A name of a file can hold neither a zero nor a slash, and is short. */
const NAME = ATTACK.replaceAll(/[\0/]/g, '')

const files = createFiles()
afterAll(() => files[Symbol.dispose]())

/** Neither stream has a control that is none of ours, a line that somebody else wrote, or much of it. */
function expectHarmless({ out, err }: Pick<Outcome, 'out' | 'err'>): void {
  const lines = `${out}${err}`.split('\n')
  expect(lines.filter((line) => !isPrintable(line))).toEqual([])
  expect(lines.filter((line) => line.trimStart().startsWith(FORGED.slice(0, 8)))).toEqual([])
  expect(out.length + err.length).toBeLessThan(30_000)
}

/** What a command prints in which something happens. */
async function printed(happens: (terminal: Terminal, json: boolean) => Promise<void>, json: boolean): Promise<Outcome> {
  let [out, err] = ['', '']
  const terminal: Terminal = {
    out: (text: string) => {
      out += text
    },
    err: (text: string) => {
      err += text
    },
    screen: null,
  }
  const create: typeof createProgram = () => {
    const command = new Command('a').option('--json').action(() => happens(terminal, json))
    return new Command('antidrome').addCommand(command.exitOverride())
  }
  const code = await runCommand(json ? ['a', '--json'] : ['a'], terminal, create)
  return { code, out, err }
}

const raise = (error: unknown) => async () => {
  throw error
}

/** What a command does with an error that a worker replies with. */
const replying = (error: object) => async () => {
  const body: unknown = readReply('antidrome.worker.a', JSON.stringify({ error }))
  throw body
}

const record = (kind: string, more: object = {}) => ({
  ...{ kind, name: HOSTILE, code: HOSTILE, message: HOSTILE, details: { peer: HOSTILE }, mistake: null },
  ...{ remedy: HOSTILE, cause: HOSTILE, stack: `${HOSTILE}\n    at ${HOSTILE}` },
  ...more,
})

const mistake = { code: HOSTILE, file: HOSTILE, field: HOSTILE, found: HOSTILE, expected: HOSTILE, remedy: HOSTILE }

/** Something happens to a command, and others have chosen the words. */
const EVENTS: Readonly<Record<string, (terminal: Terminal, json: boolean) => Promise<void>>> = {
  ...Object.fromEntries(
    [
      record('RunError'),
      record('InputError', { mistake }),
      record('InternalError'),
      record('Error'),
      record('RunError', { name: 'LinkError', code: 'LINK_BROKEN' }),
    ].map((error) => [
      `a worker replies with an error, ${error.kind} ${error.name.slice(0, 9).trim()}`,
      replying(error),
    ]),
  ),
  async 'a worker replies with what is no error'() {
    await replying({ kind: HOSTILE, message: { toString: HOSTILE } })()
  },
  async 'a lease is held'() {
    const board = createMemoryBoard({ clock: systemClock(), numbers: HASTY })
    const holder = { name: HOSTILE, machine: HOSTILE, since: HOSTILE }
    await using _first = await board.join('a').takeLease(NAME, holder)
    await board.join('b').takeLease(NAME, holder)
  },
  async 'workers say who they are'(terminal) {
    const board = createMemoryBoard({ clock: systemClock(), numbers: HASTY })
    const versions = { antidrome: HOSTILE, protocol: 1, arithmetic: 1 }
    await using _reply = await board.join('a').reply('antidrome.workers', async () => ({
      ...{ id: 'a', name: HOSTILE, machine: HOSTILE, versions },
    }))
    const { strangers } = await callRoll(board.join('b'), versions, undefined, 100)
    terminal.out(formatTable(['worker', HOSTILE], [...strangers.map(({ name }) => [name, '-']), [HOSTILE, 1]]))
  },
  async 'a process of a worker ends'(terminal, json) {
    const end = { exitCode: 1, signal: null, lastWords: HOSTILE }
    const stamp = { run: 'r', epoch: 0, start: 1 }
    const told = readCoreWorkerReport({ type: 'ended', stamp, host: 0, end })
    const log = createWorkerLog(terminal, HOSTILE.slice(0, 100), json, () => 0)
    log.event({ type: 'ended', stamp, slot: 0, cores: [0], pid: 1, end: told.end })
    log.event({ type: 'refused', stamp, error: new Error(HOSTILE) })
    log.status({ kind: 'denied', operation: 'publish', subject: HOSTILE.slice(0, 300) })
  },
  async 'cores are started anew'(terminal) {
    const reason = new RunError({ code: 'CORE_DIED', message: HOSTILE })
    say(terminal, describeRestart({ number: 1, reason, repeated: 1 }, 3))
  },
  async 'something is warned of'(terminal, json) {
    warn(terminal, json, { code: 'A_CODE', message: HOSTILE.slice(0, 3000) })
  },
  'a mistake quotes all of it': raise(new InputError({ ...mistake, further: [HOSTILE] })),
  'code of a user throws': raise(Object.assign(new Error(HOSTILE), { name: HOSTILE })),
  'a text is thrown': raise(HOSTILE),
}

describe.each(Object.keys(EVENTS))('%s:', (event) => {
  test.each([false, true])('nothing of it reaches a terminal, with --json %s', async (json) => {
    expectHarmless(await printed(EVENTS[event]!, json))
  })
})

const hostileGroup = {
  ...CLOSED_FORM,
  groups: [{ name: ATTACK, kind: 'source', size: 1 }],
  projections: [{ source: ATTACK, target: ATTACK, weights: [[1]], delays: 1 }],
}
const csv = (label: string, time = '1') => `sample,unit,time_ms,label\n0,0,${time},"${label}"\n1,1,2,b\n`
const quoted = ATTACK.replaceAll('"', '""').replaceAll('\0', '')

/** What a command line and its files say. */
const LINES: Readonly<Record<string, () => readonly string[]>> = {
  'a name of a group': () => ['simulate', files.write('group.json', hostileGroup), '--until', '1'],
  'a field of a network': () => [
    'simulate',
    files.write('field.json', { ...CLOSED_FORM, [ATTACK]: 1 }),
    '--until',
    '1',
  ],
  'what is no JSON': () => ['simulate', files.write('text.json', `{"a": ${ATTACK}`), '--until', '1'],
  'a name of a class': () => ['data', files.write('class.csv', csv(quoted))],
  'a name of a class, without lines': () => ['data', files.write('name.csv', csv(quoted.replaceAll(/[\n\r]/g, '')))],
  'a cell': () => ['data', files.write('cell.csv', csv('a', `"${quoted}"`))],
  'a title of a column': () => ['data', files.write('title.csv', `"${quoted}",unit,time_ms\n0,0,1\n`)],
  'a name of a file': () => ['simulate', join(files.folder, NAME), '--until', '1'],
  'a name of a file that is there': () => ['data', files.write(`${NAME}.csv`, csv('a'))],
  'a folder of a class'() {
    mkdirSync(join(files.folder, 'set', NAME), { recursive: true })
    files.write(join('set', NAME, 'a.csv'), 'time_ms,unit\n1,0\n')
    return ['data', join(files.folder, 'set')]
  },
  'a flag': () => ['simulate', 'balanced', '--until', ATTACK],
  'a flag that there is not': () => ['simulate', `--${ATTACK}`],
  'a command': () => [ATTACK],
  'a place for a file': () => ['plot', files.folder, '--out', join(files.folder, NAME, 'a.svg')],
}

describe.each(Object.keys(LINES))('%s:', (what) => {
  test.each([false, true])('nothing of it reaches a terminal, with --json %s', async (json) => {
    const outcome = await run(...LINES[what]!(), ...(json ? ['--json'] : []))
    expectHarmless(outcome)
    // JSON keeps what it was, in escapes.
    if (json) for (const line of `${outcome.out}${outcome.err}`.trimEnd().split('\n')) JSON.parse(line)
  })
})

test('the streams of the process get no control from whatever else, but data as they are', async () => {
  const written: unknown[] = []
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((text) => written.push(text) > 0),
  )
  try {
    const text = `${ATTACK}\n` as Shown
    const terminal = processTerminal()
    terminal.out(text)
    terminal.err(text)
    tellLast(text)
    const data = await outputsOf(new Command('a'), terminal).file({
      flag: '--a',
      path: '/dev/stdout',
      kind: PREDICTIONS,
    })
    await data.write(ATTACK)
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  const shown = `${ATTACK.split('\n').map(printable).join('\n')}\n`
  expect(written).toEqual([shown, shown, shown, ATTACK])
})

test('what is left of a long text says how much more there was, and is left as it is', () => {
  for (const text of [HOSTILE, 'w'.repeat(2001), '\u001b'.repeat(400), `${'w'.repeat(1999)}\u{1f600}\n`]) {
    const few = oneLine(text)
    expect(few.length).toBeLessThanOrEqual(2000)
    expect(oneLine(few)).toBe(few)
    const [, shown = '', more] = /^(.*)… \((\d+) characters more\)$/.exec(few) ?? []
    const kept = JSON.parse(`"${shown.replaceAll(/(?<!\\)"/g, '\\"')}"`) as string
    expect(text.startsWith(kept)).toBe(true)
    expect(kept.length + Number(more)).toBe(text.length)
  }
  expect(oneLine('w'.repeat(2000))).toBe('w'.repeat(2000))
})

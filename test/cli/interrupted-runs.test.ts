import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { runCommand } from '../../src/cli/run-command.js'
import { RECORDED } from './recording/recorded-network.js'
import { createFiles, type Outcome } from './run-in-process.js'

const files = createFiles()
const home = process.cwd()
beforeAll(() => process.chdir(files.folder))
afterEach(() => void process.removeAllListeners('newListener'))
afterAll(() => {
  process.chdir(home)
  files[Symbol.dispose]()
})

const NETWORK = files.write('network.json', RECORDED)
const PRESET = files.write('tiny.json', {
  format: 'antidrome-preset',
  version: 1,
  task: 'temporal-patterns',
  network: { hidden: [6] },
  data: { classes: 3, channels: 5, until: 70, sizes: { train: 12, validation: 3, test: 3 } },
  training: { learn: ['weights'], epochs: 3, batch: 6, optimizer: { kind: 'adam', learningRate: 0.01 } },
})
const TRAIN = ['train', 'temporal-patterns', '--preset', PRESET]

/** Runs a command that is interrupted when it says something, or else as soon as it can hear of it. */
async function interrupted(argv: readonly string[], when: RegExp | null = null): Promise<Outcome> {
  let [out, err, isStopped] = ['', '', false]
  const stop = () => {
    if (!isStopped) process.emit('SIGINT', 'SIGINT')
    isStopped = true
  }
  const hear = (text: string) => {
    if (when?.test(text)) stop()
    return text
  }
  if (when === null) process.on('newListener', (name) => name === 'SIGINT' && queueMicrotask(stop))
  const code = await runCommand(argv, {
    out: (text) => {
      out += hear(text)
    },
    err: (text) => {
      err += hear(text)
    },
    screen: null,
  })
  return { code, out, err }
}

const saying = (text: string) => ({ code: 130, err: expect.stringContaining(`interrupted; ${text}`) })

test('a training says that there is no checkpoint yet, and leaves no lock, no draft and no empty folder', async () => {
  for (const when of [null, /^Training/]) {
    const argv = [...TRAIN, '--name', 'early', '--checkpoint', 'early/kept']
    expect(await interrupted(argv, when)).toMatchObject(
      saying(when === null ? 'nothing was written yet.' : 'no checkpoint was written yet.'),
    )
    expect(existsSync('early')).toBe(false)
  }
})

test('and that there is one as soon as there is', async () => {
  const argv = [...TRAIN, '--checkpoint', 'kept', '--json']
  expect(await interrupted(argv, /"epoch":1/)).toMatchObject(
    saying('kept keeps a checkpoint, from which --resume continues.'),
  )
  expect(readdirSync('kept')).toContain('checkpoint-000002.antd')
})

test('without checkpoints it says whether an epoch was finished', async () => {
  expect(await interrupted([...TRAIN, '--name', 'none'], /^Training/)).toMatchObject(
    saying(`no epoch was finished, and ${join('runs', 'none')} keeps nothing of it.`),
  )
  expect(await interrupted([...TRAIN, '--name', 'one', '--json'], /"epoch":1/)).toMatchObject(
    saying(`${join('runs', 'one')} keeps what the finished epochs left.`),
  )
  expect(readdirSync(join('runs', 'one'))).toContain('metrics.jsonl')
})

test('of several seeds it says the same of the one that was under way', async () => {
  expect(await interrupted([...TRAIN, '--name', 'several', '--seeds', '1,2', '--json'], /"seed":2/)).toMatchObject(
    saying(`${join('runs', 'several', 'seed-2')} keeps what the finished epochs left.`),
  )
  expect(await interrupted([...TRAIN, '--name', 'other', '--seeds', '1,2', '--json'])).toMatchObject(
    saying('no seed is through.'),
  )
})

test('a recording says what there is of it', async () => {
  const argv = ['simulate', NETWORK, '--until', '20']
  const kept = ['--out', 'b', '--checkpoint', 'c']
  expect(await interrupted([...argv, ...kept])).toMatchObject(saying('no checkpoint was written yet.'))
  expect(['b', 'c'].filter((name) => existsSync(name))).toEqual([])
  // Here the first segment was on its way.
  expect(await interrupted([...argv, '--out', 'a'])).toMatchObject(saying('a keeps what was recorded.'))
  expect(readdirSync('a')).toEqual(['exc.spikes', 'inh.spikes', 'manifest.json'])
})

import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openCheckpoints } from '../../../src/storage/checkpoint/checkpoint-folder.js'
import { createWorkingFolder, jsonLines, run } from '../run-in-process.js'
import { TINY_PRESET } from '../tiny-training.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const CONSTANT = { ...TINY_PRESET, training: { ...TINY_PRESET.training, schedule: { kind: 'constant' } } }
const PRESET = files.write('tiny.json', CONSTANT)
const TINY = ['train', 'temporal-patterns', '--preset', PRESET, '--json']
const at = (...path: string[]) => join('runs', ...path)
const textOf = (...path: string[]) => readFileSync(at(...path), 'utf8')
const recordOf = (name: string) => JSON.parse(textOf(name, 'run.json'))
/** Too small a step to move any double by. */
const STANDING = ['--rate', '1e-300', '--learn', 'weights,delays', '--epochs', '1']

async function train(name: string, ...flags: string[]) {
  const { code, out, err } = await run(...TINY, '--name', name, ...flags)
  expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining('{"') })
  const lines = jsonLines(out)
  return { err, digest: lines.at(-1)!.digest, epochs: lines.flatMap(({ epoch }) => epoch ?? []) }
}

async function mistakeOf(...flags: string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await run(...TINY, '--name', 'refused', ...flags)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(existsSync(at('refused'))).toBe(false)
  return jsonLines(err)[0]!.error as Record<string, unknown>
}

test('a training begins with the parameters of a run, or of a network file, and says whose', async () => {
  const first = await train('first', '--epochs', '3', '--checkpoint', 'kept')
  const network = at('first', 'network.json')
  for (const [name, from] of [
    ['of-run', at('first')],
    ['of-file', network],
  ] as const) {
    const still = await train(name, '--from', from, ...STANDING)
    // No parameter and no spike of the test split is another one.
    expect(still).toMatchObject({ digest: first.digest, epochs: [1] })
    expect(textOf(name, 'network.json')).toBe(textOf('first', 'network.json'))
    const digest = createHash('sha256').update(readFileSync(network)).digest('hex')
    expect(recordOf(name).from).toEqual({ path: network, digest })
  }
  expect(recordOf('first').from).toBeUndefined()
  const more = await train('more', '--from', at('first'))
  expect(more.epochs).toEqual([1, 2])
  expect(more.digest).not.toBe(first.digest)
  // The moments of the optimiser begin at zero, too.
  const whole = await train('whole', '--epochs', '5')
  expect(more.digest).not.toBe(whole.digest)
})

describe('with --resume', () => {
  test('it goes on where the checkpoint of the run stands, to the bits of a training that never stopped', async () => {
    const whole = await train('whole-4', '--epochs', '4')
    await train('half', '--epochs', '2', '--checkpoint', 'half-kept')
    const plain = await train('rest', '--from', at('half'), '--resume', '--epochs', '4')
    expect(plain).toMatchObject({ digest: whole.digest, epochs: [3, 4] })
    expect(plain.err).toContain('2 epochs are done')
    const kept = ['--from', at('half'), '--resume', '--epochs', '4', '--checkpoint', 'rest-kept']
    const first = await train('rest-kept', ...kept)
    expect(first).toMatchObject({ digest: whole.digest, epochs: [3, 4] })
    // Now there are checkpoints of its own to go on from.
    const again = await train('rest-kept', ...kept)
    expect(again).toMatchObject({ digest: whole.digest, epochs: [] })
    expect(again.err).toContain('4 epochs are done')
  })

  test('a training that began with parameters alone continues from its own checkpoints', async () => {
    const line = ['--from', at('half'), '--checkpoint', 'own-kept']
    const { digest } = await train('own', ...line)
    expect(await train('own', ...line, '--resume')).toMatchObject({ digest, epochs: [] })
  })

  test('what has no checkpoint, or no epoch left, or was another training, is refused', async () => {
    const network = at('half', 'network.json')
    expect(await mistakeOf('--from', network, '--resume')).toMatchObject({
      code: 'CHECKPOINTS_MISSING',
      field: '--from',
    })
    expect(await mistakeOf('--from', at('rest'), '--resume')).toMatchObject({ code: 'CHECKPOINTS_MISSING' })
    expect(await mistakeOf('--from', at('half'), '--resume')).toMatchObject({
      ...{ code: 'FLAG_VALUE', field: '--epochs', found: expect.stringContaining('has done 2') },
      remedy: expect.stringContaining('--epochs 4'),
    })
    const other = await mistakeOf('--from', at('half'), '--resume', '--epochs', '4', '--batch', '4')
    expect(other).toMatchObject({ code: 'CHECKPOINT_MISMATCH', field: 'batch', found: '6', expected: '4' })
    expect(await mistakeOf('--resume')).toMatchObject({ code: 'FLAG_CONFLICT', field: '--resume' })
  })
})

describe('of a training with an option that was removed', () => {
  test('nothing goes on, by the name of the option, while its parameters are read', async () => {
    await using store = await openCheckpoints('half-kept', { resume: true })
    const { checkpoint } = (await store.newest())!
    const { head, body } = checkpoint
    await store.write({ head: { ...head, identity: { ...head.identity, nearMiss: '{"hidden":{}}' } }, body })
    await store[Symbol.asyncDispose]()
    const training = { ...CONSTANT.training, rateBand: { hidden: { low: 0, high: 1, strength: 1 } } }
    const preset = files.write('older.json', { ...CONSTANT, training })
    const record = { ...recordOf('half'), preset }
    writeFileSync(at('half', 'run.json'), JSON.stringify({ ...record, flags: { ...record.flags, preset } }))

    const from = ['--from', at('half')]
    const refused = { code: 'TRAIN_OPTION_REMOVED', remedy: expect.stringMatching(/^Use spikeBudget .*--spike-budget/) }
    const resumed = await mistakeOf(...from, '--resume', '--epochs', '4')
    expect(resumed).toMatchObject({ ...refused, file: expect.stringMatching(/^half-kept/), field: 'nearMiss' })
    const older = await run('train', 'temporal-patterns', '--preset', preset, '--json', '--name', 'refused')
    expect(jsonLines(older.err)[0]!.error).toMatchObject({ ...refused, file: preset, field: 'training.rateBand' })
    for (const flag of ['--near-miss', '--rate-band'])
      expect(await mistakeOf(flag, 'hidden:0.2')).toMatchObject({ ...refused, field: flag, found: '"hidden:0.2"' })

    await train('parameters-alone', ...from)
    const { code, out, err } = await run('evaluate', at('half'), '--json')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(jsonLines(out)[0]).toMatchObject({ accuracy: expect.any(Number) })
  })
})

test('a network of another shape is refused, by group or projection', async () => {
  expect(await mistakeOf('--from', at('half'), '--hidden', '7')).toMatchObject({
    code: 'NETWORK_MISMATCH',
    ...{ field: 'group "hidden"', found: '6 units of kind lif', expected: '7 units of kind lif' },
    ...{ file: at('half', 'network.json'), remedy: expect.stringContaining('--hidden') },
  })
  expect(await mistakeOf('--from', at('half'), '--recurrent')).toMatchObject({
    ...{ field: 'projection "hidden->hidden"', found: 'none', expected: 'dense from 6 to 6 units' },
  })
  expect(await mistakeOf('--from', at('half'), '--learn', 'weights')).toMatchObject({
    ...{ field: 'projection "input->hidden"', found: expect.stringMatching(/^\d+ delays$/), expected: '0' },
  })
  expect(await mistakeOf('--from', 'nowhere.json')).toMatchObject({ code: 'FILE_UNREADABLE', field: '--from' })
  const own = await run(...TINY, '--name', 'half', '--from', at('half'), '--overwrite')
  expect(own).toMatchObject({ code: 2, err: expect.stringContaining('--overwrite replaces') })
  expect(existsSync(at('half', 'network.json'))).toBe(true)
})

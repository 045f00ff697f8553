import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parseAugmentation, parseShape } from '../../src/cli/events/event-flags.js'
import { parseSplit } from '../../src/cli/events/parse-split.js'
import { createWorkingFolder, jsonLines, run } from './run-in-process.js'
import { runProcess } from './run-process.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

/** Five units spike one after the other, upwards or downwards; eight speakers are each a little slower than the last. */
const rows = Array.from({ length: 80 }, (_, k) => {
  const [speaker, isUp] = [k % 8, Math.floor(k / 8) % 2 === 0]
  return Array.from({ length: 5 }, (_each, i) => {
    const time = 2 + i * (3 + speaker / 4) + ((7 * k + 3 * i) % 5) / 4
    return `${k},${time},${isUp ? i : 4 - i},${isUp ? 'up' : 'down'},${speaker}`
  })
})
files.write('taps.csv', `sample,time_ms,unit,label,speaker\n${rows.flat().join('\n')}\n`)
const SPLIT = ['--split', 'by=speaker,validation=6,test=7']
const TRAIN = ['train', 'events', '--data', 'taps.csv', '--hidden', '40', '--json']
const AUGMENT = ['--dead-time', '0.5', '--augment', 'blend=0.3,drop=0.1,tempo=0.1,jitter=0.2']

describe('train events', () => {
  test('learns recordings of a file, and evaluate measures the run on the same samples', async () => {
    const { code, out, err } = await run(...TRAIN, ...SPLIT, ...AUGMENT, '--epochs', '10', '--name', 'a')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(jsonLines(out).at(-1)).toMatchObject({ done: true, testAccuracy: 1 })
    const evaluated = await run('evaluate', 'runs/a', '--json')
    expect(evaluated.err).toBe('')
    expect(jsonLines(evaluated.out).at(-1)).toMatchObject({ split: 'test', samples: 10, accuracy: { mean: 1 } })
    expect(JSON.parse(readFileSync(join(files.folder, 'runs/a/run.json'), 'utf8'))).toMatchObject({
      task: 'events',
      flags: { split: { by: 'speaker', validation: [6], test: [7] }, 'dead-time': 0.5 },
      identity: { 'data.data': expect.stringMatching(/^[0-9a-f]{64}$/), 'data.deadTime': '0.5' },
    })
    expect(readFileSync(join(files.folder, 'runs/a/raster.svg'), 'utf8')).toContain('(up)')
  })

  test('tells of recordings that have changed since a run, and names what is no longer there', async () => {
    const taps = readFileSync('taps.csv', 'utf8')
    files.write('moving.csv', taps)
    const train = ['train', 'events', '--data', 'moving.csv', '--hidden', '4', '--json']
    expect((await run(...train, ...SPLIT, '--epochs', '1', '--name', 'moved')).code).toBe(0)
    expect((await run('evaluate', 'runs/moved', '--json')).err).toBe('')
    files.write('moving.csv', taps.replaceAll(',up,', ',a,'))
    const changed = {
      warning: {
        code: 'DATA_CHANGED',
        message: expect.stringMatching(
          /moving.csv holds other recordings than those of the run: digest \w{64}, before/,
        ),
      },
    }
    expect(jsonLines((await run('evaluate', 'runs/moved', '--json')).err)).toEqual([changed])
    const report = await run('chip-report', 'runs/moved', '--chip', 'loihi', '--samples', '1', '--json')
    expect(jsonLines(report.err)).toContainEqual(changed)
    expect((await run('evaluate', 'runs/moved', '--data', 'moving.csv', '--json')).err).toBe('')
    files.write('moving.csv', taps.replaceAll(',4,', ',5,'))
    expect((await run('evaluate', 'runs/moved')).err).toContain('Give --data with recordings of the shape, the classes')
    rmSync('moving.csv')
    expect((await run('evaluate', 'runs/moved')).err).toContain(
      'found no such file, expected a file. Give --data: the run',
    )
  })

  test('continues from checkpoints, with the same bits, and not with other data', async () => {
    const all = [...TRAIN, ...SPLIT, ...AUGMENT, '--epochs', '4', '--checkpoint', 'kept', '--resume']
    const whole = await run(...all, '--name', 'whole')
    // The last two never were written.
    for (const name of readdirSync('kept').sort().slice(-2)) rmSync(join('kept', name))
    const rest = await run(...all, '--name', 'rest')
    expect(rest.err).toContain('epoch')
    expect(jsonLines(rest.out).at(-1)?.digest).toBe(jsonLines(whole.out).at(-1)?.digest)
    const other = await run(...TRAIN, ...SPLIT, '--pool', '2', '--epochs', '4', '--checkpoint', 'kept', '--resume')
    expect(other.err).toContain('CHECKPOINT_MISMATCH')
  })

  test('has the same bits where cores read the recordings themselves', async () => {
    const seconds = rows.flat().map((row) => row.replace(/,([^,]+)/, (_, ms: string) => `,${Number(ms) / 1000}`))
    files.write('seconds.csv', `sample,time,unit,label,speaker\n${seconds.join('\n')}\n`)
    const said = ['--time-unit', 's', '--shape', '6', '--classes', '4', '--until', '35', ...SPLIT, ...AUGMENT]
    const train = ['train', 'events', '--data', 'seconds.csv', ...said, '--hidden', '40', '--epochs', '1']
    const line = [...train, '--overwrite', '--name', 'cores', '--json']
    const expected = jsonLines((await run(...line)).out).at(-1)
    const { code, out, err } = await runProcess(files.folder, ...line, '--cores', '2', '--transport', 'thread')
    expect({ code, err: err.includes('SAMPLES_SENT') }).toEqual({ code: 0, err: false })
    expect(jsonLines(out).at(-1)).toEqual(expected)
  })

  test('has the same bits on all placements, and a network per seed', async () => {
    const verify = ['verify', 'events', '--data', 'taps.csv', '--hidden', '40', ...SPLIT, ...AUGMENT, '--epochs', '1']
    const { out } = await run(...verify, '--cores', '2', '--transport', 'local', '--json')
    expect(jsonLines(out).at(-1)).toMatchObject({ equal: true })
    const seeds = await run(...TRAIN, ...SPLIT, '--epochs', '1', '--seeds', '1,2', '--name', 'seeds')
    expect(jsonLines(seeds.out).at(-1)).toMatchObject({ seeds: 2 })
  })

  test('takes settings of a preset, over which flags go', async () => {
    const preset = files.write('events.json', {
      ...{ format: 'antidrome-preset', version: 1, task: 'events', network: { hidden: 8 } },
      data: { pool: 2, until: 30, split: { by: 'speaker', validation: [1], test: [2] } },
      training: { learn: ['weights'], epochs: 1, batch: 8, optimizer: { kind: 'adam', learningRate: 0.01 } },
    })
    const { code, err } = await run(
      'train',
      'events',
      '--data',
      'taps.csv',
      '--preset',
      preset,
      '--pool',
      '5',
      '--name',
      'p',
    )
    expect({ code, err: err.includes('error') }).toEqual({ code: 0, err: false })
    const { identity } = JSON.parse(readFileSync(join(files.folder, 'runs/p/run.json'), 'utf8'))
    expect(identity).toMatchObject({ 'data.pool': '5', until: '30', 'data.split': expect.stringContaining('"[1]"') })
  })

  test('warns of a speaker in several splits', async () => {
    const { err } = await run(...TRAIN, '--epochs', '1', '--name', 'shared')
    expect(jsonLines(err)).toEqual([
      { warning: { code: 'GROUP_IN_SPLITS', message: expect.stringMatching(/^speaker \d has recordings in/) } },
    ])
  })

  test('tells mistakes by flag and file', async () => {
    const refusal = async (...argv: string[]) => {
      const { code, err } = await run('train', 'events', ...argv)
      expect(code).toBe(2)
      return err
    }
    expect(await refusal()).toContain('--data: found no file')
    expect(await refusal('--data', 'none.csv')).toContain('none.csv: --data: found no such file')
    expect(await refusal('--data', 'taps.csv', '--split', 'by=speakr,validation=1')).toContain(
      '--split.by: found "speakr"',
    )
    files.write('bad.csv', 'sample,time_ms,unit,label\n0,-1,0,0\n')
    expect(await refusal('--data', 'bad.csv')).toContain('bad.csv: line 2, column "time_ms": found -1')
    files.write('bad.xyz', '')
    files.write('plain.csv', 'sample,time,unit,label\n0,1,0,0\n')
    expect(await refusal('--data', 'plain.csv')).toContain('Rename it, or give --time-unit s, ms or us.')
    expect(await refusal('--data', 'taps.csv', '--shape', '3')).toContain('line 5, column "unit": found 3, expected')
    expect(await refusal('--data', 'taps.csv', '--shape', '3')).toContain('Give --shape if there are more')
    expect(await refusal('--data', 'taps.csv', '--classes', '1')).toContain('found 2 names, expected 1 at most')
    files.write('bin.bin', '')
    expect(await refusal('--data', 'bin.bin', '--time-unit', 'ms')).toContain(
      '--time-unit: found "ms", expected none, as recordings of the format nmnist say it themselves',
    )
    expect(await refusal('--data', 'bin.bin', '--shape', '700')).toContain(
      '--shape: found [700], expected [2, height, width], that of a camera',
    )
    expect(await refusal('--data', 'bad.xyz')).toContain('bad.xyz: --format: found a file whose name says no format')
    expect(await refusal('--data', 'taps.csv', '--until', '1')).toContain(
      '--until: found 1 ms, before which none of 56 training recordings has an event',
    )
    expect(await refusal('--data', 'taps.csv', '--classes', '70000')).toContain(
      '--classes: found 70000, expected an integer',
    )
    expect(await refusal('--data', 'taps.csv', '--time-unit', 's')).toContain(
      'taps.csv: time_ms: found times whose name says ms, expected s, as was said. Leave --time-unit out',
    )
    files.write('dev.csv', 'sample,time_ms,unit,label,split\n0,1,0,0,train\n1,1,0,0,dev\n')
    expect(await refusal('--data', 'dev.csv')).toContain(
      'dev.csv: groups.split[1]: found "dev", expected train, validation, test or none. Call splits so',
    )
    files.write('wide.csv', 'sample,time_ms,unit,label\n0,1,2000000000,0\n')
    expect(await refusal('--data', 'wide.csv', '--pool', '9999')).toContain(
      'wide.csv: recordings.shape: found [2000000001]',
    )
    const { err } = await run('train', 'yin-yang', '--pool', '2')
    expect(err).toContain('--pool: found the flag, expected a run without it.')
    expect((await run('place', 'events')).err).toContain('DATA_MISSING')
  })
})

describe('data', () => {
  test('tells what recordings hold, as text or JSON, and draws one', async () => {
    const { code, out, err } = await run('data', 'taps.csv')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(
      /^recordings {2}80, 0 of them without events\nshape {7}5, 0 units never have an event\nevents {6}400; 5 to 5/,
    )
    expect(out).toContain('speaker     8: 0 (10), 1 (10)')
    expect(out).toContain('    1  up             40            5\n')
    const json = await run('data', 'taps.csv', '--raster', 'one.svg', '--sample', '9', '--json')
    expect(jsonLines(json.out)).toEqual([
      expect.objectContaining({
        recordings: 80,
        events: 400,
        shape: [5],
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      }),
    ])
    const picture = readFileSync(join(files.folder, 'one.svg'), 'utf8')
    expect(picture).toContain('Recording 9 of taps.csv')
    expect(picture).toContain('down, speaker 1')
  })

  test.each([
    [
      'times of 1970',
      (k: number) => 1.7e12 + 100 * k,
      'time_ms',
      'TIMES_LATE',
      'begin 1700000000000 ms or more after 0',
    ],
    [
      'seconds read as µs',
      (k: number) => ((k % 4) + 1) / 4,
      't',
      'RATE_HIGH',
      'a unit has 4 MHz of events in the mean',
    ],
  ])('warns of %s', async (_, timeOf, column, code, evidence) => {
    const events = Array.from({ length: 40 }, (_each, k) => {
      const sample = Math.floor(k / 4)
      return `${sample},${timeOf(k)},0,${sample % 2 === 0 ? 'up' : 'down'}`
    })
    files.write(`${column}.csv`, [`sample,${column},unit,label`, ...events].join('\n'))
    const { err, out } = await run('data', `${column}.csv`, '--json')
    expect(jsonLines(err)).toEqual([{ warning: { code, message: expect.stringContaining(evidence) } }])
    expect(jsonLines(out)).toMatchObject([{ events: 40 }])
  })

  test('says by which flag, and so does a training', async () => {
    const flag = '--time-unit on the command line, says in which: s, ms or us.'
    expect((await run('data', 't.csv')).err).toContain(flag)
    expect((await run('data', 't.csv', '--time-unit', 's')).err).toBe('')
    // Within 1 ms nothing can spike: the times are named first.
    const { err } = await run('train', 'events', '--data', 't.csv', '--name', 't', '--json')
    const remedy = expect.stringMatching(/^Look at the times first: a unit has 4 MHz .*: s, ms or us\.$/)
    expect(jsonLines(err)).toMatchObject([{ error: { code: 'RATE_UNREACHABLE', remedy } }])
  })

  test('is told what the files leave open', async () => {
    const rows = Array.from({ length: 24 }, (_, k) => `${k},${(k % 5) / 100},${k % 3},${k % 2}`)
    files.write('bare.csv', ['sample,time,unit,label', ...rows].join('\n'))
    const said = ['--time-unit', 's', '--shape', '6', '--classes', '4']
    const { out } = await run('data', 'bare.csv', ...said, '--json')
    expect(jsonLines(out)).toMatchObject([{ shape: [6], lastMs: 40, classes: [{}, {}, {}, { recordings: 0 }] }])
    const camera = await run('data', 'bare.csv', '--time-unit', 'us', '--shape', '2x3x1', '--json')
    expect(jsonLines(camera.out)).toMatchObject([{ shape: [2, 3, 1], lastMs: 0.00004 }])
    const line = ['events', '--data', 'bare.csv', ...said, '--until', '35', '--hidden', '4', '--epochs', '1']
    const trained = await run('train', ...line, '--name', 'bare', '--json')
    expect({ code: trained.code, err: trained.err.includes('error') }).toEqual({ code: 0, err: false })
    const record = JSON.parse(readFileSync(join(files.folder, 'runs/bare/run.json'), 'utf8'))
    expect(record).toMatchObject({
      flags: { 'time-unit': 's', shape: [6], classes: 4, until: 35 },
      identity: { until: '35', 'data.until': '35' },
    })
    const { err, out: measured } = await run('evaluate', 'runs/bare', '--json')
    expect(err).toBe('')
    expect(jsonLines(measured).at(-1)).toMatchObject({
      accuracy: { mean: jsonLines(trained.out).at(-1)?.testAccuracy },
    })
    const verified = await run('verify', ...line, '--cores', '2', '--transport', 'local', '--json')
    expect(jsonLines(verified.out).at(-1)).toMatchObject({ equal: true })
  })

  test('refuses what is not there', async () => {
    expect((await run('data', 'none.csv')).err).toContain('none.csv: file: found no such file')
    expect((await run('data', 'taps.csv', '--raster', 'x.svg', '--sample', '80')).err).toContain('--sample: found 80')
    expect((await run('data', 'taps.csv', '--sample', '1')).err).toContain('there is no picture without --raster')
  })
})

describe('flags of events', () => {
  test('read splits by groups and by shares', () => {
    expect(parseSplit('by=speaker,validation=20-23+30,test=ann+007')).toEqual({
      ...{ by: 'speaker', validation: [20, 21, 22, 23, 30], test: ['ann', '007'] },
    })
    expect(parseSplit('by=speaker,test=7,validation-by=session,validation=2')).toEqual({
      ...{ by: 'speaker', test: [7], validationBy: 'session', validation: [2] },
    })
    expect(parseSplit('validation=0.2,seed=3')).toEqual({ validation: 0.2, seed: 3 })
    for (const wrong of [
      'by=a',
      'by=a,validation=',
      'by=a,validation=3-1',
      'validation=1',
      'seed=0.5',
      'by=a,validation=1,seed=2',
    ])
      expect(() => parseSplit(wrong), wrong).toThrow('--split: found')
  })

  test('read shapes', () => {
    expect(parseShape('700')).toEqual([700])
    expect(parseShape('2x34x34')).toEqual([2, 34, 34])
    for (const wrong of ['', '0', '2x3', '2x0x3', '-1', '1e3', '2x40000x40000', '1x2x3x4'])
      expect(() => parseShape(wrong), wrong).toThrow('--shape: found')
  })

  test('read augmentations', () => {
    const text = 'blend=0.5,shift=15,rotation=0.15,zoom=0.08,translation=0.6,drop=0.1,tempo=0.1,jitter=1'
    expect(parseAugmentation(text)).toEqual({
      ...{ blend: 0.5, shift: 15, rotation: 0.15, zoom: 0.08, translation: 0.6 },
      ...{ drop: 0.1, tempo: 0.1, jitter: 1 },
    })
    const wrong = ['shift=0.5', 'drop=2', 'tempo=1', 'jitter=-1', 'zoom=1', 'rotation=-1', 'blend=1.1', 'translation=a']
    for (const one of wrong) {
      const [name] = one.split('=')
      expect(() => parseAugmentation(one), one).toThrow(`--augment: found "${one}", expected as ${name} a`)
    }
    for (const wrong of ['shift=1,shift=2', 'shift', 'turn=1'])
      expect(() => parseAugmentation(wrong), wrong).toThrow('--augment: found')
  })
})

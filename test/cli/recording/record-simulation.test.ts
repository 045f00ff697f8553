import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openRecording } from '../../../src/storage/recording/read-recording.js'
import { startRecording } from '../../../src/storage/recording/record.js'
import { jsonLines, networkFile, run, simulatedLines } from '../run-in-process.js'
import { finish, startGroup } from '../run-process.js'
import { bytesOf, createRecordedFiles, END, recorded } from './spike-files.js'

const { files, network, undisturbed: UNDISTURBED, folder } = createRecordedFiles()

describe('simulate --out', () => {
  test('records what simulate prints, and says how many', async () => {
    const { lines: printed, digest } = simulatedLines((await run('simulate', network, '--until', END, '--json')).out)
    const { code, out, err } = await run('simulate', network, '--out', folder('one'), '--until', END, '--json')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const counts = printed.map(({ times }) => (times as number[]).length)
    const recordedLines = simulatedLines(out)
    expect(recordedLines.digest).toBe(digest)
    expect(recordedLines.lines).toEqual([
      { group: 'exc', size: 64, spikes: counts[0], rate: (1000 * counts[0]!) / (64 * 120), time: 120 },
      { group: 'inh', size: 16, spikes: counts[1], rate: (1000 * counts[1]!) / (16 * 120), time: 120 },
    ])
    await using recording = await openRecording(folder('one'))
    const found = [[], []] as number[][]
    for await (const { times, groups } of recording.events())
      for (const [k, time] of times.entries()) found[groups[k]!]!.push(time)
    expect(found).toEqual(printed.map(({ times }) => times))
    expect(counts[0]).toBeGreaterThan(1000)
    expect(bytesOf(folder('one'))).toEqual(await UNDISTURBED)
  })

  test('has the same bytes on every number of cores, and after a resumption elsewhere', async () => {
    const argv = ['simulate', network, '--out', folder('cores'), '--checkpoint', folder('cores-checkpoints')]
    // Where a segment ends anyway.
    const half = await run(...argv, '--until', '88', '--cores', '3', '--transport', 'local')
    expect(half).toMatchObject({ code: 0, err: '' })
    const { code, err } = await run(...argv, '--until', END, '--resume')
    expect(code).toBe(0)
    expect(err).toMatch(/^antidrome: continues from .*checkpoint-000002\.antd: 88 ms are done\.\n$/)
    expect(bytesOf(folder('cores'))).toEqual(await UNDISTURBED)
    // Once more, and nothing is left to do.
    const again = await run(...argv, '--until', END, '--resume', '--json')
    expect(jsonLines(again.out)[0]).toMatchObject({ group: 'exc', time: 120 })
    const whole = await run('simulate', network, '--until', END, '--json', '--cores', '2', '--transport', 'local')
    expect(simulatedLines(again.out).digest).toBe(simulatedLines(whole.out).digest)
    expect(bytesOf(folder('cores'))).toEqual(await UNDISTURBED)
  })

  test('refuses what does not fit together, by name', async () => {
    await UNDISTURBED
    const out = folder('undisturbed')
    const begun = folder('begun')
    await using recording = await openRecording(out)
    await (await startRecording(begun, recording)).close()
    symlinkSync('nowhere', folder('dangling'))
    mkdirSync(folder('mine'))
    files.write('mine/inh.spikes', 'of the user')
    const refusals: readonly (readonly [readonly string[], string])[] = [
      [['--segment', '5'], '--segment: found the flag'],
      [['--checkpoint', 'x'], '--checkpoint: found the flag'],
      [['--out', folder('x'), '--resume'], '--resume: found the flag without --checkpoint'],
      [['--out', folder('x'), '--checkpoint-interval', '5'], '--checkpoint-interval: found the flag'],
      [['--out', folder('x'), '--segment', '0'], '--segment: found "0"'],
      [['--out', folder('x'), '--record', 'readout'], '--record: found "readout", a readout'],
      [['--out', out], 'found a recording, expected a folder without one'],
      [['--out', out, '--checkpoint', folder('y'), '--resume'], 'found a recording, expected a folder without one'],
      [['--out', begun, '--checkpoint', folder('y'), '--resume', '--seed', '3'], 'seed: found 0, expected 3'],
      [['--out', folder('mine')], `${folder('mine')}: inh.spikes: found something that is not of a recording`],
      [['--out', folder('dangling')], `--out: found a link that leads nowhere (${folder('dangling')})`],
      [['--out', folder('dangling/x')], `${folder('dangling/x')}: --out: found a link that leads nowhere`],
      [['--out', folder('n'.repeat(256))], '--out: found a name that is longer than the file system allows'],
    ]
    for (const [flags, words] of refusals) {
      const { code, err } = await run('simulate', network, '--until', '20', ...flags)
      expect(code).toBe(2)
      expect(err).toContain(words)
    }
    expect(bytesOf(out)).toEqual(await UNDISTURBED)
    expect(readFileSync(join(folder('mine'), 'inh.spikes'), 'utf8')).toBe('of the user')
    const { code } = await run('simulate', network, '--until', '20', '--out', folder('mine'), '--overwrite')
    expect({ code, names: readdirSync(folder('mine')) }).toEqual({
      code: 0,
      names: ['exc.spikes', 'inh.spikes', 'manifest.json'],
    })
  })

  test('refuses a group whose name is none for a file', async () => {
    const name = 'g'.repeat(250)
    const group = { name, kind: 'source', size: 1, emission: { process: 'regular', period: 1 } }
    const long = files.write('long.json', networkFile([group], []))
    const argv = ['simulate', long, '--record', name, '--until', '2', '--out', folder('long')]
    const { code, err } = await run(...argv)
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('found a name of 250 characters') })
    expect(readdirSync(files.folder)).not.toContain('long')
  })

  test('takes its place from the checkpoint, and refuses an end before it', async () => {
    const kept = ['--out', folder('kept'), '--checkpoint', folder('kept-checkpoints')]
    expect((await run('simulate', network, ...kept, '--until', '88')).code).toBe(0)
    const bytes = bytesOf(folder('kept'))
    const past = await run('simulate', network, ...kept, '--until', '60', '--resume')
    expect(past).toMatchObject({ code: 2, out: '' })
    expect(past.err).toContain(
      `--until: found 60 ms, expected 88 ms or later, where the checkpoint ${join(folder('kept-checkpoints'), 'checkpoint-000002.antd')} stands. Give a later end, or start from the beginning with --overwrite in place of --resume. [UNTIL_PASSED]`,
    )
    // Without --resume nothing is replaced, neither the recording nor the checkpoints.
    const again = await run('simulate', network, ...kept, '--until', '60')
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining('CHECKPOINTS_EXIST') })
    const elsewhere = ['--out', folder('elsewhere'), '--checkpoint', folder('kept-checkpoints')]
    expect((await run('simulate', network, ...elsewhere, '--until', '60')).err).toContain('CHECKPOINTS_EXIST')
    expect(bytesOf(folder('kept'))).toEqual(bytes)
    expect(readdirSync(folder('kept-checkpoints'))).toEqual(['checkpoint-000001.antd', 'checkpoint-000002.antd'])
    const anew = await run('simulate', network, ...kept, '--until', '60', '--overwrite')
    expect(anew).toMatchObject({ code: 0, err: '' })
    await run('simulate', network, '--out', folder('sixty'), '--until', '60')
    expect(bytesOf(folder('kept'))).toEqual(bytesOf(folder('sixty')))
    expect(readdirSync(folder('kept-checkpoints'))).toEqual(['checkpoint-000003.antd', 'checkpoint-000004.antd'])
  })

  test('is one at a time; what a killed one left is gone on with', async () => {
    const argv = ['--out', folder('busy'), '--checkpoint', folder('busy-checkpoints'), '--checkpoint-interval', '8']
    const child = startGroup(files.folder, 'simulate', network, ...argv)
    const ended = finish(child)
    await recorded(folder('busy'), 2000)
    for (const flags of [
      ['--out', folder('busy'), '--overwrite'],
      ['--out', folder('busy-2'), '--checkpoint', folder('busy-checkpoints'), '--resume'],
    ]) {
      const { code, err } = await run('simulate', network, '--until', '20', ...flags)
      expect(code).toBe(2)
      expect(err).toContain(`found the lock of process ${child.pid} on ${hostname()}, which is running`)
    }
    process.kill(-child.pid!, 'SIGKILL')
    await ended
    const { code } = await run('simulate', network, ...argv, '--until', '20', '--overwrite')
    expect(code).toBe(0)
    expect(readdirSync(folder('busy'))).toEqual(['exc.spikes', 'inh.spikes', 'manifest.json'])
  })
})

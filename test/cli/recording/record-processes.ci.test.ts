import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openRecording } from '../../../src/storage/recording/read-recording.js'
import { childrenOf } from '../../support/processes.js'
import { jsonLines, run } from '../run-in-process.js'
import { finish, runInShell, start, startGroup } from '../run-process.js'
import { bytesOf, createRecordedFiles, END, recorded } from './spike-files.js'

const { files, network, undisturbed: UNDISTURBED, folder } = createRecordedFiles()

describe('simulate --out', () => {
  test('killed again and again and resumed, it ends with the same bytes', async () => {
    const argv = ['simulate', network, '--out', folder('killed'), '--until', END]
    const kept = ['--checkpoint', folder('killed-checkpoints'), '--checkpoint-interval', '8', '--resume']
    await UNDISTURBED
    const whole = readFileSync(join(folder('undisturbed'), 'exc.spikes')).length
    // From the start of the process to well within the run.
    for (const share of [0, 0.1, 0.4]) {
      const child = startGroup(files.folder, ...argv, ...kept)
      const ended = finish(child)
      await recorded(folder('killed'), share * whole)
      child.kill('SIGKILL')
      const { code, err } = await ended
      expect({ code, err: err.replace(/^antidrome: (continues|there is no checkpoint).*\n/, '') }).toEqual({
        code: -1,
        err: '',
      })
    }
    expect(await run(...argv, ...kept)).toMatchObject({ code: 0 })
    expect(bytesOf(folder('killed'))).toEqual(await UNDISTURBED)
  })

  test('without an end it goes on until it is interrupted, and leaves a checkpoint', async () => {
    const argv = ['simulate', network, '--out', folder('endless'), '--checkpoint', folder('endless-checkpoints')]
    const child = startGroup(files.folder, ...argv, '--cores', '2')
    const ended = finish(child)
    await recorded(folder('endless'), 1000)
    // As a shell does: to all processes of the command.
    process.kill(-child.pid!, 'SIGINT')
    const { code, err } = await ended
    expect({ code, err }).toEqual({
      code: 130,
      err: `antidrome: interrupted; ${folder('endless-checkpoints')} keeps a checkpoint, from which --resume continues.\n`,
    })
    const resumed = await run(...argv, '--until', END, '--resume', '--json')
    expect(resumed.code).toBe(0)
    if ((jsonLines(resumed.out)[0] as { time: number }).time === 120)
      expect(bytesOf(folder('endless'))).toEqual(await UNDISTURBED)
  })

  test('a full disk ends the run with the file, and what was recorded stays', async () => {
    // Blocks of 1024 bytes: the shell refuses longer files.
    const argv = ['simulate', network, '--out', folder('full')]
    const { code, err } = await runInShell(files.folder, 'ulimit -f 8; exec "$@"', argv)
    expect(code).toBe(1)
    expect(err).toContain(`${join(folder('full'), 'exc.spikes')} cannot be written`)
    await using recording = await openRecording(folder('full'))
    let spikes = 0
    for await (const { times } of recording.events()) spikes += times.length
    expect(spikes).toBeGreaterThan(100)
  })

  test('outlives the death of its cores', async () => {
    const argv = ['simulate', network, '--until', '60', '--segment', '2', '--out']
    const child = start(files.folder, ...argv, folder('deaths'), '--cores', '2', '--restarts', '2')
    const ended = finish(child)
    await recorded(folder('deaths'), 500)
    const [victim] = childrenOf(child.pid!)
    process.kill(victim!, 'SIGKILL')
    const { code, err } = await ended
    expect(code).toBe(0)
    expect(err).toMatch(/^antidrome: .*core.* Restarting all cores \(restart 1 of 2\)\.\n$/i)
    await run(...argv, folder('same'))
    expect(bytesOf(folder('deaths'))).toEqual(bytesOf(folder('same')))
  })
})

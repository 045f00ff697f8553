import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openRecording } from '../../../src/storage/recording/read-recording.js'
import { createFiles, jsonLines, run } from '../run-in-process.js'
import { finish, runProcess, startGroup } from '../run-process.js'
import { RECORDED } from './recorded-network.js'

const files = createFiles()
afterAll(() => files[Symbol.dispose]())
const network = files.write('network.json', RECORDED)
const folder = (name: string) => join(files.folder, name)

/** A hash of the bytes of every spike file of a recording. */
function bytesOf(path: string): Readonly<Record<string, string>> {
  const names = readdirSync(path).filter((name) => name.endsWith('.spikes'))
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(path, name)))
        .digest('hex'),
    ]),
  )
}

/** What a recording of 200 ms has, undisturbed. */
const UNDISTURBED = (async () => {
  const { code, err } = await run('simulate', network, '--out', folder('undisturbed'), '--until', '200')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return bytesOf(folder('undisturbed'))
})()

describe('simulate --out', () => {
  test('records what simulate prints, and says how many', async () => {
    const printed = jsonLines((await run('simulate', network, '--until', '200', '--json')).out)
    const { code, out, err } = await run('simulate', network, '--out', folder('one'), '--until', '200', '--json')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const counts = printed.map(({ times }) => (times as number[]).length)
    expect(jsonLines(out)).toEqual([
      { group: 'exc', size: 64, spikes: counts[0], rate: (1000 * counts[0]!) / (64 * 200), time: 200 },
      { group: 'inh', size: 16, spikes: counts[1], rate: (1000 * counts[1]!) / (16 * 200), time: 200 },
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
    const { code, err } = await run(...argv, '--until', '200', '--resume')
    expect(code).toBe(0)
    expect(err).toMatch(/^antidrome: goes on from .*checkpoint-000001\.antd: 88 ms are done\.\n$/)
    expect(bytesOf(folder('cores'))).toEqual(await UNDISTURBED)
    // Once more, and nothing is left to do.
    const again = await run(...argv, '--until', '200', '--resume', '--json')
    expect(jsonLines(again.out)[0]).toMatchObject({ group: 'exc', time: 200 })
    expect(bytesOf(folder('cores'))).toEqual(await UNDISTURBED)
  })

  test('killed again and again and resumed, it ends with the same bytes', { timeout: 120_000 }, async () => {
    const argv = ['simulate', network, '--out', folder('killed'), '--until', '200']
    const kept = ['--checkpoint', folder('killed-checkpoints'), '--checkpoint-interval', '8', '--resume']
    let kills = 0
    for (let attempt = 0; ; attempt++) {
      const child = startGroup(files.folder, ...argv, ...kept)
      const ended = finish(child)
      // Later every time, so that it gets on; from the start of the process to the middle of the run.
      const timer = setTimeout(() => child.kill('SIGKILL'), 350 + 60 * attempt)
      const { code, err } = await ended
      clearTimeout(timer)
      if (code === 0) break
      expect({ code, err: err.replace(/^antidrome: (goes on|there is no checkpoint).*\n/, '') }).toEqual({
        code: -1,
        err: '',
      })
      kills++
    }
    expect(kills).toBeGreaterThan(1)
    expect(bytesOf(folder('killed'))).toEqual(await UNDISTURBED)
  })

  test('without an end it goes on until it is interrupted, and leaves a checkpoint', { timeout: 60_000 }, async () => {
    const argv = ['simulate', network, '--out', folder('endless'), '--checkpoint', folder('endless-checkpoints')]
    const child = startGroup(files.folder, ...argv, '--cores', '2')
    const ended = finish(child)
    const recorded = () => {
      try {
        return readFileSync(join(folder('endless'), 'exc.spikes')).length
      } catch {
        return 0
      }
    }
    while (recorded() < 2000) await new Promise((resolve) => setTimeout(resolve, 20))
    // As a shell does: to all processes of the command.
    process.kill(-child.pid!, 'SIGINT')
    const { code, err } = await ended
    expect({ code, err }).toEqual({
      code: 130,
      err: `antidrome: interrupted; ${folder('endless-checkpoints')} keeps a checkpoint, from which --resume goes on.\n`,
    })
    const resumed = await run(...argv, '--until', '200', '--resume', '--json')
    expect(resumed.code).toBe(0)
    if ((jsonLines(resumed.out)[0] as { time: number }).time === 200)
      expect(bytesOf(folder('endless'))).toEqual(await UNDISTURBED)
  })

  test('a full disk ends the run with the file, and what was recorded stays', { timeout: 60_000 }, async () => {
    // Blocks of 1024 bytes: the shell refuses longer files.
    const main = new URL('../../../dist/cli/main.js', import.meta.url).pathname
    const line = `ulimit -f 8; exec "${process.execPath}" "${main}" simulate "${network}" --out "${folder('full')}"`
    const child = spawn('bash', ['-c', line], { stdio: ['ignore', 'pipe', 'pipe'] })
    const { code, err } = await finish(child)
    expect(code).toBe(1)
    expect(err).toContain(`${join(folder('full'), 'exc.spikes')} cannot be written`)
    await using recording = await openRecording(folder('full'))
    let spikes = 0
    for await (const { times } of recording.events()) spikes += times.length
    expect(spikes).toBeGreaterThan(100)
  })

  test('refuses what does not fit together, by name', async () => {
    await UNDISTURBED
    const out = folder('undisturbed')
    const refusals: readonly (readonly [readonly string[], string])[] = [
      [['--segment', '5'], '--segment: found the flag'],
      [['--checkpoint', 'x'], '--checkpoint: found the flag'],
      [['--out', folder('x'), '--resume'], '--resume: found the flag without --checkpoint'],
      [['--out', folder('x'), '--checkpoint-interval', '5'], '--checkpoint-interval: found the flag'],
      [['--out', folder('x'), '--segment', '0'], '--segment: found "0"'],
      [['--out', folder('x'), '--record', 'readout'], '--record: found "readout", a readout'],
      [['--out', out], 'found a recording, expected a folder without one'],
      [['--out', out, '--checkpoint', folder('y'), '--resume', '--seed', '3'], 'seed: found 0, expected 3'],
    ]
    for (const [flags, words] of refusals) {
      const { code, err } = await run('simulate', network, '--until', '20', ...flags)
      expect(code).toBe(2)
      expect(err).toContain(words)
    }
    expect(bytesOf(out)).toEqual(await UNDISTURBED)
  })

  test('outlives the death of its cores', { timeout: 60_000 }, async () => {
    const argv = ['simulate', network, '--out', folder('deaths'), '--until', '200', '--cores', '2', '--restarts', '2']
    const { code, err } = await runProcess(files.folder, ...argv)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(bytesOf(folder('deaths'))).toEqual(await UNDISTURBED)
  })
})

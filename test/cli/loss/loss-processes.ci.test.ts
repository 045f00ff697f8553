import { afterAll, expect, test } from 'vitest'
import { createWorkingFolder, jsonLines, networkFile } from '../run-in-process.js'
import { runProcess } from '../run-process.js'
import { createLossFolders, lastOf } from './loss-folders.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())
const folder = createLossFolders(files)

/** The last line of a command in processes of its own. */
async function lastThere(...argv: readonly string[]) {
  const { code, out } = await runProcess(files.folder, ...argv, '--allow-modules', '--json')
  expect(code).toBe(0)
  return jsonLines(out).at(-1)
}
const SPREAD = ['--cores', '2', '--transport', 'websocket']

test('the loss of a file has the same bits in processes and threads, which load it themselves', async () => {
  const { name, write } = folder()
  const input = files.write('input.json', { input: { times: [2], units: [0] } })
  const leaky = { kind: 'lif', tauMem: 10, tauSyn: 5, threshold: 1 }
  const wide = networkFile(
    [
      { name: 'input', kind: 'source', size: 1 },
      { name: 'hidden', size: 64, ...leaky },
      { name: 'out', size: 1, ...leaky },
    ],
    [
      { source: 'input', target: 'hidden', weights: 6 },
      { source: 'hidden', target: 'out', weights: { distribution: 'normal', mean: 0.2, std: 0.05 } },
    ],
  )
  const loss = write('loss.json', { module: `./${name}sum.mjs`, group: 'out', options: { scale: 2 } })
  const trial = [files.write('wide.json', wide), '--input', input, '--loss', loss]
  const one = await lastOf('gradient', ...trial, '--allow-modules')
  expect(one.loss).toBeGreaterThan(0)
  expect(await lastThere('gradient', ...trial, ...SPREAD)).toEqual(one)
  expect(await lastThere('verify', ...trial, '--cores', '1,2', '--transport', 'thread')).toMatchObject({ equal: true })
})

test('a training and its measurement have the same bits there', async () => {
  const { name, write, lossOf, presetOf } = folder()
  const plain = write('plain.json', presetOf({ kind: 'firstSpike', group: 'output' }))
  const named = ['--preset', plain, '--loss', write('loss.json', lossOf()), '--name', name, '--overwrite']
  const train = ['train', 'temporal-patterns', '--batch', '6', ...named]
  const one = await lastOf(...train, '--allow-modules')
  expect(await lastThere(...train, ...SPREAD)).toEqual(one)
  const measured = await lastThere('evaluate', `runs/${name}`, ...SPREAD)
  expect(measured).toMatchObject({ accuracy: { values: [one.testAccuracy] } })
})

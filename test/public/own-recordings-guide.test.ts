import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { parseCsv } from '../../src/data/files/csv/read-csv.js'
import { completeSettings } from '../../src/data/layered/complete-settings.js'
import { layeredNetwork } from '../../src/data/layered/layered-network.js'
import type { LayeredOptions } from '../../src/data/layered/layered-options.js'
import { LAYERED_READERS } from '../../src/data/layered/layered-readers.js'
import { OWN_TASK_DEFAULTS } from '../../src/data/own/own-network.js'
import { adaptPreset } from '../../src/data/presets/adapt-preset.js'
import { parsePreset } from '../../src/data/presets/parse-preset.js'
import type { Preset } from '../../src/data/presets/preset.js'
import { vMax } from '../../src/learning/define-loss.js'
import { configureTraining } from '../../src/learning/training-config.js'
import { runProcess } from '../cli/run-process.js'
import { tinyTask } from '../support/tiny-task.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const GUIDE = readFileSync(`${ROOT}docs/own-recordings.md`, 'utf8')
const blocksOf = (kind: string) =>
  Array.from(GUIDE.matchAll(new RegExp(`\`\`\`${kind}\n([\\s\\S]*?)\`\`\``, 'g')), ([, block]) => block as string)
const [toWrite = '', toTrain = ''] = blocksOf('js')
const [described = '', onChip = '', printed = ''] = blocksOf('text')

const folder = mkdtempSync(join(tmpdir(), 'antidrome-guide-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What options say of layers. */
function layersOf(options: Preset<'events'>['options']): LayeredOptions {
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(LAYERED_READERS, name)))
}

/** Runs a program of the guide where the package is found by its name. */
async function runProgram(name: string, text: string): Promise<string> {
  const file = join(ROOT, 'dist', name)
  writeFileSync(file, text)
  try {
    return (await promisify(execFile)(process.execPath, [file], { cwd: folder })).stdout
  } finally {
    rmSync(file)
  }
}

test('its table is one', async () => {
  const [table = ''] = blocksOf('csv')
  const found = await parseCsv([Buffer.from(table)], 'strokes.csv')
  expect(found).toMatchObject({ count: 2, classNames: ['down', 'up'], groups: { speaker: ['ann', 'ben'] } })
})

test('its preset is one, of a recurrent network with delays that train', () => {
  const [preset = ''] = blocksOf('json')
  const { options, training } = adaptPreset(parsePreset(preset) as Preset<'events'>)
  const settings = completeSettings(layersOf(options), OWN_TASK_DEFAULTS, LAYERED_READERS)
  const network = layeredNetwork({ inputs: 700, outputs: 20 }, settings)
  expect(network.projections.map(({ key, delays }) => [key, delays.kind])).toEqual([
    ['input->hidden', 'perSynapse'],
    ['hidden->hidden', 'perSynapse'],
    ['hidden->output', 'none'],
  ])
  expect(network.projections[0]!.weights).toEqual({ distribution: 'normal', mean: 0.03, std: 0.01 })
  const given = { ...tinyTask(), network, loss: vMax('output') }
  expect(configureTraining(network, given, training).step.loss).toEqual(training.loss)
})

test('its programs and commands, one after the other, print what it says', async () => {
  expect(await runProgram('guide-strokes.mjs', toWrite)).toBe('')
  expect(existsSync(join(folder, 'strokes.csv'))).toBe(true)
  const commands = blocksOf('sh').flatMap((block) => block.trim().split('\n'))
  expect(commands).toHaveLength(5)
  for (const [k, line] of commands.entries()) {
    const { code, out, err } = await runProcess(folder, ...line.replace('node bin/antidrome.mjs ', '').split(' '))
    expect({ line, code }, err).toEqual({ line, code: 0 })
    if (k === 0) expect(out).toBe(described)
    if (k === 4) expect(out.split('\n')).toEqual(expect.arrayContaining(onChip.trimEnd().split('\n')))
  }
  expect(readFileSync(join(folder, 'predictions.csv'), 'utf8')).toMatch(
    /^draw,sample,label,predicted,class,predicted class,speaker,recording\n0,0,1,1,up,up,person-7,7\n/,
  )
  expect(readFileSync(join(folder, 'runs', 'strokes', 'raster.svg'), 'utf8')).toContain('Spikes of one events trial')
  expect(readFileSync(join(folder, 'strokes.svg'), 'utf8')).toContain('Recording 0 of strokes.csv')
  expect(await runProgram('guide-recordings.mjs', toTrain)).toBe(printed)
})

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseCsv } from '../../src/data/files/csv/read-csv.js'
import { completeSettings } from '../../src/data/layered/complete-settings.js'
import { layeredNetwork } from '../../src/data/layered/layered-network.js'
import type { LayeredOptions } from '../../src/data/layered/layered-options.js'
import { LAYERED_READERS } from '../../src/data/layered/layered-readers.js'
import { adaptPreset } from '../../src/data/presets/adapt-preset.js'
import { parsePreset } from '../../src/data/presets/parse-preset.js'
import type { Preset } from '../../src/data/presets/preset.js'
import { OWN_TASK_DEFAULTS } from '../../src/data/user/user-network.js'
import { vMax } from '../../src/learning/define-loss.js'
import { configureTraining } from '../../src/learning/training-config.js'
import { tinyTask } from '../support/tiny-task.js'

const GUIDE = readFileSync(new URL('../../docs/own-recordings.md', import.meta.url), 'utf8')
const blocksOf = (kind: string) =>
  Array.from(GUIDE.matchAll(new RegExp(`\`\`\`${kind}\n([\\s\\S]*?)\`\`\``, 'g')), ([, block]) => block as string)

/** What options say of layers. */
function layersOf(options: Preset<'events'>['options']): LayeredOptions {
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(LAYERED_READERS, name)))
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

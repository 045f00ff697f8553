import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { imageNetwork } from '../../../src/data/images/image-task.js'
import { spikeTimesNetwork } from '../../../src/data/patterns/spike-times.js'
import { temporalPatternsNetwork } from '../../../src/data/patterns/temporal-patterns.js'
import { adaptPreset } from '../../../src/data/presets/adapt-preset.js'
import { defaultPresetOf, packagedPreset, packagedPresetNames } from '../../../src/data/presets/packaged-presets.js'
import { parsePreset } from '../../../src/data/presets/parse-preset.js'
import { TASK_NAMES, type TaskName } from '../../../src/data/presets/preset.js'
import { compactRecordings } from '../../../src/data/recordings/compact-recordings.js'
import { eventTask } from '../../../src/data/recordings/task/event-task.js'
import { yinYangNetwork } from '../../../src/data/yin-yang.js'
import { PARAMETER_KINDS } from '../../../src/learning/parameter-kinds.js'
import { configureTraining } from '../../../src/learning/training-config.js'
import type { Network } from '../../../src/network/description/network.js'
import { tinyTask } from '../../support/tiny-task.js'

const FOLDER = new URL('../../../presets/', import.meta.url)
/** Of a camera, with speakers, those from 24 on for the test: any preset may ask for them. */
const RECORDINGS = compactRecordings(
  Array.from({ length: 64 }, (_, k) => {
    const speaker = 18 + (k % 8)
    const groups = { speaker, split: speaker < 24 ? 'train' : 'test' }
    const events = Array.from({ length: 16 }, (_, event) => ({ time: event, unit: (5 * k + 7 * event) % 32 }))
    const [times, units] = [events.map(({ time }) => time), events.map(({ unit }) => unit)]
    return { times, units, label: Math.floor(k / 8) % 2, groups }
  }),
  { shape: [2, 4, 4] },
)
const NETWORKS: Readonly<Record<TaskName, (options: object) => Network>> = {
  'yin-yang': yinYangNetwork,
  mnist: imageNetwork,
  'fashion-mnist': imageNetwork,
  'temporal-patterns': temporalPatternsNetwork,
  'spike-times': spikeTimesNetwork,
  events: (options) => eventTask(RECORDINGS, options).network,
}

test('the presets of the package are the files of its folder', () => {
  const files = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''))
  expect(files.sort()).toEqual([...packagedPresetNames()].sort())
  for (const name of packagedPresetNames())
    expect(packagedPreset(name)).toEqual(parsePreset(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')))
})

describe.each(packagedPresetNames())('the preset %s', (name) => {
  const preset = packagedPreset(name)

  it('suits its network, as it is and with any kinds, layers and recurrence', () => {
    const changes = [{}, { hidden: [6, 4], recurrent: true }, ...PARAMETER_KINDS.map((kind) => ({ learn: [kind] }))]
    for (const change of changes) {
      const { task, options, training } = adaptPreset(preset, change)
      const network = NETWORKS[task](options)
      const config = configureTraining(network, { ...tinyTask(), network, loss: lossOf(network) }, training)
      expect(Object.keys(config.step.rates)).toEqual(training.learn)
      const hidden = network.groups.filter(({ name: group }) => group.startsWith('hidden')).map((group) => group.name)
      expect(Object.keys(config.step.silentWeightStep).sort()).toEqual(hidden.sort())
    }
  })
})

test.each(TASK_NAMES)('%s has a preset of its own, whatever is learned', (task) => {
  for (const learn of [undefined, ...PARAMETER_KINDS.map((kind) => [kind])])
    expect(packagedPreset(defaultPresetOf(task, learn)).task).toBe(task)
})

test('a name that is not there is told with those that are', () => {
  expect(() => packagedPreset('toString')).toThrow(
    'preset: found "toString", expected one of camera-digits, events, events-recurrent, ',
  )
})

function lossOf({ groups }: Network) {
  return groups.at(-1)?.kind === 'li'
    ? ({ kind: 'vMax', group: 'output' } as const)
    : ({ kind: 'spikeCount', group: 'output', tau: 5 } as const)
}

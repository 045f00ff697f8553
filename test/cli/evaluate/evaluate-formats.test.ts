import { expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { evaluateFormats } from '../../../src/cli/evaluate/evaluate-formats.js'
import type { AppliedFormat } from '../../../src/hardware/formats/chip-formats.js'
import type { DeviceNoise } from '../../../src/learning/noise/device-noise.js'
import type { Session } from '../../../src/learning/session.js'
import { tinyTask } from '../../support/tiny-task.js'

const task = tinyTask()
const [SAMPLES, WEIGHTS, DELAYS] = [35, 7, 14]
const weights: AppliedFormat = { format: 'weights', label: 'weights', noise: { weightLevels: 15 } }
const delays: AppliedFormat = { format: 'delays', label: 'delays', noise: { delayStep: 1, delayMax: 15 } }
const RANGES = { weightRange: { 'input->hidden': 8, 'hidden->out': 6 } }

/** A session that gets some samples wrong for each format, and the devices on which it was measured. */
async function measured(formats: readonly AppliedFormat[]) {
  await using opened = await open(task.network, { seed: 5 })
  const devices: (DeviceNoise | undefined)[] = []
  const session: Session = {
    ...opened,
    evaluate: async ({ labels }, _, { noise } = {}) => {
      devices.push(noise)
      const wrong = (noise?.weightLevels === undefined ? 0 : WEIGHTS) + (noise?.delayMax === undefined ? 0 : DELAYS)
      const predictions = Int32Array.from(labels, (label, k) => (k < wrong ? 1 - label : label))
      return { losses: Array.from(labels, () => 0), predictions, silentFraction: 0, hiddenSpikes: 0 }
    },
  }
  const request = { split: 'test', batch: SAMPLES } as const
  return { found: await evaluateFormats(session, task, request, formats, RANGES), devices }
}

const right = (wrong: number) => (SAMPLES - wrong) / SAMPLES

test('each format is measured alone, and all together, and takes what the exact network has more', async () => {
  const { found, devices } = await measured([weights, delays])
  const accuracy = {
    exact: 1,
    alone: { weights: right(WEIGHTS), delays: right(DELAYS) },
    together: right(WEIGHTS + DELAYS),
  }
  const lost = {
    alone: { weights: 1 - right(WEIGHTS), delays: 1 - right(DELAYS) },
    together: 1 - right(WEIGHTS + DELAYS),
  }
  expect(found).toEqual({ accuracy, lost })
  const coarse = { ...weights.noise, ...RANGES }
  expect(devices).toEqual([
    undefined,
    { seed: 0, ...coarse },
    { seed: 0, ...delays.noise },
    { seed: 0, ...coarse, ...delays.noise },
  ])
})

test('one format alone is all of them, and none is the exact network', async () => {
  const one = await measured([delays])
  expect(one.found.accuracy).toEqual({ exact: 1, alone: { delays: right(DELAYS) }, together: right(DELAYS) })
  expect(one.devices).toHaveLength(2)
  const none = await measured([])
  expect(none.found).toEqual({ accuracy: { exact: 1, alone: {}, together: 1 }, lost: { alone: {}, together: 0 } })
  expect(none.devices).toEqual([undefined])
})

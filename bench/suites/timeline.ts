import { join, relative } from 'node:path'
import { writeAtomically } from '../../dist/storage/index.js'
import { type Activity, takeTimeline, timesOf } from '../measure/timeline.js'
import { SLOW_ADAM } from '../measure/training-cost.js'
import { timelinePicture } from '../report/timeline-picture.js'
import type { Finding, Settings } from '../suite.js'
import { imageWorkload, PRESET, PRESET_STEP } from '../workloads.js'

const IMAGES = imageWorkload({ batch: 128 })
const TASKS = [
  { file: 'mnist-shape', workload: IMAGES, step: { ...SLOW_ADAM, loss: IMAGES.task.loss } },
  { file: 'yin-yang', workload: PRESET, step: PRESET_STEP },
]
const TRANSPORTS = ['websocket', 'thread'] as const
const PARTITIONS = 2
const SHOWN: readonly (Activity | 'the rest')[] = ['kernels', 'loss, optimiser, report', 'messages', 'the rest']

/** Where the time of a mini-batch on two partitions goes, process by process, by its trace. */
export async function* timelineSuite({ quick, pictures }: Settings): AsyncGenerator<Finding> {
  for (const { file, workload, step } of TASKS)
    for (const transport of TRANSPORTS) {
      const timeline = await takeTimeline({ workload, step, transport, partitions: PARTITIONS, quick })
      const where = transport === 'thread' ? 'in threads' : 'over websockets'
      const name = `${workload.name}, ${PARTITIONS} ${where}`
      for (const process of timeline.processes) {
        const times = timesOf(process, timeline.length)
        for (const activity of SHOWN)
          yield {
            name: `${name}, ${process.name}: ${activity}`,
            value: times[activity],
            unit: 'ms/mini-batch',
            against: [{ name: 'the mini-batch', value: timeline.length }],
          }
      }
      if (pictures === null) continue
      const path = join(pictures, `timeline-${file}-${transport}.svg`)
      const subtitle = `${name}; a mini-batch of median length, ${timeline.length.toFixed(2)} ms`
      await writeAtomically(path, timelinePicture('Where a mini-batch goes', subtitle, timeline))
      yield { note: `${relative('.', path)} shows it` }
    }
}

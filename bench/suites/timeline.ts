import { join, relative } from 'node:path'
import { writeAtomically } from '../../dist/storage/index.js'
import { takeTimeline, timesOf } from '../measure/timeline.js'
import { SLOW_ADAM } from '../measure/training-cost.js'
import { timelinePicture } from '../report/timeline-picture.js'
import type { Finding, Settings } from '../suite.js'
import { imageWorkload, PRESET, PRESET_STEP, yinYangWorkload } from '../workloads.js'

const IMAGES = imageWorkload({ batch: 128 })
const YIN_YANG = yinYangWorkload(128)
const OF_IMAGES = { workload: IMAGES, step: { ...SLOW_ADAM, loss: IMAGES.task.loss } }
const OF_YIN_YANG = { workload: YIN_YANG, step: { ...SLOW_ADAM, loss: YIN_YANG.task.loss } }
const PARTITIONS = {
  ...{ partitions: 2, replicas: 1, what: '2' },
  shown: ['kernels', 'loss, optimiser, report', 'messages', 'the rest'],
} as const
const REPLICAS = {
  ...{ partitions: 1, replicas: 2, what: '2 replicas' },
  shown: ['kernels', 'loss, optimiser, report', 'sums sent and added', 'waiting for sums', 'the rest'],
} as const
const WEBSOCKETS = { transport: 'websocket', where: 'over websockets' } as const
const THREADS = { transport: 'thread', where: 'in threads' } as const
const PRESETS = { file: 'yin-yang', workload: PRESET, step: PRESET_STEP, ...PARTITIONS }
const SUBJECTS = [
  { file: 'mnist-shape', ...OF_IMAGES, ...PARTITIONS, ...WEBSOCKETS },
  { file: 'mnist-shape', ...OF_IMAGES, ...PARTITIONS, ...THREADS },
  { ...PRESETS, ...WEBSOCKETS },
  { ...PRESETS, ...THREADS },
  { file: 'mnist-shape-replicas', ...OF_IMAGES, ...REPLICAS, ...WEBSOCKETS },
  { file: 'yin-yang-replicas', ...OF_YIN_YANG, ...REPLICAS, ...WEBSOCKETS },
]

/** Where the time of a mini-batch on two partitions or replicas goes, process by process, by its trace. */
export async function* timelineSuite({ quick, pictures }: Settings): AsyncGenerator<Finding> {
  for (const { file, what, where, shown, ...subject } of SUBJECTS) {
    const timeline = await takeTimeline({ ...subject, quick })
    const name = `${subject.workload.name}, ${what} ${where}`
    for (const process of timeline.processes) {
      const times = timesOf(process, timeline.length)
      for (const activity of shown)
        yield {
          name: `${name}, ${process.name}: ${activity}`,
          value: times[activity],
          unit: 'ms/mini-batch',
          against: [{ name: 'the mini-batch', value: timeline.length }],
        }
    }
    if (pictures === null) continue
    const path = join(pictures, `timeline-${file}-${subject.transport}.svg`)
    const subtitle = `${name}; a mini-batch of median length, ${timeline.length.toFixed(2)} ms`
    await writeAtomically(path, timelinePicture('Where a mini-batch goes', subtitle, timeline))
    yield { note: `${relative('.', path)} shows it` }
  }
}

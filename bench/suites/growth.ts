import { join, relative } from 'node:path'
import { open, openCluster, placeOnCores } from '../../dist/index.js'
import { writeAtomically } from '../../dist/storage/index.js'
import { SEED } from '../measure/count-spikes.js'
import { trainingCost } from '../measure/training-cost.js'
import { type GrowthPicture, growthPicture } from '../report/growth-picture.js'
import type { Finding, Settings } from '../suite.js'
import { type ImageWorkload, imageWorkload } from '../workloads.js'

/** How time grows with one size while all else stays. */
interface Growth {
  readonly of: 'neurons' | 'spikes' | 'duration' | 'partitions'
  readonly across: string
  readonly sizes: readonly number[]
  /** How the time is to grow when the size grows so many times. */
  readonly expected: (times: number) => number
  readonly expectation: string
  /** Microseconds per trained sample. */
  measure(size: number, settings: Settings): Promise<number>
}

const BATCH = 128
const UPWARD = 'µs per trained sample'

const GROWTHS: readonly Growth[] = [
  {
    ...{ of: 'neurons', across: 'hidden neurons', sizes: [64, 128, 256, 512, 1024, 2048] },
    ...{ expected: (times) => times, expectation: 'in proportion' },
    measure: (hidden, settings) => processorTime({ batch: BATCH, hidden }, settings),
  },
  {
    ...{ of: 'spikes', across: 'input spikes a sample', sizes: [24, 48, 96, 192, 384, 768] },
    ...{ expected: (times) => times, expectation: 'in proportion' },
    measure: (spikes, settings) => processorTime({ batch: BATCH, spikes }, settings),
  },
  {
    ...{ of: 'duration', across: 'length of a trial (ms), the same spikes' },
    ...{ sizes: [40, 400, 4000, 40_000], expected: () => 1, expectation: 'constant' },
    measure: (until, settings) => processorTime({ batch: BATCH, until }, settings),
  },
  {
    ...{ of: 'partitions', across: 'partitions, each a process', sizes: [1, 2, 4] },
    ...{ expected: (times) => 1 / times, expectation: 'in inverse proportion' },
    measure: wallTimeOn,
  },
]

/** Time per trained sample over neurons, spikes, duration and partitions, as figures and as pictures. */
export async function* growthSuite(settings: Settings): AsyncGenerator<Finding> {
  for (const growth of GROWTHS) {
    const { of, across, sizes, expected, expectation } = growth
    const title = `Time against ${of}`
    const points: GrowthPicture['points'][number][] = []
    for (const size of settings.quick ? sizes.slice(0, 2) : sizes) {
      const value = await growth.measure(size, settings)
      const first = points[0] ?? { size, value }
      const point = { size, value, expected: first.value * expected(size / first.size) }
      points.push(point)
      const against = [{ name: `the first, ${expectation}`, value: point.expected }]
      yield { name: `${title.toLowerCase()}: ${size}`, value, unit: 'us/sample', against }
    }
    const clock = of === 'partitions' ? 'wall time' : 'processor time'
    const subtitle = `Shape of MNIST, batch ${BATCH}, about one spike per hidden neuron; ${clock}`
    const drawn = growthPicture({ title, subtitle, across, upward: UPWARD, points, expectation })
    if (settings.pictures === null) continue
    const path = join(settings.pictures, `growth-${of}.svg`)
    await writeAtomically(path, drawn)
    yield { note: `drawn: ${relative(process.cwd(), path)}` }
  }
}

async function processorTime(shape: ImageWorkload, settings: Settings): Promise<number> {
  const workload = imageWorkload(shape)
  const session = await open(workload.task.network, { seed: SEED })
  const cost = await trainingCost(session, workload, settings)
  await session.close()
  return cost.processorTime
}

async function wallTimeOn(cores: number, settings: Settings): Promise<number> {
  const workload = imageWorkload({ batch: BATCH })
  const { network } = workload.task
  const session = await openCluster(network, placeOnCores(network, cores), { seed: SEED, transport: 'websocket' })
  const cost = await trainingCost(session, workload, settings)
  await session.close()
  return cost.wallTime
}

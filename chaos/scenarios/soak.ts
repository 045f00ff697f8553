import { createRandomStream } from '../../dist/numerics/random-stream.js'
import { requireEqual, type Scenario } from '../scenario.js'
import { countDescriptors, disturbedDigest, undisturbedDigest } from './partition-kills.js'

const GRID = { replicas: 2, cores: 2 }
const STEPS = 60
const KILLS = 6
/** Runs before memory counts: by then everything has been compiled and every cache filled. */
const WARM_UP = 3
/** In MiB of the heap, after everything dead has been swept away. */
const MOST_GROWTH = 4

/** The same run is disturbed again and again, each time otherwise, for some minutes: memory stays as it is. */
export const soak: Scenario = async ({ seed, soak: minutes }, { createCourse }) => {
  const course = createCourse(STEPS, GRID.replicas)
  const expected = await undisturbedDigest(course)
  const random = createRandomStream(seed, 'chaos/soak')
  const end = performance.now() + 60_000 * minutes
  const heaps: number[] = []
  const descriptors: number[] = []
  for (let run = 0; performance.now() < end || run < WARM_UP + 2; run++) {
    const { digest } = await disturbedDigest(GRID, course, KILLS, random.integer(run, 1 << 30))
    requireEqual('digest in the soak', digest, expected)
    heaps.push(sweptHeap())
    descriptors.push(countDescriptors())
  }
  const steady = heaps.slice(WARM_UP)
  const growth = Math.max(...steady.slice(-2)) - (steady[0] ?? 0)
  if (growth > MOST_GROWTH)
    throw new Error(`the heap grew by ${growth.toFixed(1)} MiB: ${heaps.map((h) => h.toFixed(1))}`)
  requireEqual('growth in file descriptors', (descriptors.at(-1) ?? 0) - (descriptors[WARM_UP] ?? 0), 0)
  return [
    { what: 'runs in the soak', value: heaps.length, unit: '' },
    { what: 'heap after the warm-up', value: steady[0] ?? 0, unit: 'MiB' },
    { what: 'heap at the end', value: steady.at(-1) ?? 0, unit: 'MiB' },
  ]
}

function sweptHeap(): number {
  const { gc } = globalThis as { gc?: () => void }
  if (gc === undefined) throw new Error('the soak needs node --expose-gc')
  gc()
  return process.memoryUsage().heapUsed / (1 << 20)
}

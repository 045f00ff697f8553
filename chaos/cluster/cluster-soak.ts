import { setTimeout } from 'node:timers/promises'
import type { RandomStream } from '../../dist/numerics/random-stream.js'
import type { ManyMachines } from '../../test/support/many-machines.js'
import { type Finding, requireEqual } from '../scenario.js'
import { createSmallTraining, digestOf, type Spread } from './small-training.js'
import { residentMemory, type Workforce } from './workforce.js'

export interface ClusterSoakSettings {
  readonly random: RandomStream
  readonly minutes: number
  readonly spread: Spread
}

const EPOCHS = 40
/** Those that stay all the time, and whose memory counts. */
const STAYING = 2
/** In ms: at most so long after one has come or gone the next one does. */
const LONGEST_PAUSE = 6000
/** Runs before memory counts. */
const WARM_UP = 3
/** In MiB, of a worker or of the coordinators one after the other. */
const MOST_GROWTH = 32

/** Runs one after the other, while workers come and go: memory stays as it is. */
export async function clusterSoak(
  machines: ManyMachines,
  workforce: Workforce,
  { random, minutes, spread }: ClusterSoakSettings,
): Promise<readonly Finding[]> {
  const small = createSmallTraining(machines, EPOCHS, spread)
  const expected = await small.undisturbed()
  const end = performance.now() + 60_000 * minutes
  const stayed: number[][] = Array.from({ length: STAYING }, () => [])
  const coordinators: number[] = []
  const coming = new AbortController()
  const comings = comeAndGo(workforce, random, coming.signal)
  let runs = 0
  for (; performance.now() < end || runs < WARM_UP + 2; runs++) {
    const training = small.start('soak')
    await training.says(`"epoch":${EPOCHS},`)
    coordinators.push(residentMemory(training.child.pid ?? -1))
    requireEqual('digest in the soak', digestOf(await training.ended), expected)
    const memory = workforce.memory()
    for (const [k, course] of stayed.entries()) course.push(memory[k] ?? 0)
  }
  coming.abort()
  const moves = await comings
  requireEqual('ends of workers by accident', workforce.accidents.join('; '), '')
  return [
    { what: 'runs in the soak', value: runs, unit: '' },
    { what: 'workers that left or were killed meanwhile', value: moves, unit: '' },
    ...stayed.flatMap((course, k) => growthOf(`worker ${k}`, course)),
    ...growthOf(
      'coordinators',
      coordinators.filter((value) => value > 0),
    ),
  ]
}

function growthOf(whose: string, course: readonly number[]): readonly Finding[] {
  const steady = course.slice(WARM_UP)
  const part = Math.max(1, Math.floor(steady.length / 4))
  const [early, late] = [Math.min(...steady.slice(0, part)), Math.min(...steady.slice(-part))]
  if (late - early > MOST_GROWTH)
    throw new Error(`the memory of ${whose} grew by ${(late - early).toFixed(0)} MiB: ${course.map(Math.round)}`)
  return [
    { what: `memory of ${whose}, early`, value: early, unit: 'MiB' },
    { what: `memory of ${whose}, late`, value: late, unit: 'MiB' },
  ]
}

/** Of the others one leaves when its run is over, or is killed, and comes again; resolves to how many did. */
async function comeAndGo(workforce: Workforce, random: RandomStream, over: AbortSignal): Promise<number> {
  let moves = 0
  for (let draws = 0; !over.aborted; ) {
    await setTimeout(LONGEST_PAUSE * random.uniform(draws++))
    const number = STAYING + random.integer(draws++, workforce.count - STAYING)
    const signal = random.uniform(draws++) < 0.5 ? 'SIGTERM' : 'SIGKILL'
    await workforce.signal(number, signal)
    moves++
  }
  return moves
}

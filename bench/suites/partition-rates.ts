import * as here from '../../dist/index.js'
import { type Contestant, contest, type Turn } from '../measure/contest.js'
import { type Build, openOther, workloadFor } from '../measure/other-version.js'
import { nameOfSpread, openSpread, type Spread } from '../measure/spread.js'
import { SLOW_ADAM } from '../measure/training-cost.js'
import { figuresOfTurns } from '../measure/turn-figures.js'
import type { Figure, Finding, Settings } from '../suite.js'
import { imageWorkload, PRESET, PRESET_STEP, type Workload } from '../workloads.js'

interface ContestedSpread extends Spread {
  readonly build: 'this' | 'other'
}

const IMAGES = imageWorkload({ batch: 128 })
const TASKS = [
  { workload: IMAGES, step: { ...SLOW_ADAM, loss: IMAGES.task.loss } },
  { workload: PRESET, step: PRESET_STEP },
]
const THIS: readonly ContestedSpread[] = [
  { build: 'this', partitions: 1, transport: null },
  { build: 'this', partitions: 1, transport: 'websocket' },
  { build: 'this', partitions: 2, transport: 'websocket' },
  { build: 'this', partitions: 4, transport: 'websocket' },
  { build: 'this', partitions: 1, transport: 'thread' },
  { build: 'this', partitions: 2, transport: 'thread' },
  { build: 'this', partitions: 1, transport: 'websocket', copies: 2 },
]
const OTHER: readonly ContestedSpread[] = [
  { build: 'other', partitions: 1, transport: null },
  { build: 'other', partitions: 2, transport: 'websocket' },
  { build: 'other', partitions: 4, transport: 'websocket' },
]

/** What it pays to spread a training, beside one partition and another version; all train in turns. */
export async function* partitionRates(settings: Settings): AsyncGenerator<Finding> {
  const other = yield* openOther(settings)
  const spreads = [...THIS, ...(other === null ? [] : OTHER)]
  for (const { workload, step } of TASKS) {
    const contestants = spreads.map((spread): Contestant => {
      const build = spread.build === 'this' ? here : (other?.build as Build)
      return {
        workload: workloadFor(build, workload),
        step,
        open: () => openSpread(build, spread, workload.task.network),
      }
    })
    const turns = await contest(contestants, settings)
    const turnsOf = new Map(spreads.map((spread, k) => [spread, turns[k] as readonly Turn[]]))
    yield* figuresOf(workload, turnsOf, settings.against.name)
  }
}

/** Each spread beside those with which it is compared: one partition of its kind, and the other version. */
function* figuresOf(
  workload: Workload,
  turnsOf: ReadonlyMap<ContestedSpread, readonly Turn[]>,
  other: string,
): Generator<Figure> {
  for (const [spread, turns] of turnsOf) {
    const rivals = [...turnsOf].flatMap(([rival, others]) => {
      return isCompared(spread, rival) ? [{ name: nameOf(rival, other), turns: others }] : []
    })
    yield* figuresOfTurns(`${workload.name}: ${nameOf(spread, other)}`, turns, rivals)
  }
}

function isCompared(spread: ContestedSpread, rival: ContestedSpread): boolean {
  if (spread === rival || spread.build === 'other' || rival.copies !== undefined) return false
  const isSpread = spread.partitions > 1 || spread.copies !== undefined
  if (rival.build === 'this') return rival.partitions === 1 && isSpread && rival.transport === spread.transport
  return rival.partitions === 1 || (rival.partitions === spread.partitions && rival.transport === spread.transport)
}

function nameOf(spread: ContestedSpread, other: string): string {
  return `${nameOfSpread(spread)}${spread.build === 'other' ? ` of ${other}` : ''}`
}

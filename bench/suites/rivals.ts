import * as here from '../../dist/index.js'
import { openFloors } from '../floor/open-floors.js'
import { type Contestant, contest, type Outsider } from '../measure/contest.js'
import { countSpikes, SEED } from '../measure/count-spikes.js'
import { leastCost } from '../measure/least-cost.js'
import { type Build, openOther, workloadFor } from '../measure/other-version.js'
import { SLOW_ADAM } from '../measure/training-cost.js'
import { figureOfTurns, type Opponent } from '../measure/turn-figures.js'
import { EVENTPROP_CPP } from '../rivals/published.js'
import { missingForSurrogate, runSurrogate } from '../rivals/run-surrogate.js'
import type { Figure, Finding, Rival, Settings } from '../suite.js'
import { imageWorkload, type Workload, yinYangWorkload } from '../workloads.js'

/** Time steps of a trial. */
const STEPS = [100, 50, 25] as const

/**
 * Processor time per trained sample beside everything there is to compare it with: in turns another version and a
 * surrogate-gradient trainer in PyTorch of the same shape; add-only floors; what EventProp's own program took elsewhere.
 */
export async function* rivalsSuite(settings: Settings): AsyncGenerator<Finding> {
  const other = yield* openOther(settings)
  const missing = missingForSurrogate()
  if (missing !== null) yield { note: missing }
  const builds: readonly Build[] = other === null ? [here] : [here, other.build]
  const floors = await openFloors(settings)
  try {
    if (floors.missing !== null) yield { note: floors.missing }
    for (const kind of ['yinYang', 'images'] as const) {
      const workload = kind === 'yinYang' ? yinYangWorkload(32) : imageWorkload({ batch: 128 })
      const least = await leastCost(await countSpikes(workload), workload, floors)
      const steps = missing === null ? STEPS : []
      yield await figureOf(workload, { builds, steps, least: [...least, EVENTPROP_CPP[kind]] }, settings)
    }
  } finally {
    floors.close()
  }
}

interface Field {
  readonly builds: readonly Build[]
  /** Of the trainer in PyTorch, one contestant each. */
  readonly steps: readonly number[]
  /** What takes no turns. */
  readonly least: readonly Rival[]
}

async function figureOf(workload: Workload, { builds, steps, least }: Field, settings: Settings): Promise<Figure> {
  const { name, task } = workload
  const step = { ...SLOW_ADAM, loss: task.loss }
  const own = builds.map((build): Contestant => {
    const network = build.parseNetwork(here.formatNetwork(task.network))
    const open = async () => ({ sessions: [await build.open(network, { seed: SEED })], processes: [] })
    return { workload: workloadFor(build, workload), step, open }
  })
  const surrogates = steps.map((each) => surrogateOf(workload, each))
  const [turns = [], ...others] = await contest([...own, ...surrogates], settings)
  const names = [...builds.slice(1).map(() => settings.against.name), ...surrogates.map((each) => each.name())]
  const opponents = others.map((rival, k): Opponent => ({ name: names[k] ?? '', turns: rival }))
  const figure = figureOfTurns(`${name}: processor time`, turns, 'processorTime', 'us/sample', opponents)
  const { hidden } = await countSpikes(workload)
  const counts = { 'hidden spikes a sample': hidden, ...Object.fromEntries(surrogates.map((each) => each.spikes())) }
  return { ...figure, against: [...figure.against, ...least], counts }
}

interface Surrogate extends Outsider {
  name(): string
  spikes(): readonly [name: string, hidden: number]
}

function surrogateOf(workload: Workload, steps: number): Surrogate {
  let last = { versions: 'PyTorch', hiddenSpikes: Number.NaN }
  return {
    async trainFor(seconds) {
      const cost = runSurrogate(workload, steps, seconds)
      last = cost
      return cost
    },
    name: () => `surrogate gradients in ${steps} steps, ${last.versions}`,
    spikes: () => [`of the rival in ${steps} steps`, last.hiddenSpikes],
  }
}

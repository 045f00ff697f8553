import { open } from '../../src/actors/open.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import { evaluateSplit } from '../../src/learning/evaluate-split.js'
import { adam } from '../../src/learning/optimizers/adam.js'
import type { Session } from '../../src/learning/session.js'
import type { Dataset, Task } from '../../src/learning/task.js'
import { type Epoch, train } from '../../src/learning/train.js'
import type { TrainOptions } from '../../src/learning/train-options.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { normal } from '../../src/network/description/initializers.js'
import { connect, dense } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'

const LEAKY = { tauMem: 10, tauSyn: 5, threshold: 1 }

/** Large enough to be cut, small enough to train in no time. */
const NETWORK = defineNetwork({
  groups: { input: source(2), hidden: lif(40, LEAKY), out: lif(2, LEAKY) },
  projections: [connect('input', 'hidden', dense(normal(1, 0.5))), connect('hidden', 'out', dense(normal(0.3, 0.3)))],
})

export const PLACEMENT = placeOnCores(NETWORK, 2)
export const TRAINING: TrainOptions = { optimizer: adam({ learningRate: 0.01 }), epochs: 2, batch: 6, seed: 3 }

/** What `click-tasks.mjs` exports. */
export type Clicks = 'clicks' | 'movedClicks' | 'thriftyClicks' | 'moodyClicks' | 'fragileClicks'

export interface CountedTask {
  readonly task: Task
  /** Samples that were encoded in this process so far. */
  encoded(): number
}

/** A task of the module of a user, with the network and loss of the tests. */
export async function clickTask(name: Clicks, size = 24): Promise<CountedTask> {
  const url = new URL('./click-tasks.mjs', import.meta.url).href
  const module: Readonly<Record<string, (size: number) => Omit<Task, 'loss' | 'network'>>> = await import(url)
  const task = await module[name]?.(size)
  if (task === undefined) throw new Error(`There are no ${name}.`)
  let encoded = 0
  const counted = (dataset: Dataset): Dataset => ({
    ...dataset,
    encode(samples, draw) {
      encoded += samples.length
      return dataset.encode(samples, draw)
    },
  })
  const splits = { train: counted(task.train), validation: counted(task.validation), test: counted(task.test) }
  const loss = { kind: 'firstSpike', group: 'out', tau0: 0.5, alpha: 0.003, tau1: 6.4 } as const
  return { task: { ...task, ...splits, loss, network: NETWORK }, encoded: () => encoded }
}

/** What a training leaves, and what was seen on the way. */
export async function courseOf(session: Session, task: Task, options: Partial<TrainOptions> = {}) {
  const epochs: Epoch[] = []
  for await (const epoch of train(session, task, { ...TRAINING, ...options })) epochs.push(epoch)
  return { epochs, tested: await evaluateSplit(session, task.test, task), state: await session.save() }
}

/** The same in one process. */
export async function courseHere(task: Task, options: Partial<TrainOptions> = {}) {
  await using session = await open(task.network, { seed: 7 })
  return await courseOf(session, task, options)
}

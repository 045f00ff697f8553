import type { Session, StepOptions } from '../../dist/index.js'
import { miniBatch } from '../../dist/learning/mini-batch.js'
import { namedSplits } from '../../dist/learning/named-splits.js'
import { MOST_UNDER_WAY } from '../../dist/learning/under-way.js'
import type { Workload } from '../workloads.js'

/** Trains as `train` does: as many mini-batches are under way as the session allows, and samples are named, not sent. */
export interface Trainer {
  /** So many mini-batches. */
  train(count: number): Promise<void>
  /** Mini-batches until so many seconds have passed, at least one; returns the samples. */
  trainFor(seconds: number): Promise<number>
}

export function createTrainer(
  session: Pick<Session, 'train' | 'trainAhead'>,
  { task, batch }: Workload,
  step: StepOptions,
): Trainer {
  const most = session.trainAhead === undefined ? 1 : MOST_UNDER_WAY
  const named = namedSplits(task)(task.train)
  let next = 0

  function begin(ahead: boolean): Promise<unknown> {
    const chosen = Uint32Array.from({ length: batch }, (_, trial) => (next + trial) % task.train.size)
    next += batch
    const trials = miniBatch(task.train, chosen, task.until, undefined, named)
    return ahead && session.trainAhead !== undefined ? session.trainAhead(trials, step) : session.train(trials, step)
  }

  async function trainWhile(goesOn: (begun: number) => boolean): Promise<number> {
    const underWay: Promise<unknown>[] = []
    let begun = 0
    for (; goesOn(begun); begun++) {
      underWay.push(begin(underWay.length > 0))
      if (underWay.length === most) await underWay.shift()
    }
    await Promise.all(underWay)
    return begun
  }

  return {
    async train(count) {
      await trainWhile((begun) => begun < count)
    },
    async trainFor(seconds) {
      const end = performance.now() + 1000 * seconds
      return batch * (await trainWhile((begun) => begun === 0 || performance.now() < end))
    },
  }
}

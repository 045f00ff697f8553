import type { Network } from '../../network/description/network.js'
import { refuseUnknown } from '../../network/reading/read-fields.js'
import { readNetwork } from '../../network/reading/read-network.js'
import { readRecord } from '../../network/reading/read-value.js'
import { createRandomStream } from '../../numerics/random-stream.js'
import { permutation } from '../../numerics/shuffle.js'
import { guardedSplit } from '../guarded-task.js'
import { miniBatch, requireSamples } from '../mini-batch.js'
import { readTask } from '../read-arguments.js'
import { requireTrials } from '../require-trials.js'
import type { Trials } from '../session.js'
import type { Task } from '../task.js'

/** A network and the trials that it is measured in. */
export interface SpikingSubject {
  readonly network: Network
  readonly trials: Trials
}

/** The trials of a task are samples of its training split, drawn from the seed. Raises the `InputError`s of `requireTrials`, and SAMPLE_NOT_ENCODED. */
export function measuredTrials(
  subject: Task | SpikingSubject,
  { seed, samples }: { readonly seed: number; readonly samples: number },
): SpikingSubject {
  const given = readRecord(subject, 'task')
  const network = readNetwork(given.network as Network, 'task.network')
  if ('trials' in subject) {
    refuseUnknown(given, ['network', 'trials'], '$')
    return { network, trials: requireTrials(network, subject.trials, null) }
  }
  const { train, until } = readTask(subject)
  requireSamples(train, 'task.train')
  const order = permutation(createRandomStream(seed, 'until-spiking/samples'), train.size)
  return {
    network,
    trials: requireTrials(
      network,
      miniBatch(guardedSplit(train, { split: 'train' }), order.slice(0, samples), until),
      null,
    ),
  }
}

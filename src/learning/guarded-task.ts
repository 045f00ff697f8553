import { InputError } from '../events/errors.js'
import { exhaustionOf } from '../events/exhaustion.js'
import { messageOf } from '../events/message-of.js'
import type { Network } from '../network/description/network.js'
import { checkInputs } from './check-trials.js'
import type { Dataset, SplitName, Task } from './task.js'

/**
 * A task whose mistakes are told by file, split and sample: where encoding raises an error, or gives what the network does
 * not take, an `InputError` SAMPLE_NOT_ENCODED names the first sample that does so by itself.
 *
 * @param network null: what is encoded is checked by whoever asked for it
 */
export function guardedTask(task: Task, file: string, network: Network | null): Task {
  const guarded = (split: SplitName): Dataset => {
    const dataset = task[split]
    const encode: Dataset['encode'] = (samples, draw) => {
      const inputs = draw === undefined ? dataset.encode(samples) : dataset.encode(samples, draw)
      return network === null ? inputs : checkInputs(network, inputs, samples.length)
    }
    const { size, classes, labels, emptyTrials } = dataset
    return {
      ...{ size, classes, labels },
      ...(emptyTrials === undefined ? {} : { emptyTrials }),
      encode: (samples, draw) => {
        try {
          return encode(samples, draw)
        } catch (cause) {
          throw exhaustionOf(cause) ?? notEncoded({ file, split }, culprit(encode, samples, draw), cause)
        }
      },
    }
  }
  const splits = { train: guarded('train'), validation: guarded('validation'), test: guarded('test') }
  // Whatever a task makes when it is asked for is made then.
  return Object.create(Object.prototype, {
    ...Object.getOwnPropertyDescriptors(task),
    ...Object.getOwnPropertyDescriptors(splits),
  })
}

/** The first sample that cannot be encoded by itself, and why; null if each can. */
function culprit(encode: Dataset['encode'], samples: Uint32Array, draw: Parameters<Dataset['encode']>[1]) {
  for (const sample of samples) {
    try {
      encode(Uint32Array.of(sample), draw)
    } catch (error) {
      return { sample, error }
    }
  }
  return null
}

function notEncoded(
  { file, split }: { readonly file: string; readonly split: SplitName },
  found: ReturnType<typeof culprit>,
  cause: unknown,
): InputError {
  const message = messageOf(found?.error ?? cause)
  return new InputError({
    code: 'SAMPLE_NOT_ENCODED',
    file,
    field: `${split}.encode`,
    found: `an error at ${found === null ? 'several samples together' : `sample ${found.sample}`}: ${message.replace(/\.$/, '')}`,
    expected: 'the input spikes of every sample of the split',
    remedy: "Mend the 'encode' of the data set.",
    cause,
  })
}

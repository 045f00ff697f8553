import { InputError } from '../events/errors.js'
import { exhaustionOf } from '../events/exhaustion.js'
import type { Network } from '../network/description/network.js'
import { UNNOTED, type VerbNote } from '../network/modules/module-verbs.js'
import { describeThrown } from '../network/reading/describe-thrown.js'
import { ENCODED, encodeSamples } from './encode-samples.js'
import { requireInputs } from './require-trials.js'
import type { Dataset, SplitName, Task } from './task.js'

/** Whose data set it is. */
export interface GuardedSplit {
  readonly split: SplitName
  /** Of the module that makes the task, if there is one. */
  readonly file?: string
  /** Called when samples are requested; optional. */
  readonly note?: VerbNote
  /** Default: the caller checks the encoded samples. */
  readonly network?: Network
}

/**
 * A task whose mistakes are reported by file, split and sample: where encoding raises an error, gives a promise, or gives what
 * the network does not take, an `InputError` SAMPLE_NOT_ENCODED names the first sample that does so by itself.
 */
export function guardedTask(
  task: Task,
  place: Pick<GuardedSplit, 'file' | 'network'>,
  noteOf: (split: SplitName) => VerbNote = () => UNNOTED,
): Task {
  const guarded = (split: SplitName) => guardedSplit(task[split], { ...place, split, note: noteOf(split) })
  const splits = { train: guarded('train'), validation: guarded('validation'), test: guarded('test') }
  // Whatever a task makes when it is asked for is made then.
  return Object.create(Object.prototype, {
    ...Object.getOwnPropertyDescriptors(task),
    ...Object.getOwnPropertyDescriptors(splits),
  })
}

/** The same of one split. */
export function guardedSplit(dataset: Dataset, place: GuardedSplit): Dataset {
  const { network } = place
  const encode: Dataset['encode'] = (samples, draw) => {
    const inputs = shown(place, samples, () => encodeSamples(dataset, samples, draw))
    return network === undefined ? inputs : requireInputs(network, inputs, samples.length)
  }
  const { size, classes, classNames, labels, emptyTrials, about } = dataset
  return {
    ...{ size, classes, labels },
    ...(classNames === undefined ? {} : { classNames }),
    ...(emptyTrials === undefined ? {} : { emptyTrials }),
    ...(about === undefined ? {} : { about }),
    encode: (samples, draw) => {
      try {
        return encode(samples, draw)
      } catch (cause) {
        throw exhaustionOf(cause) ?? notEncoded(place, culprit(encode, samples, draw), cause)
      }
    },
  }
}

/** Asks for samples, and says to those who look on, and in the names of frames, for which: what hangs shows nothing else. */
function shown<Result>({ split, note = UNNOTED }: GuardedSplit, samples: Uint32Array, ask: () => Result): Result {
  const call = () => ask()
  Object.defineProperty(call, 'name', { value: `encode of the split "${split}" from sample ${samples[0]} on` })
  note.begin('encode', samples[0] ?? null, null)
  try {
    return call()
  } finally {
    note.end()
  }
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

function notEncoded({ file, split }: GuardedSplit, found: ReturnType<typeof culprit>, cause: unknown): InputError {
  const error = found?.error ?? cause
  const at = found === null ? 'several samples together' : `sample ${found.sample}`
  const told = error instanceof InputError && error.code === 'SAMPLE_NOT_ENCODED' ? error.mistake : null
  return new InputError({
    code: 'SAMPLE_NOT_ENCODED',
    ...(file === undefined ? {} : { file }),
    field: `${split}.encode`,
    found: told === null ? `an error at ${at}: ${describeThrown(error).replace(/\.$/, '')}` : `${told.found} at ${at}`,
    expected: told?.expected ?? ENCODED,
    remedy: told?.remedy ?? "Mend the 'encode' of the data set.",
    cause,
  })
}

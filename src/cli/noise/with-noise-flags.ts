import { InputError } from '../../events/errors.js'
import { withRanges } from '../../learning/noise/with-ranges.js'
import type { TrainOptions } from '../../learning/train-options.js'
import type { PreparedTask } from '../tasks.js'
import type { TrainingNoiseFlags } from './noise-flags.js'
import { readNoise } from './read-noise.js'

/**
 * A task with the noise and dropout of its preset, or what flags say instead.
 *
 * Raises `InputError` as `readNoise` does, FLAG_CONFLICT for flags that say where nothing is, or how.
 */
export async function withNoiseFlags(prepared: PreparedTask, flags: TrainingNoiseFlags): Promise<PreparedTask> {
  const { task, training } = prepared
  const asked = flags.noise === undefined ? training.noise : await readNoise(flags.noise, task.network)
  const noise = asked && withRanges(task.network, asked)
  const noiseIn = flags.noiseIn ?? training.noiseIn
  if (flags.noiseIn !== undefined && noise === undefined) throw idle('--noise-in', '--noise')
  const dropout = dropoutOf(training, flags)
  return {
    ...prepared,
    training: {
      ...training,
      ...(noise === undefined ? {} : { noise }),
      ...(noiseIn === undefined ? {} : { noiseIn }),
      ...(dropout === undefined ? {} : { dropout }),
    },
  }
}

function dropoutOf(training: TrainOptions, { dropout: rates, dropoutScale }: TrainingNoiseFlags) {
  const dropout = rates === undefined ? training.dropout : { ...training.dropout, rates }
  if (dropoutScale === undefined) return dropout
  if (dropout === undefined) throw idle('--dropout-scale', '--dropout')
  return { ...dropout, scale: dropoutScale }
}

function idle(flag: string, other: string): InputError {
  return new InputError({
    code: 'FLAG_CONFLICT',
    field: flag,
    found: `the flag without ${other}`,
    expected: `it beside ${other}`,
    remedy: `Add ${other}, or leave it out.`,
  })
}

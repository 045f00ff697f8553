import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import type { FormatsRecord } from '../chip/flags/chip-device.js'

/** What the command line calls a field of the noise that is a format of a chip, and what helps there. */
const ON_CHIP: Readonly<Record<string, { readonly format: string; readonly field: string; readonly remedy: string }>> =
  {
    'noise.tick': {
      format: 'ticks',
      field: '--chip: time.tick',
      remedy: 'Choose another chip, or a task whose trials are longer.',
    },
    'noise.delayMax': {
      format: 'delays',
      field: '--chip: formats.delayMaxTicks',
      remedy: 'Choose another chip, or give --learn without delays.',
    },
  }

/** The same where no chip says it. */
const REMEDIES: Readonly<Record<string, string>> = {
  'noise.tick': 'Give --noise a shorter tick, or choose a task whose trials are longer.',
  'noise.delayMax': 'Give --learn without delays, or --noise a longer delayMax.',
}

/** Does something whose errors about formats of a device name the flag that brought them about. */
export function inTermsOfDevice<Result>(
  formats: Pick<FormatsRecord, 'applied'> | undefined,
  work: () => Result,
): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof InputError) || !['FORMAT_TICK', 'FORMAT_LEVELS'].includes(error.code)) throw error
    const { field } = error.mistake
    const chip = entryOf(ON_CHIP, field)
    const isOfChip = chip !== undefined && formats?.applied.includes(chip.format) === true
    const remedy = isOfChip ? chip.remedy : entryOf(REMEDIES, field)
    const told = { field: isOfChip ? chip.field : field, ...(remedy === undefined ? {} : { remedy }) }
    throw new InputError({ ...error.mistake, ...told, cause: error })
  }
}

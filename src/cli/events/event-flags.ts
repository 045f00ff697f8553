import type { Command } from 'commander'
import { EVENT_FORMATS, eventFormatNames } from '../../data/files/events/event-formats.js'
import { TIME_UNITS, type TimeUnit } from '../../data/files/tables/table-options.js'
import { readShape } from '../../data/recordings/recordings-description.js'
import { AUGMENTATION_READERS, type Augmentation } from '../../data/recordings/task/augmentation-options.js'
import type { EventSplit } from '../../data/recordings/task/event-task-options.js'
import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import { decimal, milliseconds, oneOf, wholeNumber, wrongValue } from '../../network/reading/flag-values.js'
import type { Reader } from '../../network/reading/read-value.js'
import { assignments } from './assignments.js'
import { parseSplit } from './parse-split.js'

const FLAG = '--augment'

/** What help shows. */
const AUGMENTATION_EXAMPLE = 'shift=15,drop=0.1,tempo=0.1,jitter=1'

const AUGMENTATIONS = Object.keys(AUGMENTATION_READERS)

/** Such as `shift=15,drop=0.1`. */
export function parseAugmentation(text: string): Augmentation {
  const entries = assignments(FLAG, text, AUGMENTATIONS, AUGMENTATION_EXAMPLE).map(({ name, value }) => {
    const read = entryOf<Reader<number>>(AUGMENTATION_READERS, name) as Reader<number>
    try {
      return [name, read(decimal(value), name)] as const
    } catch (error) {
      throw error instanceof InputError ? wrongValue(FLAG, text, `as ${name} ${error.mistake.expected}`) : error
    }
  })
  return Object.fromEntries(entries)
}

/** What the command line says of files of recordings, which not every format says itself. */
export interface RecordingFlags {
  readonly format?: string
  readonly timeUnit?: TimeUnit
  readonly shape?: readonly number[]
  readonly classes?: number
}

/** What it says about recordings. */
export interface EventFlags extends RecordingFlags {
  /** `evaluate` says with it which split is measured. */
  readonly split?: EventSplit | 'test' | 'validation'
  readonly pool?: number
  readonly deadTime?: number
  readonly until?: number
  readonly augment?: Augmentation
}

/** What there is to be said of recordings. */
type GivenEvents = Omit<EventFlags, 'split'> & { readonly split?: EventSplit }

export const EVENT_FLAGS = Object.freeze([
  ...(['format', 'timeUnit', 'shape', 'classes'] as const),
  ...(['split', 'pool', 'deadTime', 'until', 'augment'] as const),
] as const)

/** What help says of the formats. */
const FORMATS = EVENT_FORMATS.map(({ name, what }) => `${name}, ${what}`).join('; ')

/** Adds the flags that say what files of recordings are. */
export function addRecordingFlags(command: Command): Command {
  return command
    .option(
      '--format <name>',
      `format of recordings: ${FORMATS} (default: as their names end)`,
      oneOf('--format', eventFormatNames()),
    )
    .option(
      '--time-unit <unit>',
      `unit of times in tables and arrays of events: ${TIME_UNITS.join(', ')} (default: as their name says, such as time_ms)`,
      oneOf('--time-unit', TIME_UNITS),
    )
    .option(
      '--shape <shape>',
      'shape of recordings: CHANNELS, or 2xHEIGHTxWIDTH of a camera (default: as the files say, else as large as the events need)',
      parseShape,
    )
    .option(
      '--classes <n>',
      'classes of tables and arrays of events (default: one more than the highest label, or as many as have names)',
      wholeNumber('--classes', 1),
    )
}

/** Such as 700 or 2x34x34. */
export function parseShape(text: string): readonly number[] {
  const shape = text.split('x').map((part) => part.trim())
  if (shape.every((part) => /^\d{1,10}$/.test(part)) && (shape.length === 1 || shape.length === 3))
    try {
      return readShape(shape.map(Number))
    } catch (error) {
      if (!(error instanceof InputError)) throw error
    }
  throw wrongValue('--shape', text, 'whole numbers from 1, of at most 2147483647 units, such as 700 or 2x34x34')
}

/** Adds the flags of the task `events`. */
export function addEventFlags(command: Command): Command {
  return addRecordingFlags(command)
    .option(
      '--split <split>',
      'which recordings of events are for what: by=speaker,validation=20-23,test=24-31 by a group, with validation-by=session if validation names values of another one, or validation=0.15,test=0.15,seed=0 by chance (default: the latter)',
      parseSplit,
    )
    .option(
      '--pool <n>',
      'n channels, or n by n pixels, of events become one input (default: as the preset says, else 1)',
      wholeNumber('--pool', 1),
    )
    .option(
      '--dead-time <ms>',
      'inputs of events are silent so long after a spike (default: as the preset says, else 0)',
      deadTime,
    )
    .option(
      '--augment <changes>',
      `how training samples of events are changed, redrawn in every epoch: any of ${AUGMENTATIONS.join(', ')}, such as ${AUGMENTATION_EXAMPLE} (default: as the preset says, else none)`,
      parseAugmentation,
    )
}

function deadTime(text: string): number {
  const value = decimal(text)
  if (Number.isFinite(value) && value >= 0) return value
  throw wrongValue('--dead-time', text, 'a finite time in ms, >= 0')
}

/** Adds the end of a trial of `events`, where a command has none for what else it runs. */
export function addEventEndFlag(command: Command): Command {
  return command.option(
    '--until <ms>',
    'length of a trial of events; later events are lost (default: as the preset says, else the last event is still in it)',
    milliseconds('--until'),
  )
}

/** The flags of recordings that are given; nothing where `split` is that of `evaluate`. */
export function eventFlagsOf(flags: EventFlags): GivenEvents {
  const { split, ...others } = flags
  const given = { ...others, ...(typeof split === 'object' ? { split } : {}) }
  return Object.fromEntries(EVENT_FLAGS.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])))
}

import type { Command } from 'commander'
import { EVENT_FORMATS, eventFormatNames } from '../../data/files/events/event-formats.js'
import type { Augmentation } from '../../data/recordings/task/augmentation-options.js'
import type { EventDataOptions, EventSplit } from '../../data/recordings/task/event-task-options.js'
import { decimal, oneOf, wholeNumber, wrongValue } from '../flag-values.js'
import { AUGMENTATION_EXAMPLE, AUGMENTATIONS, parseAugmentation } from './parse-augmentation.js'
import { parseSplit } from './parse-split.js'

/** What the command line says about recordings. */
export interface EventFlags {
  readonly format?: string
  /** `evaluate` says with it which split is measured. */
  readonly split?: EventSplit | 'test' | 'validation'
  readonly pool?: number
  readonly deadTime?: number
  readonly augment?: Augmentation
}

const NAMES = ['format', 'split', 'pool', 'deadTime', 'augment'] as const

/** What help says of the formats. */
const FORMATS = EVENT_FORMATS.map(({ name, what }) => `${name}, ${what}`).join('; ')

export function addFormatFlag(command: Command): Command {
  return command.option(
    '--format <name>',
    `format of recordings: ${FORMATS} (default: as their names end)`,
    oneOf('--format', eventFormatNames()),
  )
}

/** Adds the flags of the task `events`. */
export function addEventFlags(command: Command): Command {
  return addFormatFlag(command)
    .option(
      '--split <split>',
      'which recordings of events are for what: by=speaker,validation=20-23,test=24-31 by a group, or validation=0.15,test=0.15,seed=0 by chance (default: the latter)',
      parseSplit,
    )
    .option(
      '--pool <n>',
      'so many channels, or n by n pixels, of events become one input (default: as the preset says, else 1)',
      wholeNumber('--pool', 1),
    )
    .option(
      '--dead-time <ms>',
      'inputs of events are silent so long after a spike (default: as the preset says, else 0)',
      deadTime,
    )
    .option(
      '--augment <changes>',
      `how training samples of events are changed, anew in every epoch: any of ${AUGMENTATIONS.join(', ')}, such as ${AUGMENTATION_EXAMPLE} (default: as the preset says, else none)`,
      parseAugmentation,
    )
}

function deadTime(text: string): number {
  const value = decimal(text)
  if (Number.isFinite(value) && value >= 0) return value
  throw wrongValue('--dead-time', text, 'a finite time in ms, >= 0')
}

/** The flags of recordings that are given; nothing where `split` is that of `evaluate`. */
export function eventFlagsOf(flags: EventFlags): EventFlags {
  const { split, ...others } = flags
  const given = { ...others, ...(typeof split === 'object' ? { split } : {}) }
  return Object.fromEntries(NAMES.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])))
}

/** What they say about samples, in place of a preset. */
export function eventOptionsOf(flags: EventFlags): EventDataOptions {
  const { format: _, ...options } = eventFlagsOf(flags)
  return options as EventDataOptions
}

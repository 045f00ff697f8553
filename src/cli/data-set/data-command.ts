import { basename, resolve } from 'node:path'
import { Command } from 'commander'
import { readEvents } from '../../data/files/events/read-events.js'
import type { EventRecordings } from '../../data/recordings/event-recordings.js'
import { shapeSize } from '../../data/shape-size.js'
import { InputError } from '../../events/errors.js'
import { classNameOf } from '../../learning/class-name.js'
import { someText, wholeNumber } from '../../network/reading/flag-values.js'
import { rasterPicture } from '../../storage/pictures/raster-picture.js'
import { addRecordingFlags, eventFlagsOf, type RecordingFlags } from '../events/event-flags.js'
import { inTermsOfEventFlags } from '../events/in-terms-of-event-flags.js'
import { PICTURE } from '../outputs/output-kind.js'
import { type Outputs, outputsOf } from '../outputs/outputs.js'
import { addOverwriteFlag, type OverwriteFlag } from '../overwrite-flag.js'
import { createProgressWords } from '../progress-words.js'
import { refuseFlags } from '../refuse-flags.js'
import { joined, jsonLine, type Shown, shown, shownLines } from '../shown.js'
import { type Cell, formatTable } from '../table.js'
import type { Terminal } from '../terminal.js'
import { warn } from '../warn.js'
import { describeRecordings, type RecordingFigures } from './describe-recordings.js'

interface DataFlags extends RecordingFlags, OverwriteFlag {
  readonly raster?: string
  readonly sample?: number
  readonly json: boolean
}

/** `antidrome data <path>`: what a set of recordings holds. */
export function dataCommand(terminal: Terminal): Command {
  const command = new Command('data')
    .description('Tell what a set of event recordings holds: recordings, events, rates, classes, groups.')
    .argument('<path>', 'file or folder with the recordings', someText('path', 'a file or a folder'))
  addRecordingFlags(command)
    .option(
      '--raster <file>',
      'picture of one recording to write, as SVG (default: none)',
      someText('--raster', 'a file'),
    )
    .option('--sample <n>', 'number of the recording in the picture, from 0 (default: 0)', wholeNumber('--sample', 0))
  return addOverwriteFlag(command, 'the picture of --raster', 'a file').action((path: string, flags: DataFlags) =>
    describe(path, flags, outputsOf(command, terminal), terminal),
  )
}

async function describe(path: string, flags: DataFlags, outputs: Outputs, terminal: Terminal): Promise<void> {
  const { raster, sample = 0, json } = flags
  if (raster === undefined) refuseFlags(flags, ['sample', 'overwrite'], 'there is no picture without --raster')
  const picture = raster === undefined ? null : await outputs.file({ flag: '--raster', path: raster, kind: PICTURE })
  const tell = createProgressWords(terminal)
  const said = eventFlagsOf(flags)
  const recordings = await readEvents(path, {
    ...said,
    onProgress: ({ done, total }) => tell(`reading ${path}: ${Math.floor((100 * done) / total)} %`),
  }).catch((error: unknown) => {
    throw inTermsOfEventFlags(error, said, 'path')
  })
  if (sample >= recordings.count)
    throw new InputError({
      ...{ code: 'SAMPLE_OUT_OF_RANGE', field: '--sample', found: String(sample) },
      expected: `a recording from 0 to ${recordings.count - 1}`,
    })
  const { figures, notes } = describeRecordings(recordings)
  await picture?.write(pictureOf(recordings, sample, basename(resolve(path))))
  for (const note of notes) warn(terminal, json, note)
  terminal.out(json ? jsonLine(figures) : textOf(figures))
}

function pictureOf(recordings: EventRecordings, sample: number, name: string): string {
  const { labels, classNames, shape, groups } = recordings
  const { times, units } = recordings.trial(sample)
  const label = labels[sample] as number
  const known = Object.entries(groups).map(([group, values]) => `${group} ${values[sample]}`)
  const size = shapeSize(shape)
  return rasterPicture({
    title: `Recording ${sample} of ${name}`,
    subtitle: [classNameOf(classNames, label), ...known].join(', '),
    until: Math.max(1, Math.ceil((times.at(-1) ?? 0) * 1.02)),
    groups: [{ name: 'events', size, times, units }],
  })
}

function textOf(figures: RecordingFigures): Shown {
  const { recordings, events, shape, perRecording, empty, silentUnits, lastMs, ratesHz, classes, groups } = figures
  const { least, mean, most } = perRecording
  const rows: [string, string][] = [
    ['recordings', `${recordings}, ${empty} of them without events`],
    ['shape', `${shape.join(' x ')}, ${silentUnits} units never have an event`],
    ['events', `${events}; ${least} to ${most} a recording, ${rounded(mean)} in the mean`],
    ['last event', `${rounded(lastMs)} ms`],
    ['rate', `${rounded(ratesHz.recording)} Hz a recording, ${rounded(ratesHz.unit)} Hz a unit`],
    ...Object.entries(groups).map(([name, { values, first }]): [string, string] => {
      const more = values > first.length ? ', …' : ''
      return [name, `${values}: ${first.map((each) => `${each.value} (${each.recordings})`).join(', ')}${more}`]
    }),
    ['digest', figures.digest],
  ]
  const width = rows.reduce((most, [name]) => Math.max(most, name.length), 0)
  const lines = shownLines(rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`))
  const table = classes.map(({ label, name, recordings: own, events: each }): Cell[] => [
    label,
    name,
    own,
    rounded(each),
  ])
  return joined([lines, shown`\n`, formatTable(['label', 'class', 'recordings', 'events each'], table)])
}

/** Four digits of it. */
function rounded(value: number): number {
  return Number(value.toPrecision(4))
}

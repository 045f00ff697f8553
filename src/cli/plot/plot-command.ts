import { basename, resolve } from 'node:path'
import { Command } from 'commander'
import { InputError } from '../../events/errors.js'
import { milliseconds, someText } from '../../network/reading/flag-values.js'
import { recordingPicture } from '../../storage/pictures/recording-picture.js'
import { openRecording } from '../../storage/recording/read-recording.js'
import { type RecordingFigures, recordingFigures } from '../../storage/recording/recording-figures.js'
import { PICTURE } from '../outputs/output-kind.js'
import { type Outputs, outputsOf } from '../outputs/outputs.js'
import { addOverwriteFlag, type OverwriteFlag } from '../overwrite-flag.js'
import { jsonLines, type Shown } from '../shown.js'
import { formatTable } from '../table.js'
import type { Terminal } from '../terminal.js'

interface PlotFlags extends OverwriteFlag {
  readonly out?: string
  readonly from?: number
  readonly until?: number
  readonly title?: string
  readonly json: boolean
}

/** `antidrome plot <recording>`: raster, rate and intervals of a recording in one picture. */
export function plotCommand(terminal: Terminal): Command {
  const command = new Command('plot')
    .description(
      'Draw a recording of simulate --out: a raster of up to 40 neurons per group, evenly spread, over the last interval; ' +
        'the rate of each group; how the intervals between spikes are distributed.',
    )
    .argument('<recording>', 'folder of the recording', someText('recording', 'a folder'))
    .option('--out <file>', 'picture to write, as SVG; must be given', someText('--out', 'a file'))
    .option(
      '--from <ms>',
      'leave out what lies before (default: its start)',
      milliseconds('--from', 'Leave it out for the start.'),
    )
    .option(
      '--until <ms>',
      'leave out what lies beyond (default: its end)',
      milliseconds('--until', 'Leave it out for the end.'),
    )
    .option('--title <text>', 'title of the picture (default: name of the folder)', someText('--title', 'a title'))
  return addOverwriteFlag(command, 'the picture of --out', 'a file').action((folder: string, flags: PlotFlags) =>
    plot(folder, flags, outputsOf(command, terminal), terminal),
  )
}

async function plot(folder: string, flags: PlotFlags, outputs: Outputs, terminal: Terminal): Promise<void> {
  const { from = 0, until = Number.POSITIVE_INFINITY, title = basename(resolve(folder)), out, json } = flags
  if (out === undefined) throw pictureMissing()
  if (from >= until)
    throw new InputError({
      code: 'FLAG_CONFLICT',
      field: '--from',
      found: `${from} ms`,
      expected: `less than --until ${until}`,
    })
  const picture = await outputs.file({ flag: '--out', path: out, kind: PICTURE })
  await using recording = await openRecording(folder)
  const figures = await recordingFigures(recording, { start: from, end: until })
  await picture.write(recordingPicture({ title, figures }))
  terminal.out(json ? linesOf(figures) : tableOf(figures))
}

function pictureMissing(): InputError {
  return new InputError({
    code: 'FLAG_MISSING',
    field: '--out',
    found: 'nothing',
    expected: 'a file to write',
    remedy: 'Give --out FILE.svg.',
  })
}

function linesOf({ groups, span }: RecordingFigures): Shown {
  const lines = groups.map(({ name, size, spikes, rate, cv }) => {
    return { group: name, size, spikes, rate, cv, from: span.start, until: span.end }
  })
  return jsonLines(lines)
}

function tableOf({ groups }: RecordingFigures): Shown {
  const rows = groups.map(({ name, size, spikes, rate, cv }) => {
    return [name, size, spikes, rate.toFixed(2), cv === null ? '-' : cv.toFixed(3)]
  })
  return formatTable(['group', 'units', 'spikes', 'rate (Hz)', 'cv of intervals'], rows)
}

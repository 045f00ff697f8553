import { entryOf } from '../../../events/by-name.js'
import { InputError } from '../../../events/errors.js'
import type { SpikeTrains } from '../../../events/spike-trains.js'
import type { Window } from '../../../events/window.js'
import { requireTrains } from '../../../learning/require-trials.js'
import type { Network } from '../../../network/description/network.js'
import { structureHash } from '../../../network/file/structure-hash.js'
import { openRecording, type Recording } from '../../../storage/recording/read-recording.js'
import type { RecordedSegment } from '../../../storage/recording/record.js'
import { spikeFileOf } from '../../../storage/recording/recording-manifest.js'
import { inTermsOfFile } from '../flags/in-terms-of-file.js'

export interface RecordingReader {
  /** That names the recording. */
  readonly flag: string
  /** Writes a sentence for people. */
  say(words: string): void
  /** Called with the groups that were recorded. */
  begin?(groups: readonly string[]): void
  take(segment: RecordedSegment): void
}

/**
 * Reads a recording of a network, and returns until when, in ms. One that ends earlier in some groups, as a run leaves it that
 * was killed, is read up to where all of them have it whole, and that is said.
 *
 * Raises `InputError`, naming the flag and the folder, or the file of a group: RECORDING_NETWORK for one of another network,
 * RECORDING_EMPTY, RASTER_TIME for spikes outside of their segment, INPUT_TIME, INPUT_UNIT, INPUT_ORDER, and as
 * `openRecording` does.
 */
export async function readRecordingOf(network: Network, folder: string, reader: RecordingReader): Promise<number> {
  const { flag } = reader
  await using recording = await openRecording(folder)
  requireRecordingOf(network, recording, flag)
  reader.begin?.(recording.groups.map(({ name }) => name))
  let until = 0
  let ends: ReadonlyMap<string, number> = new Map()
  const onEnd = (each: typeof ends) => {
    ends = each
  }
  for await (const segment of recording.segments(onEnd)) {
    for (const { name, size } of recording.groups)
      inTermsOfFile(flag, spikeFileOf(folder, name), () => requireSpikesWithin(segment, name, size))
    until = segment.window.end
    reader.take(segment)
  }
  if (until === 0) throw empty(flag, folder, ends)
  sayShort(folder, ends, until, reader)
  return until
}

function sayShort(
  folder: string,
  ends: ReadonlyMap<string, number>,
  until: number,
  { say }: Pick<RecordingReader, 'say'>,
): void {
  const [short] = [...ends].find(([, end]) => end === until) ?? []
  const [longer, end] = [...ends].find(([, each]) => each > until) ?? []
  if (short === undefined || longer === undefined) return
  const file = spikeFileOf(folder, short)
  say(`${file} ends at ${until} ms, that of "${longer}" at ${end} ms; all groups are used until ${until} ms.`)
}

/** A recording says of which network it is. */
function requireRecordingOf(network: Network, { path, identity, groups }: Recording, flag: string): void {
  const expected = structureHash(network)
  const { structure } = identity
  const other = groups.find(({ name, size }) => !network.groups.some((own) => own.name === name && own.size === size))
  const isOther = structure === undefined ? other !== undefined : structure !== expected
  if (!isOther) return
  const ofStructure = structure === undefined ? null : `the network ${structure}`
  throw new InputError({
    code: 'RECORDING_NETWORK',
    file: path,
    field: flag,
    found: `spikes of ${ofStructure ?? `"${other?.name}" with ${other?.size} units`}`,
    expected: `those of the network that is given, ${expected}`,
    remedy: 'Give the network that was simulated.',
  })
}

function requireSpikesWithin({ window, spikes }: RecordedSegment, group: string, size: number): void {
  const trains = requireTrains(group, entryOf(spikes, group) as SpikeTrains, 1, size)
  const at = trains.times.findIndex((time) => time < window.start || time >= window.end)
  if (at >= 0) throw outside(`${group}.times[${at}]`, trains.times[at] as number, window)
}

function outside(field: string, time: number, { start, end }: Window): InputError {
  return new InputError({
    code: 'RASTER_TIME',
    field,
    found: `${time} ms`,
    expected: `a time from ${start} to before ${end} ms, as in its segment`,
    remedy: 'Record the run again.',
  })
}

function empty(flag: string, folder: string, ends: ReadonlyMap<string, number>): InputError {
  const [group] = [...ends].find(([, end]) => end === 0) ?? []
  return new InputError({
    code: 'RECORDING_EMPTY',
    file: group === undefined ? folder : spikeFileOf(folder, group),
    field: flag,
    found: 'no segment that is whole',
    expected: 'a recording that has got somewhere, of all its groups',
    remedy: 'Record the run again, or continue it.',
  })
}

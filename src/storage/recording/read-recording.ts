/// <reference lib="esnext.disposable" preserve="true" />
import { byName, entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import type { Window } from '../../events/window.js'
import { readString } from '../../network/reading/read-value.js'
import { openSpikeFile, type SpikeFileReader, type StoredBlock } from '../spike-file/read-spike-file.js'
import { mergeEvents, type RecordedEvents } from './merge-events.js'
import type { RecordedSegment } from './record.js'
import { type RecordingDescription, readManifest, spikeFileOf } from './recording-manifest.js'

/** A recording, open for reading; it may still grow. */
export interface Recording extends RecordingDescription, AsyncDisposable {
  readonly path: string
  /**
   * The segments in the order of time, one in memory at a time; ends with the last that all groups have whole.
   *
   * @param onEnd called then with the end of each group's last whole segment, in ms; 0: it has none
   */
  segments(onEnd?: (ends: ReadonlyMap<string, number>) => void): AsyncGenerator<RecordedSegment, void>
  /** The same with the spikes of all groups in one row, in event order: (time, group, unit, spike number). */
  events(): AsyncGenerator<RecordedEvents & { readonly window: Window }, void>
  close(): Promise<void>
}

/**
 * Opens the recording in a folder.
 *
 * Raises `InputError` FILE_UNREADABLE, FILE_DAMAGED, RECORDING_FORMAT, with the file and the place.
 *
 * @example
 * await using recording = await openRecording('recordings/first')
 * for await (const { window, spikes } of recording.segments()) console.log(window.end, spikes.out?.times.length)
 */
export async function openRecording(path: string): Promise<Recording> {
  readString(path, 'path')
  const description = await readManifest(path)
  const files: SpikeFileReader[] = []
  const close = async () => {
    for (const file of files) await file.close()
  }
  try {
    for (const { name, size } of description.groups) {
      const file = await openSpikeFile(spikeFileOf(path, name))
      files.push(file)
      requireGroup(file, name, size)
    }
  } catch (error) {
    await close()
    throw error
  }
  const segments: Recording['segments'] = (onEnd) => readSegments(files, onEnd)
  return {
    path,
    ...description,
    segments,
    async *events() {
      for await (const { window, spikes } of segments()) {
        const trains = description.groups.flatMap(({ name }) => entryOf(spikes, name) ?? [])
        yield { window, ...mergeEvents(trains) }
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** The files grow side by side, block by block. */
async function* readSegments(
  files: readonly SpikeFileReader[],
  onEnd: Parameters<Recording['segments']>[0],
): AsyncGenerator<RecordedSegment, void> {
  const readers = files.map((file) => ({ file, blocks: file.blocks() }))
  let until = 0
  for (;;) {
    const found: { readonly file: SpikeFileReader; readonly block: StoredBlock | null }[] = []
    for (const { file, blocks } of readers) {
      const next = await blocks.next()
      found.push({ file, block: next.done === true ? null : next.value })
      if (next.done === true && onEnd === undefined) return
    }
    const whole = found.flatMap(({ file, block }) => (block === null ? [] : [{ file, block }]))
    const window = whole[0]?.block.window
    if (window === undefined || whole.length < files.length) {
      const ends = found.map(({ block }) => block?.window.end ?? until)
      onEnd?.(await lastEnds(readers, ends))
      return
    }
    for (const { file, block } of whole) requireWindow(file, block, window)
    until = window.end
    yield { window, spikes: byName(whole.map(({ file, block }) => [file.header.group, block.trains])) }
  }
}

/** By group, where its last whole block ends. */
async function lastEnds(
  readers: readonly { readonly file: SpikeFileReader; readonly blocks: AsyncGenerator<StoredBlock, void> }[],
  ends: readonly number[],
): Promise<ReadonlyMap<string, number>> {
  const last = new Map<string, number>()
  for (const [k, { file, blocks }] of readers.entries()) {
    let end = ends[k] as number
    for await (const { window } of blocks) end = window.end
    last.set(file.header.group, end)
  }
  return last
}

function requireGroup({ path, header }: SpikeFileReader, group: string, size: number): void {
  if (header.group === group && header.size === size) return
  throw damaged(path, 'header', `"${header.group}" of ${header.size} units`, `"${group}" of ${size} units`)
}

function requireWindow({ path }: SpikeFileReader, { number, window }: StoredBlock, { start, end }: Window): void {
  if (window.start === start && window.end === end) return
  throw damaged(
    path,
    `block ${number}`,
    `${window.start} to ${window.end} ms`,
    `${start} to ${end} ms, as in the others`,
  )
}

function damaged(file: string, field: string, found: string, expected: string): InputError {
  return new InputError({ code: 'FILE_DAMAGED', file, field, found, expected, remedy: 'Record again.' })
}

/// <reference lib="esnext.disposable" preserve="true" />
import { byName, entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import type { Window } from '../../events/window.js'
import { expectString } from '../../network/reading/expect.js'
import { openSpikeFile, type SpikeFileReader, type StoredBlock } from '../spike-file/read-spike-file.js'
import { mergeEvents, type RecordedEvents } from './merge-events.js'
import type { RecordedSegment } from './record.js'
import { type RecordingDescription, readManifest, spikeFileOf } from './recording-manifest.js'

/** A recording, open for reading; it may still grow. */
export interface Recording extends RecordingDescription, AsyncDisposable {
  readonly path: string
  /** The segments in the order of time, one in memory at a time; ends with the last that all groups have whole. */
  segments(): AsyncGenerator<RecordedSegment, void>
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
  expectString(path, 'path')
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
  const segments = () => readSegments(files)
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
async function* readSegments(files: readonly SpikeFileReader[]): AsyncGenerator<RecordedSegment, void> {
  const readers = files.map((file) => ({ file, blocks: file.blocks() }))
  for (;;) {
    const blocks: { readonly file: SpikeFileReader; readonly block: StoredBlock }[] = []
    for (const { file, blocks: rest } of readers) {
      const next = await rest.next()
      if (next.done === true) return
      blocks.push({ file, block: next.value })
    }
    const window = blocks[0]?.block.window
    if (window === undefined) return
    for (const { file, block } of blocks) requireWindow(file, block, window)
    yield {
      window,
      spikes: byName(blocks.map(({ file, block }) => [file.header.group, block.trains])),
    }
  }
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
  return new InputError({ code: 'FILE_DAMAGED', file, field, found, expected, remedy: 'Record anew.' })
}

import { setImmediate } from 'node:timers/promises'
import { type Readers, readOptions } from '../../network/reading/read-fields.js'
import { readString } from '../../network/reading/read-value.js'
import type { ByteSource } from '../recordings/bytes/byte-source.js'
import { type Camera, readSize, shapeOf } from '../recordings/bytes/camera.js'
import { EventBuffer } from '../recordings/bytes/event-buffer.js'
import { createRecordingsBuilder, type RecordingsBuilder } from '../recordings/compact-recordings.js'
import type { EventRecordings } from '../recordings/event-recordings.js'
import { wrongFormat } from '../recordings/file-errors.js'
import { READING_READERS, type ReadingOptions } from '../recordings/reading-progress.js'
import { withFileBytes } from './file-bytes.js'
import { type LabelledFiles, labelledFiles } from './labelled-files.js'

/** What the readers of cameras' files take. */
export interface CameraOptions extends ReadingOptions {
  /** `[height, width]` of the camera in pixels. Default: what the files say. */
  readonly size?: readonly [height: number, width: number]
}

/** Files with one recording each. */
export interface CameraFormat {
  /** Of the names of its files. */
  readonly endings: readonly string[]
  /** The labels, where folders say them in a way of their own. */
  readonly labels?: (found: LabelledFiles) => LabelledFiles
  /**
   * Decodes a file.
   *
   * @param given the camera, if given
   * @returns the camera that units are numbered by, and the microseconds to count times from
   */
  decode(source: ByteSource, given: Camera | null, events: EventBuffer): DecodedFile
}

interface DecodedFile {
  readonly camera: Camera
  readonly start: number
}

const READERS: Readers<CameraOptions> = { ...READING_READERS, size: readSize }

/**
 * The recordings at a path, see `labelledFiles`, all of cameras of one size.
 *
 * Raises the `InputError`s of `labelledFiles`, `withFileBytes` and of the format, and DATA_FILE_FORMAT for a camera of another
 * size than that of the first file.
 */
export async function readCameraFiles(
  path: string,
  options: CameraOptions,
  format: CameraFormat,
): Promise<EventRecordings> {
  readString(path, 'path')
  const { size, onProgress } = readOptions(options, READERS)
  const given = size === undefined ? null : { height: size[0], width: size[1] }
  const found = labelledFiles(path, format.endings)
  const { files, classNames } = format.labels?.(found) ?? found
  const events = new EventBuffer()
  let first: { readonly camera: Camera; readonly file: string; readonly builder: RecordingsBuilder } | null = null
  for (const [k, { path: file, label, groups }] of files.entries()) {
    const { camera, start } = withFileBytes(file, (source) => format.decode(source, given, events))
    first ??= {
      camera,
      file,
      builder: builderOf(
        camera,
        classNames,
        files.map((each) => each.path),
      ),
    }
    requireSame(camera, file, first)
    first.builder.add({ ...events.finish(start), label, groups }, file)
    onProgress?.({ done: k + 1, total: files.length, unit: 'files' })
    // Whatever else waits has its turn between files.
    await setImmediate()
  }
  return (first as NonNullable<typeof first>).builder.finish()
}

function builderOf(camera: Camera, classNames: readonly string[], files: readonly string[]): RecordingsBuilder {
  return createRecordingsBuilder({ shape: shapeOf(camera), classNames, files })
}

function requireSame(camera: Camera, file: string, first: { readonly camera: Camera; readonly file: string }): void {
  const { width, height } = first.camera
  if (camera.width === width && camera.height === height) return
  throw wrongFormat(
    { file, field: 'size', found: `a camera of ${camera.width} x ${camera.height} pixels` },
    `${width} x ${height}, as in ${first.file}`,
    'Read recordings of different cameras one by one.',
  )
}

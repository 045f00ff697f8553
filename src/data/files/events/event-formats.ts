import { wrongShape } from '../../../network/reading/wrong-value.js'
import type { EventRecordings } from '../../recordings/event-recordings.js'
import type { ReadingOptions } from '../../recordings/reading-progress.js'
import { readCsv } from '../csv/read-csv.js'
import { HDF5_ENDINGS } from '../hdf5-files.js'
import { readNpz } from '../npz/read-npz.js'
import { readAedat4 } from '../read-aedat4.js'
import type { CameraOptions } from '../read-camera-files.js'
import { readDat } from '../read-dat.js'
import { readDvsGesture } from '../read-dvs-gesture.js'
import { readEvt } from '../read-evt.js'
import { readNmnist } from '../read-nmnist.js'
import { readShd, type ShdOptions } from '../read-shd.js'
import type { EventTableOptions } from '../tables/table-options.js'

/** A format of recordings, as `readEvents` and the command know it, of files, and of folders with such in them or in theirs. */
export interface EventFormat {
  readonly name: string
  /** What it is, in a few words. */
  readonly what: string
  /** How the names of its files end, in small letters. */
  readonly endings: readonly string[]
  /** What may be said of its files, which they do not say themselves. */
  readonly takes: readonly TableOption[]
  read(path: string, options: EventTableOptions): Promise<EventRecordings>
}

/** What a user may say of recordings. */
export type TableOption = Exclude<keyof EventTableOptions, keyof ReadingOptions>

const ALL = ['timeUnit', 'shape', 'classes'] as const
const SHAPE = ['shape'] as const

/** All formats, in the order in which help names them; of several that fit, the first is taken. */
export const EVENT_FORMATS: readonly EventFormat[] = Object.freeze([
  { name: 'npz', what: 'arrays of NumPy', endings: ['.npz'], takes: ALL, read: readNpz },
  { name: 'csv', what: 'a table of text', endings: ['.csv', '.tsv', '.txt'], takes: ALL, read: readCsv },
  { name: 'shd', what: 'SHD and SSC', endings: HDF5_ENDINGS, takes: SHAPE, read: ofChannels(readShd) },
  { name: 'nmnist', what: 'N-MNIST', endings: ['.bin'], takes: SHAPE, read: ofCamera(readNmnist) },
  { name: 'dvs', what: 'DVS128 Gesture', endings: ['.aedat'], takes: [], read: readDvsGesture },
  { name: 'aedat4', what: 'AEDAT4', endings: ['.aedat4'], takes: SHAPE, read: ofCamera(readAedat4) },
  { name: 'dat', what: "Prophesee's DAT", endings: ['.dat'], takes: SHAPE, read: ofCamera(readDat) },
  { name: 'evt', what: 'EVT 2.0, 2.1 and 3.0', endings: ['.raw'], takes: SHAPE, read: ofCamera(readEvt) },
])

/** A reader of files of a camera, whose shape is its size. */
function ofCamera(read: (path: string, options: CameraOptions) => Promise<EventRecordings>): EventFormat['read'] {
  return async (path, { shape, ...reading }) => {
    if (shape === undefined) return read(path, reading)
    const [polarities, height, width] = shape
    if (polarities === 2 && height !== undefined && width !== undefined)
      return read(path, { ...reading, size: [height, width] })
    throw wrongShape('shape', `[${shape.join(', ')}]`, '[2, height, width], that of a camera')
  }
}

/** A reader of files of channels. */
function ofChannels(read: (path: string, options: ShdOptions) => Promise<EventRecordings>): EventFormat['read'] {
  return async (path, { shape, ...reading }) => {
    if (shape === undefined) return read(path, reading)
    const [channels, ...others] = shape
    if (channels !== undefined && others.length === 0) return read(path, { ...reading, channels })
    throw wrongShape('shape', `[${shape.join(', ')}]`, '[channels]')
  }
}

export function eventFormatNames(): readonly string[] {
  return EVENT_FORMATS.map(({ name }) => name)
}

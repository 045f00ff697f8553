import type { EventRecordings } from '../../recordings/event-recordings.js'
import type { ReadingOptions } from '../../recordings/reading-progress.js'
import { readCsv } from '../csv/read-csv.js'
import { HDF5_ENDINGS } from '../hdf5-files.js'
import { readNpz } from '../npz/read-npz.js'
import { readAedat4 } from '../read-aedat4.js'
import { readDat } from '../read-dat.js'
import { readDvsGesture } from '../read-dvs-gesture.js'
import { readEvt } from '../read-evt.js'
import { readNmnist } from '../read-nmnist.js'
import { readShd } from '../read-shd.js'

/** A format of recordings, as `readEvents` and the command know it. */
export interface EventFormat {
  readonly name: string
  /** What it is, in a few words. */
  readonly what: string
  /** How the names of its files end, in small letters. */
  readonly endings: readonly string[]
  /** What is read: one such file, or a folder with such files in it or in its folders. */
  readonly from: readonly ('file' | 'folder')[]
  read(path: string, options: ReadingOptions): Promise<EventRecordings>
}

const FILE = ['file'] as const
const BOTH = ['file', 'folder'] as const

/** All formats, in the order in which help names them; of several that fit, the first is taken. */
export const EVENT_FORMATS: readonly EventFormat[] = Object.freeze([
  { name: 'npz', what: 'arrays of NumPy', endings: ['.npz'], from: FILE, read: readNpz },
  { name: 'csv', what: 'a table of text', endings: ['.csv', '.tsv', '.txt'], from: FILE, read: readCsv },
  { name: 'shd', what: 'SHD and SSC', endings: HDF5_ENDINGS, from: BOTH, read: readShd },
  { name: 'nmnist', what: 'N-MNIST', endings: ['.bin'], from: BOTH, read: readNmnist },
  { name: 'dvs', what: 'DVS128 Gesture', endings: ['.aedat'], from: BOTH, read: readDvsGesture },
  { name: 'aedat4', what: 'AEDAT4', endings: ['.aedat4'], from: BOTH, read: readAedat4 },
  { name: 'dat', what: "Prophesee's DAT", endings: ['.dat'], from: BOTH, read: readDat },
  { name: 'evt', what: 'EVT 2.0, 2.1 and 3.0', endings: ['.raw'], from: BOTH, read: readEvt },
])

export function eventFormatNames(): readonly string[] {
  return EVENT_FORMATS.map(({ name }) => name)
}

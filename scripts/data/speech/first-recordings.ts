import { hashOf } from '../hashes.js'
import { type WrittenRecording, writeShd } from '../hdf5/write-shd.js'
import { WORDS } from './utterances.js'

/** So many recordings of a file are compared with what they always were. */
export const FIRST = 4

/** The version of espeak-ng that `KNOWN` was made with; others speak otherwise. */
export const KNOWN_VERSION = '1.52.0'

/** Hashes of the files, of all words and as many repetitions as there are by default. */
export const KNOWN_FILES: Readonly<Record<string, string>> = {
  'spoken-digits-train.h5': '37d78ac99e1d79419740347aa844142013a298910c228d5581f18a9840d05d5e',
  'spoken-digits-test.h5': '2dca0d003e4897bcdc30cd1cbeb0fc5da67ba4027a7ddc56205953bc53225e16',
}

/** Hashes of the first recordings of each file, of all that have at least so many repetitions. */
export const KNOWN: Readonly<Record<string, string>> = {
  'spoken-digits-train.h5': 'ddef112bf91551435efafac0a3b36b74f5aa8cc494534e1b4dfc7c5d2ba5e5f0',
  'spoken-digits-test.h5': '5d3162070dfd3a135a22cdfa6ccf2eae68985bfd71a768377016158090193ac4',
}

/** The hash of a file with the first recordings alone. */
export function hashOfFirst(recordings: readonly WrittenRecording[]): string {
  return hashOf(writeShd(recordings.slice(0, FIRST), WORDS))
}

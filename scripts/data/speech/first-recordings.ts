import { hashOf } from '../hashes.js'
import { type WrittenRecording, writeShd } from '../hdf5/write-shd.js'
import { WORDS } from './utterances.js'

/** So many recordings of a file are compared with what they always were. */
export const FIRST = 4

/** The version of espeak-ng that `KNOWN` was made with; others speak otherwise. */
export const KNOWN_VERSION = '1.52.0'

/** Hashes of the files, of all words and as many repetitions as there are by default. */
export const KNOWN_FILES: Readonly<Record<string, string>> = {
  'spoken-digits-train.h5': 'ab5b34f9b5379b202572456e5bcbcd7377b4566f9631b05a2a7af9d970bc9f46',
  'spoken-digits-test.h5': 'd3094d9b78a7e282cec8a1da925bdfa6fe75f255ec07e2c9aecb9cd319920fda',
}

/** Hashes of the first recordings of each file, of all that have at least so many repetitions. */
export const KNOWN: Readonly<Record<string, string>> = {
  'spoken-digits-train.h5': '03a0436a882fd6cfae9ce00eab7bacf0a88151748321d9b337f4e3265aad5766',
  'spoken-digits-test.h5': '23744118161fa21a52383cab9f2a149027dd3b9482c9adf6f12b6c792d7d4e22',
}

/** The hash of a file with the first recordings alone. */
export function hashOfFirst(recordings: readonly WrittenRecording[]): string {
  return hashOf(writeShd(recordings.slice(0, FIRST), WORDS))
}

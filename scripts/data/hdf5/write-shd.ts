import { halfBits } from './half-bits.js'
import { writeHdf5 } from './write-hdf5.js'

/** A recording to be written: times in s, units, and whose it is. */
export interface WrittenRecording {
  readonly times: ArrayLike<number>
  readonly units: ArrayLike<number>
  readonly label: number
  readonly speaker: number
}

/** The bytes of a file in the form of Spiking Heidelberg Digits: times as floats of 16 bits. */
export function writeShd(recordings: readonly WrittenRecording[], classNames: readonly string[]): Uint8Array {
  return writeHdf5({
    spikes: {
      times: { kind: 'lists', of: 'f2', values: recordings.map(({ times }) => Uint16Array.from(times, halfBits)) },
      units: { kind: 'lists', of: 'u2', values: recordings.map(({ units }) => Uint16Array.from(units)) },
    },
    labels: { kind: 'u2', values: recordings.map(({ label }) => label) },
    extra: {
      speaker: { kind: 'u1', values: recordings.map(({ speaker }) => speaker) },
      keys: { kind: 'texts', values: classNames },
    },
  })
}

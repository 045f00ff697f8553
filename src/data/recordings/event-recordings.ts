import type { Labels } from '../../learning/labels.js'

/** What one recording holds: times in ms from its start, at least 0, in the order (time, unit); the unit of each. */
export interface EventRecording {
  readonly times: Float64Array
  readonly units: Uint32Array
}

/**
 * Labelled recordings of event sensors or cochleas, one trial each, compact in memory or read by slices from files.
 *
 * A unit is the row-major number of a place in `shape`: `[channels]`, or `[polarities, height, width]` of a camera.
 */
export interface EventRecordings {
  readonly count: number
  readonly classes: number
  /** In label order, where they have names. */
  readonly classNames?: readonly string[]
  readonly shape: readonly number[]
  /** Of each recording. */
  readonly labels: Labels
  /** What else is known of each recording, by name, such as its speaker, user or file: splits keep these apart. */
  readonly groups: Readonly<Record<string, readonly (string | number)[]>>
  /** The files that they come from, for errors and digests. */
  readonly files: readonly string[]
  /** A hash over everything that is in them, in 64 hexadecimal digits. */
  readonly digest: string
  /** The k-th recording. Raises `InputError` as a reader does where something in the file is wrong. */
  trial(k: number): EventRecording
}

import type { EventPlaces, PlaceColumn } from './event-columns.js'

/** What a file of events holds, checked by itself. */
export interface TableFile {
  readonly file: string
  /** In ms. */
  readonly times: Float64Array
  readonly places: EventPlaces
  /** The recording of each event, from 0 in this file. */
  readonly samples: Uint32Array
  /** Recordings. */
  readonly count: number
  /** Of each recording; null where the file does not say it. */
  readonly labels: readonly (number | string)[] | null
  readonly groups: Readonly<Record<string, readonly (number | string)[]>>
  /** Null where the file does not say it. */
  readonly shape: readonly number[] | null
  /** Where labels stand, for errors. */
  readonly labelField: string
  labelPlace(recording: number): string
  place(column: PlaceColumn, event: number): string
}

/** What a file need not say, as it lies among others in a folder. */
export interface TableScope {
  /** Which recording an event is of: then the file is one. */
  readonly mayLackSample: boolean
  /** The class: the folder says it. */
  readonly mayLackLabel: boolean
}

export const ALONE: TableScope = Object.freeze({ mayLackSample: false, mayLackLabel: false })

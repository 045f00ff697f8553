import type { OtherVersion } from './measure/other-version.js'

/** What a figure is compared with, measured in the same run in the same unit. */
export interface Rival {
  readonly name: string
  readonly value: number
  /** The least and the most that the figure was over it, where both were measured in turns. */
  readonly range?: readonly [least: number, most: number]
}

/** A measured figure beside its floors and rivals. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly against: readonly Rival[]
  /** What was counted while it was measured, such as spikes per sample. */
  readonly counts?: Readonly<Record<string, number>>
}

/** Something to know about the figures around it, such as a rival that is missing on this machine. */
export interface Note {
  readonly note: string
}

export type Finding = Figure | Note

export interface Settings {
  /** What stands beside this version where a figure has another one beside it. */
  readonly against: OtherVersion
  /** So short that the figures mean little: to see that a suite works. */
  readonly quick: boolean
  /** Sizes, too, that take minutes and gigabytes. */
  readonly large: boolean
  /** Folder for pictures; null draws none. */
  readonly pictures: string | null
}

/** Measures one subject; hands over each finding as soon as it is there. */
export type Suite = (settings: Settings) => AsyncIterable<Finding>

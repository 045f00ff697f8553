import type { InputError } from '../../events/errors.js'

/** How a process or thread came to its end. */
export interface CoreWorkerEnd {
  /** Null if a signal ended it, or if it never started. */
  readonly exitCode: number | null
  readonly signal: string | null
  /** The last lines it wrote to its standard error, or why it could not be started. */
  readonly lastWords: string
  /** How it ended is not known: the machine that held it is out of reach. */
  readonly isOutOfReach?: boolean
}

/** A process or thread is gone, and with it the cores that it held. */
export interface EndReport {
  readonly kind: 'ended'
  readonly cores: readonly number[]
  readonly end: CoreWorkerEnd
}

/** One end of a link noticed that something is wrong with it. */
export interface LinkReport {
  readonly kind: 'link'
  /** Who noticed; null: the coordinator. */
  readonly core: number | null
  /** The core at the other end; null: the coordinator. */
  readonly peer: number | null
  readonly error: Error
}

/** A partition could not be set up; the error is its own, such as a drawn number that is out of range. */
export interface RefusalReport {
  readonly kind: 'refused'
  readonly core: number
  readonly error: Error
}

/** A partition has sent what cannot be read. */
export interface FoulReport {
  readonly kind: 'foul'
  readonly core: number
  /** Names the field. */
  readonly error: InputError
}

/** Partitions that were not ready in time. */
export interface LateReport {
  readonly kind: 'late'
  readonly cores: readonly number[]
  /** In ms. */
  readonly limit: number
  /** Time in ms before that in which none of them had sent anything; null: they could be heard. */
  readonly unheard: number | null
  /** The module that one of them is loading, by its URL; absent: none is. */
  readonly loading?: string
}

/** What the coordinator hears when something goes wrong: seldom one thing alone, and seldom the cause first. */
export type FailureReport = EndReport | LinkReport | RefusalReport | FoulReport | LateReport

import type { Course } from './course.js'

/** One plain number. */
export interface Finding {
  readonly what: string
  readonly value: number
  readonly unit: string
}

export interface ChaosSettings {
  readonly seed: number
  /** Of partitions; of the coordinator there are a tenth. */
  readonly kills: number
  /** Minutes of the soak; 0: none. */
  readonly soak: number
}

/** Copies of a network, each cut over the same number of cores. */
export interface Grid {
  readonly replicas: number
  readonly cores: number
  /** That hold all cores of all replicas; default: one for each. */
  readonly processes?: number
}

/** What is to be disturbed. */
export interface Undisturbed {
  /** A training of at least this number of steps, whose mini-batches that number of replicas can share; default 1. */
  createCourse(least: number, replicas?: number): Course
  /** The metrics that the command leaves; it runs when they are first asked for. */
  metrics(): Promise<string>
}

/** Disturbs a run in one way; rejects if it does not end as the undisturbed one, or leaves something behind. */
export type Scenario = (settings: ChaosSettings, undisturbed: Undisturbed) => Promise<readonly Finding[]>

/** Raises an error that says what was found. */
export function requireEqual<Value>(what: string, found: Value, expected: Value): void {
  if (found !== expected) throw new Error(`${what}: found ${found}, expected ${expected}`)
}

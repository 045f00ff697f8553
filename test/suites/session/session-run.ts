import type { StreamingSession } from '../../../src/actors/streaming/spike-stream.js'
import type { Parameters, Recording } from '../../../src/learning/session.js'
import type { Network } from '../../../src/network/description/network.js'
import type { SessionCase, StreamCuts } from './session-case.js'
import type { SessionTraffic } from './session-traffic.js'

/** Where a mode runs: the whole network in one piece, or as a case has it. */
export interface SessionRun {
  readonly sample: SessionCase
  /** The session that it begins on, and those that it goes on with. */
  open(which: 'first' | 'second', network?: Network): Promise<StreamingSession>
  /** Null: streams are one segment, and the session has done nothing before. */
  readonly cuts: StreamCuts | null
}

/** Spikes that a simulation of the same numbers has to have, too. */
export interface Told {
  readonly what: string
  readonly of: 'all trials' | 'the first trial'
  readonly spikes: Recording['spikes']
  readonly maxima?: Recording['maxima']
}

/** What a mode comes to. */
export interface Found {
  /** The same bits wherever it runs. */
  readonly bits: unknown
  readonly told: readonly Told[]
  /** The numbers that the spikes are of, and the network with them; absent: those it was opened with. */
  readonly learned?: { readonly network: Network; readonly parameters: Parameters }
  /** Bytes read and written on the way, the same wherever it runs; null where they tell of something else, too. */
  readonly traffic: SessionTraffic | null
}

export const RECORD = ['in', 'a', 'b']

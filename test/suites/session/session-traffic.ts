import type { StreamingSession } from '../../../src/actors/streaming/spike-stream.js'
import { type MemoryTraffic, sumTraffic } from '../../../src/dynamics/traffic/memory-traffic.js'
import type { SessionRun } from './session-run.js'

/**
 * What a session has read and written so far, leaving out that it has brought its parameters to where runs find them: it does
 * so whenever they were changed. Null where it has done something else before.
 */
export interface SessionTraffic {
  /** Of all sessions of a run. */
  readonly traffic: MemoryTraffic
  readonly sessions: number
}

export async function trafficOf(
  { sample, cuts }: SessionRun,
  session: StreamingSession,
): Promise<SessionTraffic | null> {
  if (cuts !== null && sample.before !== 'nothing') return null
  return { traffic: await session.memoryTraffic(), sessions: 1 }
}

export function sumOf(one: SessionTraffic | null, other: SessionTraffic | null): SessionTraffic | null {
  if (one === null || other === null) return null
  return { traffic: sumTraffic([one.traffic, other.traffic]), sessions: one.sessions + other.sessions }
}

/** What has to be the same: where a run went on elsewhere, parameters were brought into place once more. */
export function comparable(found: SessionTraffic, { sessions }: SessionTraffic) {
  const { weights, ...others } = found.traffic
  return found.sessions === sessions ? found.traffic : others
}

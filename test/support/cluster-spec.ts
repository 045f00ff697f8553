import type { ClusterSpec } from '../../src/actors/supervision/cluster-spec.js'

/** What a cluster of no network in particular knows. */
const SPEC: ClusterSpec = {
  structure: '0f'.repeat(16),
  placement: '0e'.repeat(16),
  seed: 7,
  kernel: 'simd',
  spikeLimit: 100,
  threads: 1,
  replicas: 1,
  metrics: false,
  trace: false,
  silence: 600_000,
  heartbeat: 1000,
  startLimit: 600_000,
  coordinatorSilence: 600_000,
  maxFrame: 1 << 20,
}

/** What everybody in a cluster knows before the first link is open, but for what a test says otherwise. */
export function clusterSpec(changes: Partial<ClusterSpec> = {}): ClusterSpec {
  return { ...SPEC, ...changes }
}

import type { Suite } from '../suite.js'

/** All suites, in the order they run; each is loaded when it is its turn. */
export const SUITES: Readonly<Record<string, () => Promise<Suite>>> = {
  numerics: async () => (await import('./numerics.js')).numericsSuite,
  kernels: async () => (await import('./kernels.js')).kernelsSuite,
  features: async () => (await import('./features.js')).featuresSuite,
  training: async () => (await import('./training.js')).trainingSuite,
  before: async () => (await import('./before.js')).beforeSuite,
  rivals: async () => (await import('./rivals.js')).rivalsSuite,
  links: async () => (await import('./links.js')).linksSuite,
  scaling: async () => (await import('./scaling.js')).scalingSuite,
  replicas: async () => (await import('./replicas.js')).replicasSuite,
  timeline: async () => (await import('./timeline.js')).timelineSuite,
  memory: async () => (await import('./memory.js')).memorySuite,
  traffic: async () => (await import('./traffic.js')).trafficSuite,
  growth: async () => (await import('./growth.js')).growthSuite,
  sparse: async () => (await import('./sparse.js')).sparseSuite,
  cycles: async () => (await import('./cycles.js')).cyclesSuite,
  watch: async () => (await import('./watch.js')).watchSuite,
  sweeps: async () => (await import('./sweeps.js')).sweepsSuite,
  placing: async () => (await import('./placing.js')).placingSuite,
}

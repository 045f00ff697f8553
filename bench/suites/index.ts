import type { Suite } from '../suite.js'
import { growthSuite } from './growth.js'
import { kernelsSuite } from './kernels.js'
import { linksSuite } from './links.js'
import { memorySuite } from './memory.js'
import { numericsSuite } from './numerics.js'
import { rivalsSuite } from './rivals.js'
import { scalingSuite } from './scaling.js'
import { sparseSuite } from './sparse.js'
import { trafficSuite } from './traffic.js'
import { trainingSuite } from './training.js'

/** All suites, in the order they run. */
export const SUITES: Readonly<Record<string, Suite>> = {
  numerics: numericsSuite,
  kernels: kernelsSuite,
  training: trainingSuite,
  rivals: rivalsSuite,
  links: linksSuite,
  scaling: scalingSuite,
  memory: memorySuite,
  traffic: trafficSuite,
  growth: growthSuite,
  sparse: sparseSuite,
}

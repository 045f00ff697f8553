export { type ActorSuiteOptions, type ActorSuiteReport, actorSuite } from './actor/actor-suite.js'
export { arbitraryEmission } from './arbitrary-emission.js'
export { arbitraryNetwork, type NetworkRange } from './arbitrary-network.js'
export { arbitraryLi, arbitraryLif } from './arbitrary-neurons.js'
export { arbitraryTrials, type TrialRange } from './arbitrary-trials.js'
export type { CheckedKind } from './checked-numbers.js'
export { compareGradient, type GradientComparisonOptions } from './compare-gradient.js'
export { eventSequence } from './event-sequence.js'
export { type GradientCoverage, gradientMatchesQuotients } from './gradient-matches-quotients.js'
export {
  type DrawOptions,
  type NeuronCourse,
  type NeuronEvent,
  type NeuronTrajectory,
  neuronEvents,
} from './neuron-events.js'
export { type OperatorCoverage, type OperatorSuiteOptions, operatorSuite } from './operator-suite.js'
export { recordingsAreEqual } from './recordings-are-equal.js'
export { spikesAreOrdered } from './spikes-are-ordered.js'
export { spikesHaveCauses } from './spikes-have-causes.js'

export type { ClusterOptions, Transport } from './actors/cluster-options.js'
export type { ClusterSession, ClusterWorker, CoreTraffic, Restart } from './actors/cluster-session.js'
export { type OpenOptions, open } from './actors/open.js'
export { openCluster } from './actors/open-cluster.js'
export type { MemoryUse, PartitionMetrics, PartitionTraffic } from './actors/partition/partition.js'
export type { LiveSpikes } from './actors/streaming/check-live-spikes.js'
export type { LiveInput } from './actors/streaming/live-source.js'
export type { SimulationState } from './actors/streaming/simulation-state.js'
export type * from './actors/streaming/spike-stream.js'
export {
  type MemoryTraffic,
  TRAFFIC_CATEGORIES,
  type Traffic,
  type TrafficCategory,
  totalTraffic,
  trafficBetween,
} from './dynamics/memory-traffic.js'
export type { RateBand } from './dynamics/rate-band.js'
export { AntidromeError, InputError, InternalError, RunError } from './events/errors.js'
export type { SpikeTrains } from './events/spike-trains.js'
export { type Chip, type MeshOptions, mesh } from './hardware/chip.js'
export { definePlacement } from './hardware/define-placement.js'
export { place, placeOnCores } from './hardware/place.js'
export type * from './hardware/placement.js'
export { singleCore } from './hardware/single-core.js'
export {
  firstSpike,
  liIntegral,
  linear,
  spikeCount,
  spikeTimes,
  type TargetOptions,
  vanRossum,
  vMax,
} from './learning/define-loss.js'
export type { EpochDiagnosis, LayerDiagnosis } from './learning/diagnosis/layer-diagnosis.js'
export { evaluateSplit } from './learning/evaluate-split.js'
export { type FiringStatistics, firingStatistics } from './learning/firing-statistics.js'
export { checkGradient } from './learning/gradient-check.js'
export type { Labels } from './learning/labels.js'
export type * from './learning/loss.js'
export { parseLoss } from './learning/loss-file.js'
export type { DeviceNoise, Mismatch, NoiseChoice, NoiseOptions, PerName } from './learning/noise/device-noise.js'
export type { Dropout } from './learning/noise/dropout.js'
export { adam } from './learning/optimizers/adam.js'
export { sgd } from './learning/optimizers/sgd.js'
export { constantRate, cosineDecay, decayTo, exponentialDecay, warmUp } from './learning/schedules.js'
export type * from './learning/session.js'
export { openSurrogate, type SurrogateSession } from './learning/surrogate/open-surrogate.js'
export type { SurrogateOptions } from './learning/surrogate/surrogate-options.js'
export type * from './learning/task.js'
export type { TimingError } from './learning/timing-error.js'
export { type Epoch, train } from './learning/train.js'
export type { TrainOptions } from './learning/train-options.js'
export { trainedNetwork } from './learning/trained-network.js'
export type { TrainingPoint } from './learning/training-point.js'
export { defineNetwork } from './network/define-network.js'
export type * from './network/emission.js'
export { inhomogeneousPoisson, poisson, type RateTable, regular } from './network/emitting-sources.js'
export { li, lif, source } from './network/groups.js'
export { constant, normal, uniform } from './network/initializers.js'
export type * from './network/network.js'
export { formatNetwork, parseNetwork } from './network/network-file.js'
export {
  connect,
  dense,
  fixedInDegree,
  fixedOutDegree,
  fixedProbability,
  oneToOne,
  perSource,
  perSynapse,
  synapses,
} from './network/projections.js'
export type { Sign } from './network/sign.js'
export type { TauField } from './network/time-constants.js'

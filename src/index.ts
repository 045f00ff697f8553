export type { ClusterJoin, ClusterOptions, NoteCode } from './actors/cluster-options.js'
export type {
  ClusterSession,
  ClusterTrace,
  ClusterWorker,
  CoreTrace,
  CoreTraffic,
  Restart,
} from './actors/cluster-session.js'
export type { ComputationOptions } from './actors/computation-options.js'
export type { MeterReading } from './actors/group/meter.js'
export { type LossModuleOptions, lossModule } from './actors/modules/loss-module.js'
export { type OpenOptions, open } from './actors/open.js'
export { openCluster } from './actors/open-cluster.js'
export type { MemoryUse, PartitionMetrics, PartitionTraffic } from './actors/partition/partition.js'
export type { LiveInput } from './actors/streaming/live-source.js'
export type { LiveSpikes } from './actors/streaming/require-live-spikes.js'
export type { SimulationState } from './actors/streaming/simulation-state.js'
export type * from './actors/streaming/spike-stream.js'
export type * from './actors/streaming/stream-host.js'
export type { HostingWorker } from './actors/supervision/core-worker.js'
export type * from './actors/trace/trace-record.js'
export type { Transport, TransportChoice } from './actors/transport.js'
export type * from './actors/watch/watched.js'
export type * from './dynamics/kernels/actor/actor-contract.js'
export type { ActorNumerics } from './dynamics/kernels/actor/actor-contract.js'
export type { ActorState, ResumedState } from './dynamics/kernels/actor/actor-state.js'
export type { KernelChoice } from './dynamics/kernels/choose-kernel.js'
export type { KernelKind } from './dynamics/kernels/kernel-kind.js'
export type { KernelEngine } from './dynamics/kernels/kernel-limits.js'
export type {
  CreateOperator,
  OperatorAnswer,
  OperatorBatch,
  OperatorContext,
  SpikeOperator,
  SpikeRandom,
} from './dynamics/operators/operator.js'
export {
  type MemoryTraffic,
  TRAFFIC_CATEGORIES,
  type Traffic,
  type TrafficCategory,
  totalTraffic,
  trafficBetween,
} from './dynamics/traffic/memory-traffic.js'
export { AntidromeError, type Failure, InputError, InternalError, type Mistake, RunError } from './events/errors.js'
export type { SpikeBatch } from './events/spike-batch.js'
export type { SpikeTrains } from './events/spike-trains.js'
export type { Window } from './events/window.js'
export { type Chip, type MeshOptions, mesh } from './hardware/chip.js'
export { definePlacement } from './hardware/define-placement.js'
export { place } from './hardware/place.js'
export { placeOnCores, type SpreadOptions } from './hardware/place-on-cores.js'
export type * from './hardware/placement.js'
export { singleCore } from './hardware/single-core.js'
export type { BestEpoch } from './learning/best-epoch.js'
export type { BudgetPoint, SpentBudget } from './learning/budget-strengths.js'
export type { QuotientOptions } from './learning/central-quotient.js'
export {
  defineLoss,
  type FirstSpikeOptions,
  firstSpike,
  type LiIntegralOptions,
  liIntegral,
  linear,
  type SpikeCountOptions,
  spikeCount,
  spikeTimes,
  type TargetOptions,
  type VMaxOptions,
  vanRossum,
  vMax,
} from './learning/define-loss.js'
export type { DiagnosisTally, GroupSums } from './learning/diagnosis/diagnosis-tally.js'
export type { EarlierEpoch } from './learning/diagnosis/earlier-epoch.js'
export type { EpochDiagnosis, LayerDiagnosis } from './learning/diagnosis/layer-diagnosis.js'
export type { EpochTally } from './learning/epoch-tally.js'
export { type EvaluateOptions, evaluateSplit, type SplitResult } from './learning/evaluate-split.js'
export { type FiringStatistics, firingStatistics } from './learning/firing-statistics.js'
export {
  checkGradient,
  type GradientCheck,
  type GradientCheckOptions,
  type GradientComparison,
  type Probe,
} from './learning/gradient-check.js'
export type { Labels } from './learning/labels.js'
export type * from './learning/loss.js'
export { type ParsedLoss, parseLoss } from './learning/loss-file.js'
export type { ReadoutScoring } from './learning/losses/readout-scores.js'
export type { DeviceNoise, Mismatch, NoiseChoice, NoiseOptions, PerName } from './learning/noise/device-noise.js'
export type { Dropout } from './learning/noise/dropout.js'
export { type AdamOptions, adam } from './learning/optimizers/adam.js'
export type { OptimizerChoice } from './learning/optimizers/optimizer.js'
export { type SgdOptions, sgd } from './learning/optimizers/sgd.js'
export {
  constantRate,
  cosineDecay,
  decayTo,
  type EaseInOptions,
  easeIn,
  exponentialDecay,
  type LearningRateSchedule,
  type Pace,
  warmUp,
} from './learning/schedules.js'
export type * from './learning/session.js'
export type { SpikeBudget } from './learning/spike-budget.js'
export type { Spread } from './learning/spread.js'
export { openSurrogate, type SurrogateSession } from './learning/surrogate/open-surrogate.js'
export type { SurrogateOptions } from './learning/surrogate/surrogate-options.js'
export type { RankedSetting } from './learning/sweep/rank-settings.js'
export { drawSettings } from './learning/sweep/settings-of.js'
export type { Better, Halving, SettingSpace, Variation } from './learning/sweep/sweep.js'
export { type SweepOptions, type SweepRun, type SweepStep, sweep } from './learning/sweep/train-settings.js'
export type * from './learning/task.js'
export type { TimingError } from './learning/timing-error.js'
export { type Epoch, train } from './learning/train.js'
export type { NoisePlace, StepProgress, TrainingClock, TrainOptions } from './learning/train-options.js'
export { trainedNetwork } from './learning/trained-network.js'
export type { TrainingPoint } from './learning/training-point.js'
export type { SpikingSubject } from './learning/until-spiking/measured-trials.js'
export type { RateRange } from './learning/until-spiking/rate-range.js'
export { type UntilSpikingOptions, untilSpiking } from './learning/until-spiking/until-spiking.js'
export { type ActorSettings, actor } from './network/description/actor-group.js'
export type {
  ConnectionRule,
  FixedInDegree,
  FixedOutDegree,
  FixedProbability,
  Multiple,
  OneToOne,
  SelfConnections,
} from './network/description/connection-rule.js'
export { defineNetwork, type NetworkDescription } from './network/description/define-network.js'
export type {
  Emission,
  InhomogeneousPoissonEmission,
  PoissonEmission,
  RegularEmission,
} from './network/description/emission.js'
export {
  type EmissionSpan,
  inhomogeneousPoisson,
  poisson,
  type RateTable,
  regular,
} from './network/description/emitting-sources.js'
export { type FanIn, type FanInOptions, fanIn } from './network/description/fan-in.js'
export { source } from './network/description/groups.js'
export { constant, type Initializer, normal, uniform } from './network/description/initializers.js'
export type { KnownName } from './network/description/known-name.js'
export type * from './network/description/network.js'
export {
  type Connection,
  type ConnectOptions,
  connect,
  type DelayChoice,
  type DelayMatrix,
  type DensePattern,
  dense,
  fixedInDegree,
  fixedOutDegree,
  fixedProbability,
  type OperatorPlace,
  oneToOne,
  operator,
  type Pattern,
  perSource,
  perSynapse,
  type RuleOptions,
  type RulePattern,
  type Synapse,
  type SynapsesPattern,
  synapses,
  type WeightMatrix,
} from './network/description/projections.js'
export type { Sign } from './network/description/sign.js'
export { spikeTrains } from './network/description/spike-trains.js'
export type { TauField } from './network/description/time-constants.js'
export { type FormatNetworkOptions, formatNetwork } from './network/file/format-network.js'
export { type ParseNetworkOptions, parseNetwork } from './network/file/parse-network.js'
export { type LiFields, type LiParameters, li } from './network/models/li.js'
export { type LifFields, type LifParameters, lif } from './network/models/lif.js'
export type { NeuronParameterKind } from './network/models/neuron-model.js'
export type { ModuleReference } from './network/modules/module-reference.js'
export type { PlainOptions, PlainValue } from './network/modules/plain-options.js'
export type { Slice } from './network/slices/blocks.js'
export type { GroupSlice } from './network/slices/group-slice.js'
export type { RandomStream } from './numerics/random-stream.js'
export type { JoinCredentials, JoinOptions, JoinTls } from './rendezvous/join-options.js'
export type { Lease } from './storage/checkpoint/lease.js'
export type { Deliver } from './streams/deliver.js'
export type { LinkTraffic, TrafficSplit } from './streams/link.js'

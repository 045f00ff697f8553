export { BALANCED_DEFAULTS, type BalancedOptions, balancedNetwork } from './balanced.js'
export { type IdxArray, parseIdx } from './idx/parse-idx.js'
export { FASHION_MNIST_CLASSES, fashionMnist } from './images/fashion-mnist.js'
export { IMAGE_DEFAULTS, type ImageTaskOptions, imageNetwork } from './images/image-task.js'
export {
  type ImageSplits,
  type LabelledImages,
  type NamedBytes,
  parseLabelledImages,
} from './images/labelled-images.js'
export { createLatencyDataset, type LatencyDatasetOptions } from './images/latency-dataset.js'
export { createLatencyEncoder, type LatencyEncoder, type LatencyEncoding } from './images/latency-encoder.js'
export { MNIST_CLASSES, mnist } from './images/mnist.js'
export type { Shift } from './images/shifts.js'
export { type ParsedInput, parseInput } from './input-file.js'
export type { LabelledTrains } from './labelled-trains.js'
export { type LayeredEnds, layeredNetwork } from './layered/layered-network.js'
export type * from './layered/layered-options.js'
export { createMt19937, type Mt19937 } from './mt19937.js'
export { SPIKE_TIMES_DEFAULTS, type SpikeTimesOptions, spikeTimes, spikeTimesNetwork } from './patterns/spike-times.js'
export type { SplitSizes } from './patterns/split-sizes.js'
export { type TemporalPatternSettings, temporalPatternTrains } from './patterns/temporal-pattern-trains.js'
export {
  TEMPORAL_PATTERNS_DEFAULTS,
  type TemporalPatternsOptions,
  temporalPatterns,
  temporalPatternsNetwork,
} from './patterns/temporal-patterns.js'
export {
  type TargetWindow,
  type TimedPatternSettings,
  timedPatternTargets,
  timedPatternTrains,
} from './patterns/timed-patterns.js'
export { adaptPreset, type PresetChanges } from './presets/adapt-preset.js'
export { packagedPreset, packagedPresetNames } from './presets/packaged-presets.js'
export { parsePreset } from './presets/parse-preset.js'
export type { Preset, TaskName, TaskOptions } from './presets/preset.js'
export {
  compactRecordings,
  createRecordingsBuilder,
  type LabelledRecording,
  type RecordingsBuilder,
} from './recordings/compact-recordings.js'
export type * from './recordings/event-recordings.js'
export type { ReadingOptions, ReadingProgress } from './recordings/reading-progress.js'
export type { RecordingsDescription } from './recordings/recordings-description.js'
export type { Augmentation } from './recordings/task/augmentation-options.js'
export { eventNotes, eventTask } from './recordings/task/event-task.js'
export type {
  EventDataOptions,
  EventSplit,
  EventTaskOptions,
  SplitByGroup,
  SplitByShare,
} from './recordings/task/event-task-options.js'
export type { EventNote } from './recordings/task/split-recordings.js'
export { createTrainsDataset } from './trains-dataset.js'
export { createDataset, type DatasetOptions, type SpikeDataset } from './user/create-dataset.js'
export { createTask, type TaskDescription } from './user/create-task.js'
export type { GivenTrains, TrialSpikes } from './user/given-trials.js'
export { type SplitOptions, type SplitShares, splitDataset } from './user/split-dataset.js'
export { OWN_TASK_DEFAULTS } from './user/user-network.js'
export { YIN_YANG_DEFAULTS, type YinYangOptions, yinYang, yinYangNetwork } from './yin-yang.js'
export { createYinYangDataset, type YinYangEncoding, yinYangInputSize } from './yin-yang-dataset.js'
export { insideYinYang, YIN_YANG_CLASSES, yinYangClass } from './yin-yang-disc.js'
export {
  YIN_YANG_FEATURES,
  YIN_YANG_SPLITS,
  type YinYangDraw,
  type YinYangPoints,
  yinYangPoints,
} from './yin-yang-points.js'
export { type YinYangPreset, yinYangPreset } from './yin-yang-preset.js'

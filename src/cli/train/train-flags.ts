import type { CheckpointFlags } from '../checkpoint/checkpoint-flags.js'
import type { ChipDeviceFlag } from '../chip/flags/chip-device.js'
import type { Split } from '../evaluate/evaluate-draws.js'
import type { ModulesFlag } from '../modules-flag.js'
import type { TrainingNoiseFlags } from '../noise/noise-flags.js'
import type { OverwriteFlag } from '../overwrite-flag.js'
import type { MetricsFlags, PlaceFlags } from '../run-flags.js'
import type { TaskFlag } from '../task-module/task-flag.js'
import type { TaskChoice } from '../tasks.js'
import type { TraceFlags } from '../trace/trace-flag.js'
import type { MethodFlags } from './method-flags.js'
import type { TrainerFlags } from './settings/trainer-flags.js'

/** What the command line says about a training. */
export interface TrainFlags
  extends PlaceFlags,
    TaskChoice,
    TrainerFlags,
    TrainingNoiseFlags,
    MetricsFlags,
    CheckpointFlags,
    OverwriteFlag,
    TraceFlags,
    ChipDeviceFlag,
    MethodFlags,
    ModulesFlag,
    TaskFlag {
  readonly name?: string
  /** The folder of the run's folder. */
  readonly runs: string
  /** What the trained network is measured on. */
  readonly measure: Split
  /** A run, or a network file, whose parameters are the first ones. */
  readonly from?: string
  /** One training per seed, in place of `seed`. */
  readonly seeds?: readonly number[]
}

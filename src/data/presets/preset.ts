import type { ParameterKind } from '../../learning/session.js'
import type { TrainOptions } from '../../learning/train-options.js'
import type { ImageTaskOptions } from '../images/image-task.js'
import type { SpikeTimesOptions } from '../patterns/spike-times.js'
import type { TemporalPatternsOptions } from '../patterns/temporal-patterns.js'
import type { EventTaskOptions } from '../recordings/task/event-task-options.js'
import type { YinYangOptions } from '../yin-yang.js'

/** The tasks there are, with what can be chosen about each. */
export interface TaskOptions {
  readonly 'yin-yang': YinYangOptions
  readonly mnist: ImageTaskOptions
  readonly 'fashion-mnist': ImageTaskOptions
  readonly 'temporal-patterns': TemporalPatternsOptions
  readonly 'spike-times': SpikeTimesOptions
  readonly events: EventTaskOptions
}

export type TaskName = keyof TaskOptions

export const TASK_NAMES: readonly TaskName[] = Object.freeze([
  'yin-yang',
  'mnist',
  'fashion-mnist',
  'temporal-patterns',
  'spike-times',
  'events',
])

/** Settings that suit a task: of its network, its data and its training. */
export interface Preset<Name extends TaskName = TaskName> {
  readonly task: Name
  /** What the author has to say. */
  readonly comments: readonly string[]
  /** Of the function of the task, such as `yinYang`. */
  readonly options: TaskOptions[Name]
  readonly training: TrainOptions & { readonly learn: readonly ParameterKind[] }
}

import { yinYang } from '../data/yin-yang.js'
import { YIN_YANG_CLASSES } from '../data/yin-yang-disc.js'
import { yinYangPreset } from '../data/yin-yang-preset.js'
import { InputError } from '../events/errors.js'
import type { ParameterKind, Session } from '../learning/session.js'
import type { Task } from '../learning/task.js'
import type { TrainOptions } from '../learning/train-options.js'
import { yinYangDecisionMap } from './train/yin-yang-decision-map.js'

/** A task with the settings it is trained with. */
export interface PreparedTask {
  readonly task: Task
  readonly training: TrainOptions
  /** The names of the classes, in label order. */
  readonly classes: readonly string[]
  /** What only this task can show: SVG texts by file name. */
  draw(session: Session): Promise<Readonly<Record<string, string>>>
}

export interface TaskChoice {
  readonly learn: readonly ParameterKind[]
  readonly hidden: number
}

/** Prepares one of the tasks `train` knows; raises `InputError` TASK_UNKNOWN. */
export function prepareTask(name: string, choice: TaskChoice): PreparedTask {
  const prepare = TASKS.get(name)
  if (prepare !== undefined) return prepare(choice)
  throw new InputError({
    code: 'TASK_UNKNOWN',
    field: 'task',
    found: JSON.stringify(name),
    expected: `one of the tasks there are: ${taskNames().join(', ')}`,
  })
}

export function taskNames(): readonly string[] {
  return [...TASKS.keys()]
}

const TASKS: ReadonlyMap<string, (choice: TaskChoice) => PreparedTask> = new Map([['yin-yang', prepareYinYang]])

function prepareYinYang({ learn, hidden }: TaskChoice): PreparedTask {
  const preset = yinYangPreset(learn)
  const task = yinYang({ ...preset.task, hidden })
  return {
    task,
    training: preset.training,
    classes: YIN_YANG_CLASSES,
    draw: async (session) => ({ 'decision-map': await yinYangDecisionMap(session, task) }),
  }
}

import type { ParameterKind } from '../learning/session.js'
import type { TrainOptions } from '../learning/train-options.js'
import { readList } from '../network/reading/read-list.js'
import { adaptPreset } from './presets/adapt-preset.js'
import { defaultPresetOf, packagedPreset } from './presets/packaged-presets.js'
import type { YinYangOptions } from './yin-yang.js'

/** Settings that suit the Yin-Yang task: of the task itself and of its training. */
export interface YinYangPreset {
  readonly task: YinYangOptions
  readonly training: TrainOptions
}

/**
 * Settings to train the Yin-Yang task with, given the kinds of parameters to learn: of the preset `yin-yang` if
 * delays are among them, else of `yin-yang-weights`.
 *
 * Delays, if learned, belong to the synapses from input to hidden; adaptation, if learned, to the hidden group.
 *
 * @example
 * const { task, training } = yinYangPreset(['weights', 'delays', 'thresholds'])
 * for await (const epoch of train(session, yinYang(task), training)) console.log(epoch.validationAccuracy)
 */
export function yinYangPreset(learn: readonly ParameterKind[]): YinYangPreset {
  readList(learn, 'learn')
  const { options, training } = adaptPreset(packagedPreset(defaultPresetOf('yin-yang', learn)), { learn })
  return { task: options, training }
}

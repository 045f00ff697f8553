import fc from 'fast-check'
import { expect, test } from 'vitest'
import { yinYang } from '../../src/data/yin-yang.js'
import { yinYangPreset } from '../../src/data/yin-yang-preset.js'
import { PARAMETER_KINDS } from '../../src/learning/parameter-kinds.js'
import { configureTraining } from '../../src/learning/training-config.js'

test('whatever is to be learned, the task has it and the trainer accepts the settings', () => {
  fc.assert(
    fc.property(fc.subarray([...PARAMETER_KINDS], { minLength: 1 }), (learn) => {
      const { task: settings, training } = yinYangPreset(learn)
      const task = yinYang({ ...settings, hidden: 4 })
      const config = configureTraining(task.network, task, training)
      expect(Object.keys(config.step.rates).sort()).toEqual([...learn].sort())
      const hidden = task.network.groups.find(({ name }) => name === 'hidden')
      expect(hidden).toMatchObject({ kind: 'lif', adaptStep: learn.includes('adaptation') ? 0.1 : 0 })
      expect(task.network.projections[0]?.delays.kind).toBe(learn.includes('delays') ? 'perSynapse' : 'none')
    }),
    { numRuns: 12 },
  )
})

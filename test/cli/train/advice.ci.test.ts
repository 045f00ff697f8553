import { afterAll, expect, test } from 'vitest'
import { inTurn } from '../../support/in-turn.js'
import { createWorkingFolder } from '../run-in-process.js'
import { adviceOf } from './advice-of.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const PRESETS = [['yin-yang-30-weights'], ['yin-yang-surrogate', '--method', 'surrogate', '--dt', '1']]

test.each(inTurn(PRESETS, 0))('the first epochs by the preset %s get no advice', async (preset, ...flags) => {
  expect(await adviceOf('yin-yang', '--preset', preset, ...flags, '--epochs', '2', '--name', preset)).toEqual([[], []])
})

test('adaptation alone is told what it acts on where no neuron spikes twice', async () => {
  const [advice] = await adviceOf('yin-yang', '--learn', 'adaptation', '--hidden', '8', '--epochs', '1')
  const because =
    'adaptation acts on the second spike of a neuron in a trial, and none has one; learn weights, too (--learn weights,adaptation).'
  expect(advice?.filter((sentence) => sentence.includes('no gradient'))).toEqual(
    ['hidden', 'output'].map((name) => `${name}: no gradient arrives, so nothing is learned; ${because}`),
  )
})

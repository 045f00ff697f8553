import { expect, test } from 'vitest'
import { neverPredicted } from '../../../src/learning/diagnosis/class-advice.js'
import '../../support/guard.js'

const CLASSES = { count: 3, names: undefined }
const seen = (predicted: readonly number[]) => [
  {
    labels: Uint8Array.from({ length: 60 }, (_, k) => k % 3),
    predictions: Int32Array.from({ length: 60 }, (_, k) => predicted[k % 3]!),
  },
]

test('classes that samples have are never predicted where others are', () => {
  expect(neverPredicted(CLASSES, seen([0, 0, 2]))).toEqual([1])
  expect(neverPredicted(CLASSES, seen([0, 1, 2]))).toEqual([])
})

test('where nothing is predicted at all, no class is missing', () => {
  expect(neverPredicted(CLASSES, seen([-1, -1, -1]))).toEqual([])
})

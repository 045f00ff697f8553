import { describe, expect, test } from 'vitest'
import { predictionsTable } from '../../../src/cli/evaluate/predictions-table.js'
import type { Dataset } from '../../../src/learning/task.js'

const dataset: Dataset = { size: 2, classes: 3, labels: Uint8Array.of(2, 0), encode: () => ({}) }

describe('a table of predictions', () => {
  test('has a row for each draw and sample', () => {
    const draws = [
      { draw: 0, predictions: Int32Array.of(2, -1) },
      { draw: 1, predictions: Int32Array.of(1, 0) },
    ]
    expect(predictionsTable(dataset, draws)).toBe('draw,sample,label,predicted\n0,0,2,2\n0,1,0,-1\n1,0,2,1\n1,1,0,0\n')
  })

  test('has the names of classes, where they have some', () => {
    const named = { ...dataset, classNames: ['up', 'left, or right', 'down'] }
    expect(predictionsTable(named, [{ draw: 0, predictions: Int32Array.of(1, -1) }])).toBe(
      'draw,sample,label,predicted,class,predicted class\n0,0,2,1,down,"left, or right"\n0,1,0,-1,up,\n',
    )
  })

  test('tells what is known of the samples, quoted where it has to be', () => {
    const about = { speaker: ['ann', 'O"Neil, "b"'], 'at\nhome': [1, 0] }
    expect(predictionsTable({ ...dataset, about }, [{ draw: 0, predictions: Int32Array.of(2, 1) }])).toBe(
      'draw,sample,label,predicted,speaker,"at\nhome"\n0,0,2,2,ann,1\n0,1,0,1,"O""Neil, ""b""",0\n',
    )
  })
})

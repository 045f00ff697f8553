import { describe, expect, test } from 'vitest'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { lif } from '../../../src/network/models/lif.js'
import { listOf, numbersThat } from '../../../src/network/reading/read-list.js'
import { readString } from '../../../src/network/reading/read-value.js'

const hole = (...around: readonly unknown[]) => {
  const list = [...around]
  delete list[1]
  return list
}
const POSITIVE = { code: 'NOT_POSITIVE', expected: 'a number above 0', holds: (value: number) => value > 0 }

describe('a hole in a list is no entry', () => {
  test('of strings', () => {
    const refused = () => listOf(readString)(hole('a', 'b', 'c'), 'names')
    expect(refused).toThrow(
      expect.objectContaining({ mistake: expect.objectContaining({ code: 'FIELD_MISSING', field: 'names[1]' }) }),
    )
  })

  test('of numbers', () => {
    const refused = () => numbersThat(POSITIVE)(hole(1, 2, 3), 'taus')
    expect(refused).toThrow(
      expect.objectContaining({ mistake: expect.objectContaining({ code: 'FIELD_MISSING', field: 'taus[1]' }) }),
    )
  })

  test('of the numbers of a group', () => {
    const tauMem = hole(10, 15, 20) as number[]
    const refused = () => defineNetwork({ groups: { a: lif(3, { tauMem, tauSyn: 5, threshold: 1 }) }, projections: [] })
    expect(refused).toThrow(
      expect.objectContaining({
        mistake: expect.objectContaining({ code: 'FIELD_MISSING', field: 'groups.a.tauMem[1]' }),
      }),
    )
  })
})

import { describe, expect, test } from 'vitest'
import * as antidrome from '../../src/index.js'
import { type Callable, surprises } from './describe-call.js'
import { describePublicCalls, functionsOf } from './describe-public-calls.js'
import { PUBLIC_CALLS } from './public-calls.js'

describePublicCalls(12)

describe('a function that nobody put in the table', () => {
  test('is found', () => {
    const planted = { ...antidrome, planted: () => undefined }
    expect(Object.keys(functionsOf(planted)).filter((name) => !(name in PUBLIC_CALLS.index))).toEqual(['planted'])
  })

  test('is found to raise something else', async () => {
    const planted = (options: unknown) => (options as { length: number }).length
    expect(await surprises(planted as Callable, { args: () => ['text'] })).toEqual([
      expect.stringContaining('null as 1.: TypeError'),
      expect.stringContaining('undefined as 1.: TypeError'),
    ])
  })
})

import { setFlagsFromString } from 'node:v8'
import { runInThisContext } from 'node:vm'
import { expect, test } from 'vitest'
import * as exp from '../../src/numerics/exp.js'

setFlagsFromString('--allow-natives-syntax')
const hasShape = runInThisContext('(value) => %HasFastProperties(value)') as (value: object) => boolean

test('what a module exports is found by shape', () => {
  const getters = Object.defineProperty(Object.create(null), 'exp', { get: () => exp.exp, configurable: true })
  expect(hasShape(getters)).toBe(false)
  expect(hasShape(exp)).toBe(true)
})

import { expect, test } from 'vitest'
import { compileKernel, type KernelVariant } from '../../../../src/dynamics/kernels/wasm/instantiate.js'

test.each<KernelVariant>(['plain', 'shared'])('compiles the %s kernel once', (variant) => {
  expect(compileKernel(variant)).toBe(compileKernel(variant))
})

test('compiles a kernel per variant', () => {
  expect(compileKernel('plain')).not.toBe(compileKernel('shared'))
})

import { expect, test } from 'vitest'
import { KernelMemory } from '../../../../src/dynamics/kernels/wasm/kernel-memory.js'

test('regions follow one another, and growing moves nothing', () => {
  const memory = new KernelMemory(64, 'plain', 'x')
  const first = memory.copy(Float64Array.of(1, 2, 3))
  const second = memory.take(1 << 20)
  expect(second).toBeGreaterThanOrEqual(first + 24)
  expect(memory.memory.buffer.byteLength).toBeGreaterThanOrEqual(second + (1 << 20))
  expect([...memory.f64.subarray(first / 8, first / 8 + 3)]).toEqual([1, 2, 3])
})

test('more than there can be is refused with what to do', () => {
  const memory = new KernelMemory(64, 'plain', 'x')
  expect(() => memory.take(5 * 2 ** 30)).toThrow(
    expect.objectContaining({
      code: 'KERNEL_MEMORY',
      message: expect.stringMatching(/group "x" needs 5\.0 GiB/),
    }),
  )
})

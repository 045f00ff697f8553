import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inOrder } from '../../../src/learning/sweep/train-settings.js'

const never = () => new AbortController().signal

/** Lets other promises settle, a number of times. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await null
}

describe('what is done several at a time', () => {
  test('comes in its order, never more than asked for at a time, each once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(20)), fc.integer({ min: 1, max: 5 }), async (lengths, parallel) => {
        let [now, most, begun] = [0, 0, 0]
        const results: number[] = []
        const work = async (k: number) => {
          begun++
          most = Math.max(most, ++now)
          await turns(lengths[k] ?? 0)
          now--
          return 10 * k
        }
        for await (const result of inOrder([...lengths.keys()], { parallel, signal: never() }, work))
          results.push(result)
        expect(results).toEqual(lengths.map((_, k) => 10 * k))
        expect(begun).toBe(lengths.length)
        expect(most).toBe(Math.min(parallel, lengths.length))
      }),
    )
  })

  test('ends with the first error: others under way are aborted and waited for, and no further one begins', async () => {
    const begun: number[] = []
    let ended = 0
    const work = async (k: number, signal: AbortSignal) => {
      begun.push(k)
      if (k === 1) throw new Error('one')
      if (k === 0) return k
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      await turns(10)
      ended++
      return k
    }
    const results: number[] = []
    const all = async () => {
      for await (const result of inOrder([0, 1, 2, 3, 4, 5], { parallel: 3, signal: never() }, work))
        results.push(result)
    }
    await expect(all()).rejects.toThrow('one')
    expect(results).toEqual([0])
    expect(begun.slice(0, 3)).toEqual([0, 1, 2])
    expect(begun).not.toContain(5)
    expect(ended).toBe(begun.length - 2)
  })

  test('ends where the caller stops, or the signal says so', async () => {
    const aborted: number[] = []
    const work = async (k: number, signal: AbortSignal) => {
      if (k === 0) return k
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      aborted.push(k)
      return k
    }
    for await (const result of inOrder([0, 1, 2, 3], { parallel: 2, signal: never() }, work)) {
      expect(result).toBe(0)
      break
    }
    expect(aborted).toContain(1)
    expect(aborted).not.toContain(3)

    const controller = new AbortController()
    const slowly = async (k: number) => {
      await turns(100)
      return k
    }
    const all = async () => {
      for await (const result of inOrder([0, 1, 2], { parallel: 1, signal: controller.signal }, slowly))
        if (result === 0) controller.abort(new Error('stop'))
    }
    await expect(all()).rejects.toThrow('stop')
  })
})

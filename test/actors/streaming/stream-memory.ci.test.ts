import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { trainsOf } from '../../learning/trains.js'
import { lastingRing } from '../small-networks.js'

test('a stream holds no more memory the longer it goes on', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  /** What is freed is told a moment later. */
  const held = async () => {
    let least = Number.POSITIVE_INFINITY
    for (let look = 0; look < 5; look++) {
      collect()
      await new Promise((resolve) => setImmediate(resolve))
      const { arrayBuffers } = process.memoryUsage()
      if (look > 1 && arrayBuffers === least) break
      least = Math.min(least, arrayBuffers)
    }
    return least
  }
  await using session = await open(lastingRing())
  const stream = session.stream({ inputs: { in: trainsOf([[{ time: 1, unit: 0 }]]) }, segment: 16 })
  let [spikes, early, late] = [0, 0, Number.POSITIVE_INFINITY]
  // Times alone of what comes after the first stop would be more than this.
  const holdsMore = () => late - early >= 2000
  for await (const { window, spikes: found } of stream) {
    spikes += found.a!.times.length
    if (window.end === 16 * 200) early = await held()
    if (window.end < 16 * 1000) continue
    // The test runner, too, holds something now and then: what a stream holds, it holds at every stop.
    if (window.end % (16 * 10) === 0 && holdsMore()) late = Math.min(late, await held())
    if (window.end < 16 * 1050) continue
    const state = await stream.saveState()
    expect(Object.values(state.inFlight).every(({ times }) => times.length < 10)).toBe(true)
    break
  }
  expect(spikes).toBeGreaterThan(1000)
  expect(holdsMore()).toBe(false)
})

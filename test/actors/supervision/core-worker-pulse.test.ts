import { expect, test } from 'vitest'
import { createCoreWorkerPulse } from '../../../src/actors/supervision/core-worker-pulse.js'
import type { Link } from '../../../src/streams/link.js'
import { linkedPair } from './linked-pair.js'

/** A link that notes its beats. */
async function beatenLink(name: string, beaten: string[], held: Promise<void> | null = null): Promise<Link> {
  const { partition } = await linkedPair()
  return { ...partition, beat: () => void beaten.push(name), flushed: () => held }
}

test('a beat reaches the links of all cores, and not again before it could matter', async () => {
  let now = 0
  const beaten: string[] = []
  const pulse = createCoreWorkerPulse(1000, () => now)
  pulse.include(await beatenLink('core 0', beaten))
  pulse.include(await beatenLink('core 1', beaten))
  const beatsAt = (ms: number) => {
    now = ms
    pulse.beat()
    return beaten.splice(0)
  }
  expect(beatsAt(100)).toEqual([])
  expect(beatsAt(125)).toEqual(['core 0', 'core 1'])
  expect(beatsAt(126)).toEqual([])
  expect(beatsAt(5000)).toEqual(['core 0', 'core 1'])
})

test('what one core has not yet sent holds up all that would compute', async () => {
  const pulse = createCoreWorkerPulse(1000, () => 0)
  expect(pulse.flushed()).toBeNull()
  pulse.include(await beatenLink('core 0', []))
  expect(pulse.flushed()).toBeNull()
  const held = Promise.resolve()
  pulse.include(await beatenLink('core 1', [], held))
  expect(pulse.flushed()).toBe(held)
})

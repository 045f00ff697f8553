import { describe } from 'vitest'
import { systemClock } from '../../src/streams/system-clock.js'
import { testRendezvous } from '../suites/rendezvous-suite.js'
import { createMemoryBoard } from './memory-rendezvous.js'

describe('a rendezvous in memory', () => {
  testRendezvous(async (numbers) => {
    const board = createMemoryBoard({ clock: systemClock(), numbers })
    return {
      join: async (name) => board.join(name),
      goAway: async () => board.goAway(),
      comeBack: async () => board.comeBack(),
      [Symbol.asyncDispose]: async () => undefined,
    }
  })
})

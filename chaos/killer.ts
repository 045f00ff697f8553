import { setTimeout } from 'node:timers/promises'
import { createRandomStream } from '../dist/numerics/random-stream.js'
import { childrenOf, isAlive } from '../test/support/processes.js'

/** Kills child processes of this one at random moments, which a seed decides as far as the machine lets it. */
export interface Killer {
  readonly kills: number
  /** So many steps are done: at some of them a blow begins to fall, which nobody waits for. */
  afterStep(step: number): void
  /** Resolves when the blows that have begun have fallen. */
  settled(): Promise<void>
  /** One blow, as soon as there is somebody to be hit. */
  strike(): Promise<void>
}

/** In ms: within a step or two, or in the middle of a new start. */
const SOON = 20
const IN_A_START = 500
const SECOND_BLOWS = 0.25

export function createKiller({ seed, kills, steps }: { seed: number; kills: number; steps: number }): Killer {
  const random = createRandomStream(seed, 'chaos/kills')
  let draws = 0
  let fallen = 0
  let begun = 0
  let underWay: Promise<void> = Promise.resolve()
  let isFalling = false

  async function strike(): Promise<void> {
    for (;;) {
      const targets = childrenOf(process.pid).filter(isAlive)
      const target = targets[random.integer(draws++, Math.max(1, targets.length))]
      if (target !== undefined && hit(target)) break
      await setTimeout(2)
    }
    fallen++
  }

  async function blow(isDouble: boolean): Promise<void> {
    await setTimeout(SOON * random.uniform(draws++))
    await strike()
    if (!isDouble) return
    await setTimeout(IN_A_START * random.uniform(draws++))
    await strike()
  }

  return {
    get kills() {
      return fallen
    },
    afterStep(step) {
      const due = Math.min(kills, Math.floor((step * kills) / steps) + 1)
      if (isFalling || begun >= due) return
      const isDouble = begun + 1 < kills && random.uniform(draws++) < SECOND_BLOWS
      begun += isDouble ? 2 : 1
      isFalling = true
      underWay = blow(isDouble).finally(() => {
        isFalling = false
      })
    },
    settled: () => underWay,
    strike,
  }
}

function hit(target: number): boolean {
  try {
    return process.kill(target, 'SIGKILL')
  } catch {
    return false
  }
}

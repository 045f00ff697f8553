import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTurns, type Flights } from '../../../src/actors/session/turns.js'

/** What becomes of a step: it is taken, cannot be right, fails, has to be taken once more, or wants everything for itself. */
type Fate = 'taken' | 'wrong' | 'failing' | 'again' | 'alone' | 'failing alone'

interface FakeStep {
  readonly id: number
  readonly fate: Fate
  /** Turns of the microtask queue that it takes. */
  readonly ticks: number
}

interface FakeFlight {
  readonly step: FakeStep
  readonly done: Promise<void>
}

const MOST = 2

/** Something that steps change: the list of those that have been taken. */
function createWorld() {
  let taken: readonly number[] = []
  let inTheAir = 0
  let isHeld = false
  let mostInTheAir = 0
  let last: Promise<void> = Promise.resolve()

  const wait = async (ticks: number) => {
    for (let k = 0; k < ticks; k++) await undefined
  }
  const hold = async <Value>(work: () => Promise<Value>) => {
    expect({ inTheAir, isHeld }).toEqual({ inTheAir: 0, isHeld: false })
    isHeld = true
    try {
      return await work()
    } finally {
      isHeld = false
    }
  }
  const flights: Flights<FakeStep, FakeFlight, string> = {
    most: MOST,
    canFly: ({ fate }) => !fate.includes('alone'),
    begin(step, isAhead) {
      expect(isHeld).toBe(false)
      if (!isAhead) expect(inTheAir).toBe(0)
      if (step.fate === 'wrong') throw new Error(`wrong ${step.id}`)
      mostInTheAir = Math.max(mostInTheAir, ++inTheAir)
      const before = last
      const done = (async () => {
        await before
        await wait(step.ticks)
        if (step.fate === 'taken') taken = [...taken, step.id]
      })()
      last = done
      return { step, done }
    },
    async end({ step, done }) {
      await done
      if (step.fate === 'failing') throw new Error(`failed ${step.id}`)
      if (step.fate === 'again') return null
      inTheAir--
      return `took ${step.id}`
    },
    async undo(undone) {
      await Promise.all(undone.map(({ done }) => done))
      expect(undone).toHaveLength(inTheAir)
      inTheAir = 0
      taken = taken.filter((id) => undone.every(({ step }) => step.id !== id))
    },
    alone: ({ id, fate, ticks }) => {
      const take = async () => {
        await wait(ticks)
        if (fate === 'failing alone') throw new Error(`failed ${id}`)
        taken = [...taken, id]
        return `took ${id}`
      }
      return fate === 'again' ? take() : hold(take)
    },
  }
  return { flights, hold, wait, taken: () => taken, mostInTheAir: () => mostInTheAir }
}

type Call =
  | { readonly kind: 'step'; readonly isChained: boolean; readonly fate: Fate; readonly ticks: number }
  | { readonly kind: 'work'; readonly ticks: number }
  | { readonly kind: 'pause'; readonly ticks: number }

const FATES: readonly Fate[] = ['taken', 'wrong', 'failing', 'again', 'alone', 'failing alone']
const ticks = fc.nat(12)
const call: fc.Arbitrary<Call> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('step' as const),
      isChained: fc.boolean(),
      fate: fc.oneof({ weight: 4, arbitrary: fc.constant<Fate>('taken') }, fc.constantFrom(...FATES)),
      ticks,
    }),
  },
  fc.record({ kind: fc.constant('work' as const), ticks }),
  fc.record({ kind: fc.constant('pause' as const), ticks }),
)

/** What somebody would see who waits for every call before the next. */
function oneByOne(calls: readonly Call[]) {
  let taken: readonly number[] = []
  let isBroken = false
  const outcomes = calls.flatMap((asked, id): readonly string[] => {
    if (asked.kind === 'pause') return []
    if (asked.kind === 'work') return [`saw ${taken.join()}`]
    // What cannot be right may be told before it is known what became of the step before.
    if (asked.isChained && isBroken) return [asked.fate === 'wrong' ? `wrong ${id}` : 'STEP_NOT_TAKEN']
    isBroken = ['wrong', 'failing', 'failing alone'].includes(asked.fate)
    if (isBroken) return [asked.fate === 'wrong' ? `wrong ${id}` : `failed ${id}`]
    taken = [...taken, id]
    return [`took ${id}`]
  })
  return { outcomes, taken }
}

describe('the turns of a session', () => {
  test('steps that overlap come to what they come to one by one, whatever becomes of them and whoever asks between', async () => {
    let overlapping = 0
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 14 }), async (calls) => {
        const world = createWorld()
        const turns = createTurns(world.flights)
        const outcomes: Promise<string>[] = []
        for (const [id, asked] of calls.entries()) {
          if (asked.kind === 'pause') await world.wait(asked.ticks)
          else if (asked.kind === 'work')
            outcomes.push(
              turns.work(() =>
                world.hold(async () => {
                  await world.wait(asked.ticks)
                  return `saw ${world.taken().join()}`
                }),
              ),
            )
          else {
            const step = { id, fate: asked.fate, ticks: asked.ticks }
            outcomes.push(asked.isChained ? turns.stepAfter(step) : turns.step(step))
          }
        }
        const closed = turns.close()
        const settled = await Promise.all(outcomes.map((outcome) => outcome.catch(nameOf)))
        const told = settled.map((outcome, k) =>
          outcome === 'STEP_NOT_TAKEN' && isWrong(calls, k) ? `wrong ${idOf(calls, k)}` : outcome,
        )
        await closed
        const expected = oneByOne(calls)
        expect(told).toEqual(expected.outcomes)
        expect(world.taken()).toEqual(expected.taken)
        expect(world.mostInTheAir()).toBeLessThanOrEqual(MOST)
        if (world.mostInTheAir() === MOST) overlapping++
      }),
      { numRuns: 400 },
    )
    expect(overlapping).toBeGreaterThan(100)
  })

  test('what is asked for after the end is refused, what was asked for before it is done', async () => {
    const world = createWorld()
    const turns = createTurns(world.flights)
    const step = turns.step({ id: 1, fate: 'taken', ticks: 5 })
    const closed = turns.close()
    await expect(turns.work(async () => 'late')).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
    await expect(turns.step({ id: 2, fate: 'taken', ticks: 0 })).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
    await closed
    expect(await step).toBe('took 1')
  })

  test('what cannot be taken back fails its step; those behind it find out for themselves', async () => {
    const world = createWorld()
    const undo = async () => {
      throw new Error('the cluster is gone')
    }
    const turns = createTurns({ ...world.flights, undo })
    await expect(turns.step({ id: 1, fate: 'again', ticks: 1 })).rejects.toThrow('the cluster is gone')
  })
})

function nameOf(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message: string }
  return code ?? message
}

/** Number of the k-th call that gets its result. */
function idOf(calls: readonly Call[], k: number): number {
  return [...calls.entries()].filter(([, { kind }]) => kind !== 'pause')[k]?.[0] as number
}

function isWrong(calls: readonly Call[], k: number): boolean {
  const asked = calls[idOf(calls, k)]
  return asked?.kind === 'step' && asked.fate === 'wrong'
}

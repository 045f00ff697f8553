import { RunError } from '../../events/errors.js'
import { sessionClosed } from '../../learning/session-closed.js'

/** How steps are taken of which several may be on their way. */
export interface Flights<Step, Flight, Result> {
  /** Most steps on their way at once. */
  readonly most: number
  /** Whether a step may be on its way while others are; one that may not has the partitions to itself. */
  canFly(step: Step): boolean
  /**
   * Sets a step going. Throws for one that cannot be right: then nothing was done.
   *
   * @param isAhead others are on their way
   */
  begin(step: Step, isAhead: boolean): Flight
  /** What came of a step, once all those before it are taken; null if it has to be taken once more, alone. */
  end(flight: Flight): Promise<Result | null>
  /** Reverts what these steps, all that are in flight, have done. Afterwards nothing of them is in progress. */
  undo(flights: readonly Flight[]): Promise<void>
  /** Takes a step that has the partitions to itself. */
  alone(step: Step): Promise<Result>
}

/** The order in which a session does what it is asked for: that of the calls. */
export interface Turns<Step, Result> {
  /** Most steps on their way at once. */
  readonly most: number
  /** Work that has the partitions to itself. */
  work<Value>(work: () => Promise<Value>): Promise<Value>
  /** The step is done on what the steps before it have left, and others may be set going before it is known what came of it. */
  step(step: Step): Promise<Result>
  /** The same, if the step before it is taken; else it rejects with a `RunError` STEP_NOT_TAKEN, and nothing was done. */
  stepAfter(step: Step): Promise<Result>
  /** What was asked for before is still done; resolves when it is. What is asked for later rejects with SESSION_CLOSED. */
  close(): Promise<void>
}

type Entry<Step, Result> = { readonly kind: 'work'; readonly carryOut: () => Promise<void> } | StepEntry<Step, Result>

interface StepEntry<Step, Result> extends Settling<Result> {
  readonly kind: 'step'
  readonly step: Step
  readonly isChained: boolean
}

interface Settling<Result> {
  resolve(result: Result): void
  reject(reason: unknown): void
}

interface Flying<Step, Flight, Result> {
  readonly entry: StepEntry<Step, Result>
  readonly flight: Flight
}

export function createTurns<Step, Flight, Result>(flights: Flights<Step, Flight, Result>): Turns<Step, Result> {
  const schedule = createSchedule(flights)
  let isClosed = false

  function stepOf(step: Step, isChained: boolean): Promise<Result> {
    if (isClosed) return Promise.reject(sessionClosed())
    return new Promise((resolve, reject) => schedule.enter({ kind: 'step', step, isChained, resolve, reject }))
  }

  return {
    most: flights.most,
    work<Value>(work: () => Promise<Value>): Promise<Value> {
      if (isClosed) return Promise.reject(sessionClosed())
      return new Promise((resolve, reject) => {
        schedule.enter({ kind: 'work', carryOut: () => settle(work, { resolve, reject }) })
      })
    },
    step: (step) => stepOf(step, false),
    stepAfter: (step) => stepOf(step, true),
    close() {
      isClosed = true
      return schedule.idle()
    },
  }
}

/** Entries in the order of the calls, and the steps in flight. */
interface Schedule<Step, Result> {
  enter(entry: Entry<Step, Result>): void
  /** Resolves when nothing is queued and nothing is in progress. */
  idle(): Promise<void>
}

function createSchedule<Step, Flight, Result>(flights: Flights<Step, Flight, Result>): Schedule<Step, Result> {
  const steps = createStepOutcomes(flights)
  const queue: Entry<Step, Result>[] = []
  let flying: readonly Flying<Step, Flight, Result>[] = []
  /** Work that needs exclusive use of the partitions is in progress. */
  let isBusy = false
  /** The turns are waiting for the results of the steps in flight. */
  let isLanding = false
  let idle: (() => void) | null = null

  /** Sets going what may go on now. */
  function pump(): void {
    for (let [next] = queue; next !== undefined && !isBusy && hasRoom(next); [next] = queue) {
      queue.shift()
      if (next.kind === 'step') takeOff(next)
      else void haveAll(next.carryOut)
    }
    if (queue.length === 0 && flying.length === 0 && !isBusy) idle?.()
  }

  function hasRoom(entry: Entry<Step, Result>): boolean {
    if (flying.length === 0) return true
    return entry.kind === 'step' && flying.length < flights.most && flights.canFly(entry.step)
  }

  async function haveAll(work: () => Promise<void>): Promise<void> {
    isBusy = true
    await work()
    isBusy = false
    pump()
  }

  function takeOff(entry: StepEntry<Step, Result>): void {
    if (!steps.mayFollow(entry)) return
    if (!flights.canFly(entry.step)) {
      void haveAll(() => steps.takeAlone(entry))
      return
    }
    const flight = steps.begin(entry, flying.length > 0)
    if (flight === null) return
    flying = [...flying, flight]
    if (!isLanding) void landAll()
  }

  async function landAll(): Promise<void> {
    isLanding = true
    for (let [first] = flying; first !== undefined; [first] = flying) {
      const result = await steps.endOf(first)
      if (typeof result === 'function') await haveAll(() => mend(result))
      else {
        flying = flying.slice(1)
        first.entry.resolve(result.result)
        pump()
      }
    }
    isLanding = false
    pump()
  }

  async function mend(settle: () => Promise<void>): Promise<void> {
    const [, ...later] = flying
    await steps.takeBack(flying, settle)
    flying = []
    queue.unshift(...later.map(({ entry }) => entry))
  }

  return {
    enter(entry) {
      queue.push(entry)
      pump()
    },
    idle: () =>
      new Promise((resolve) => {
        idle = resolve
        pump()
      }),
  }
}

/** Takes single steps and settles their calls; remembers whether the last one, in the order of the calls, was taken. */
function createStepOutcomes<Step, Flight, Result>(flights: Flights<Step, Flight, Result>) {
  let isBroken = false

  function refuse({ reject }: Settling<Result>, reason: unknown): void {
    isBroken = true
    reject(reason)
  }

  async function takeAlone(entry: StepEntry<Step, Result>): Promise<void> {
    try {
      entry.resolve(await flights.alone(entry.step))
    } catch (error) {
      refuse(entry, error)
    }
  }

  return {
    takeAlone,
    /** Whether a step may be taken after the one before it; if not, its call rejects. */
    mayFollow({ isChained, reject }: StepEntry<Step, Result>): boolean {
      if (isChained && isBroken) {
        reject(notTaken())
        return false
      }
      isBroken = false
      return true
    },
    /** The step in flight; null if it is refused. */
    begin(entry: StepEntry<Step, Result>, isAhead: boolean): Flying<Step, Flight, Result> | null {
      try {
        return { entry, flight: flights.begin(entry.step, isAhead) }
      } catch (error) {
        refuse(entry, error)
        return null
      }
    },
    /** Reverts all steps in flight, then settles the first one. */
    async takeBack(flying: readonly Flying<Step, Flight, Result>[], settleFirst: () => Promise<void>): Promise<void> {
      try {
        await flights.undo(flying.map(({ flight }) => flight))
        await settleFirst()
      } catch (error) {
        const [first] = flying
        // The first step is refused with the error; those behind it are queued again and meet it themselves.
        if (first !== undefined) refuse(first.entry, error)
      }
    },
    /** The result of a step, or what is to be done about it once everything in flight is taken back. */
    async endOf({ entry, flight }: Flying<Step, Flight, Result>) {
      try {
        const result = await flights.end(flight)
        return result === null ? () => takeAlone(entry) : { result }
      } catch (error) {
        return async () => refuse(entry, error)
      }
    },
  }
}

async function settle<Value>(work: () => Promise<Value>, { resolve, reject }: Settling<Value>): Promise<void> {
  try {
    resolve(await work())
  } catch (error) {
    reject(error)
  }
}

function notTaken(): RunError {
  return new RunError({
    code: 'STEP_NOT_TAKEN',
    message: 'The step before this one was not taken, so this one was not either.',
    remedy: 'See why the one before it rejected.',
  })
}

import { Subject, type Subscription } from 'rxjs'
import type { ReturnedEvents } from '../../dynamics/kernels/returned-events.js'
import { InternalError } from '../../events/errors.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SourceValues } from '../../network/instance/instance.js'
import { collectReturned, type ReturnedBatch } from '../../streams/collect-returned.js'
import type { Deliver } from '../../streams/deliver.js'
import { type FlowControl, flowControlOf } from '../../streams/flow-control.js'
import { gradientSources, type Output, returnsGradients } from './group-ends.js'
import { createLifeCycle, createRunScope, type LifeCycle } from './life-cycle.js'
import type { Run, UnitStates } from './run.js'
import {
  createEmittedSupply,
  createGivenSupply,
  type SpikeSupply,
  type SuppliedSpikes,
  type SupplyStart,
} from './spike-supply.js'

/** Number of spikes in a batch that keeps a link and its receiver busy; more only take memory. */
const SPIKES_PER_BATCH = 1e5

export interface SourceActorOptions {
  readonly values: SourceValues
  readonly outputs: readonly Output[]
  /** Of what it emits by itself. */
  readonly seed: number
  /** The next window is a message to itself, so that those who listen keep pace. */
  readonly deliver: Deliver
  /** About how many spikes that it emits by itself go into a batch; default 1e5. */
  readonly spikesPerBatch?: number
}

/** Emits the spikes a source slice is given, or its own, and learns what moving the given ones would do to the loss. */
export interface SourceActor {
  readonly name: string
  readonly life: LifeCycle
  readonly spikes$: Subject<SpikeBatch>
  /** The gradients of a batch from all outputs. */
  readonly returned$: Subject<ReturnedBatch>
  /** What came back for the spikes that were given for the last run, if it asked for dL/d(input spike time). */
  returned(): readonly ReturnedEvents[]
  /** After a segment of a run: how far it has come with what it emits by itself; none if it is given its spikes. */
  states(): readonly UnitStates[]
  begin(run: Run): void
  /** Leaves the run; nothing more is sent. */
  abort(reason: unknown): void
  close(): void
}

export function createSourceActor(options: SourceActorOptions): SourceActor {
  const { values, outputs, seed, deliver, spikesPerBatch = SPIKES_PER_BATCH } = options
  const { name, emission } = values
  const life = createLifeCycle(name)
  const scope = createRunScope(life)
  const spikes$ = new Subject<SpikeBatch>()
  const returned$ = new Subject<ReturnedBatch>()
  const flowControl = flowControlOf(outputs.map(({ sender }) => sender))
  const isGiven = emission === undefined
  const supply = isGiven ? createGivenSupply(name) : createEmittedSupply({ ...values, emission }, seed, spikesPerBatch)
  let returned: readonly ReturnedEvents[] = []

  function begin(run: Run): void {
    const backward = run.gradients && outputs.length > 0 && returnsGradients(values, run)
    scope.begin(backward)
    returned = []
    supply.begin(run, startOf(run))
    const emitted$ = new Subject<number>()
    if (backward) awaitReturned(emitted$)
    const done = (batches: number) => {
      life.send({ type: 'forwardDone' })
      emitted$.next(batches)
    }
    // Kernels may draw the spikes themselves, see `poissonInputOf`.
    const isHeard = outputs.length > 0 || spikes$.observed
    if (isHeard) sendWindows({ supply, deliver, flowControl, send, done }, scope.subscriptions)
    else done(0)
  }

  /** The state from which the supply continues. */
  function startOf({ segment }: Run): SupplyStart {
    if (segment === undefined || isGiven) return 'rest'
    if (typeof segment.from === 'string') return segment.from
    const state = segment.from.find(({ group, start }) => group === name && start === values.start)
    if (state === undefined) throw new InternalError(`The slice of "${name}" from ${values.start} has no state.`)
    return state.columns
  }

  function states(): readonly UnitStates[] {
    const columns = supply.columns()
    return columns === null ? [] : [{ group: name, start: values.start, columns, inFlight: {} }]
  }

  function send({ window, trains }: SuppliedSpikes, sequence: number): void {
    const batch: SpikeBatch = { stream: name, sequence, window, ...trains }
    spikes$.next(batch)
    for (const { sender } of outputs) sender.sendSpikes(batch)
  }

  function awaitReturned(emitted$: Subject<number>): void {
    const collected = collectReturned(gradientSources(outputs), emitted$).subscribe({
      next: (batch) => {
        returned = batch.returned
        returned$.next(batch)
      },
      complete: () => life.send({ type: 'backwardDone' }),
      error: scope.abort,
    })
    scope.subscriptions.add(collected)
  }

  function close(): void {
    spikes$.complete()
    returned$.complete()
    scope.close()
  }

  return { name, life, spikes$, returned$, returned: () => returned, states, begin, abort: scope.abort, close }
}

/** The windows that a source sends in a run, and how. */
interface SentWindows {
  readonly supply: SpikeSupply
  readonly deliver: Deliver
  readonly flowControl: FlowControl
  send(spikes: SuppliedSpikes, sequence: number): void
  /** Called once with the number of windows. */
  done(windows: number): void
}

/** One window after the other, while those who listen can take it. */
function sendWindows({ supply, deliver, flowControl, send, done }: SentWindows, subscriptions: Subscription): void {
  let sequence = 0
  let isDue = false
  const goOn = () => {
    if (isDue) return
    isDue = true
    deliver(() => {
      isDue = false
      if (!subscriptions.closed) sendNext()
    })
  }
  const sendNext = () => {
    if (!flowControl.isOpen()) return
    const spikes = supply.next()
    send(spikes, sequence++)
    if (!spikes.isLast) goOn()
    else {
      opening.unsubscribe()
      done(sequence)
    }
  }
  const opening = flowControl.opened$.subscribe(goOn)
  subscriptions.add(opening)
  sendNext()
}

import { Subject, take } from 'rxjs'
import { microBatches } from '../../events/trial-range.js'
import { collectMicroBatches, collectReturned } from '../../streams/collect-returned.js'
import { flowControlOf } from '../../streams/flow-control.js'
import { type MergeInput, mergeByWatermark } from '../../streams/merge-by-watermark.js'
import { mergeMicroBatches } from '../../streams/merge-micro-batches.js'
import { gradientSources } from './group-ends.js'
import type { GroupPass } from './group-pass.js'
import type { RunScope } from './life-cycle.js'
import { watchQuiet } from './quiet-interval.js'
import { spanOf } from './run.js'

/**
 * All trials at once, window by window: forward as far as every input has come, then back from the last window to the
 * first one.
 *
 * @param whole the whole span is one window
 */
export function runWindows(pass: GroupPass, scope: RunScope, whole: boolean): void {
  const { component, run, outputs, readout } = pass
  const { life, guarded, abort } = scope
  /** Number of batches that the forward pass has emitted. */
  const emitted$ = new Subject<number>()
  if (run.gradients) awaitReturned()
  forward()

  function forward(): void {
    const span = spanOf(run)
    let sequence = 0
    let reached = span.start
    let outputBound = span.start
    // A whole trial waits for all there is, whatever the delays.
    const delays = whole ? component.inputs.map(() => 0) : component.smallestDelays()
    const quiet = watchQuiet(component, delays, span)
    const inputs = pass.inputs.map(({ receiver }, k): MergeInput => {
      const latency = component.inputs[k]?.latency?.least ?? 0
      return { spikes$: receiver.spikes$, latency, delay: delays[k] as number }
    })
    const flowControl = flowControlOf(outputs.map(({ sender }) => sender))
    const merged = mergeByWatermark(inputs, { start: span.start, until: span.end, whole, flowControl })
    const advance = merged.subscribe({
      next: ({ horizon: known, received }) =>
        guarded(() => {
          for (const spikes of received) {
            pass.receive(spikes)
            quiet.receive(spikes.input, spikes.batch)
          }
          // A kernel that stops at ends of bins may end a segment inside of one.
          const horizon = known >= span.end ? span.end : component.reach(known, outputBound)
          if (horizon === reached) return
          const emitted = component.advance(horizon)
          const end = whole ? horizon : quiet.outputBound(horizon, emitted)
          pass.emit(sequence++, { start: outputBound, end }, emitted)
          reached = horizon
          outputBound = end
        }),
      complete: () => guarded(() => finishForward(sequence)),
      error: abort,
    })
    scope.subscriptions.add(advance)
  }

  function finishForward(count: number): void {
    life.send({ type: 'forwardDone' })
    if (readout === null) {
      if (run.gradients) backward(count, null)
      return
    }
    const ofLoss = readout.returned$.pipe(take(1))
    if (run.gradients) scope.subscriptions.add(ofLoss.subscribe((values) => guarded(() => backward(count, values))))
    pass.sendReadout()
  }

  function backward(count: number, ofLoss: Float64Array | null): void {
    pass.beginBackward(ofLoss)
    // The gradients of batches that can only arrive after the end return before anything is undone; a cycle would wait for them.
    pass.sendReturned()
    emitted$.next(count)
  }

  /** From the start: the loss returns gradients as soon as it has seen the last spikes, maybe before every input has ended. */
  function awaitReturned(): void {
    const returning = collectReturned(gradientSources(outputs), emitted$).subscribe({
      next: (batch) => guarded(() => pass.undo(batch)),
      complete: () => life.send({ type: 'backwardDone' }),
      error: abort,
    })
    scope.subscriptions.add(returning)
  }
}

/**
 * Whole trials, some at a time: each micro-batch runs forward as soon as its spikes are here, and is undone as soon as its
 * own have their gradients. So layers on different cores work at the same time on different micro-batches.
 */
export function runMicroBatches(pass: GroupPass, scope: RunScope): void {
  const { component, run, outputs, readout } = pass
  const { life, guarded, abort } = scope
  const total = microBatches(run.trials.count, run.microBatch).length
  const span = spanOf(run)
  /** Emits whenever one more micro-batch is ready for its gradients. */
  const ready$ = new Subject<void>()
  const ofLoss: Float64Array[] = []

  if (run.gradients) awaitReturned()
  const streams = pass.inputs.map(({ receiver }) => receiver.spikes$)
  const merged = mergeMicroBatches(streams, total).subscribe({
    next: ({ number, received }) =>
      guarded(() => {
        received.forEach((batch, input) => {
          pass.receive({ input, batch })
        })
        pass.emit(number, span, component.advance(span.end))
        if (number === total - 1) life.send({ type: 'forwardDone' })
        if (readout === null) ready$.next()
        else pass.sendReadout(number)
      }),
    error: abort,
  })
  scope.subscriptions.add(merged)

  function awaitReturned(): void {
    const returning = collectMicroBatches(gradientSources(outputs), ready$, total).subscribe({
      next: (batch) =>
        guarded(() => {
          pass.beginBackward(ofLoss[batch.sequence] ?? null, batch.sequence)
          pass.undo(batch)
        }),
      complete: () => life.send({ type: 'backwardDone' }),
      error: abort,
    })
    scope.subscriptions.add(returning)
    if (readout === null) return
    const fromLoss = readout.returned$.subscribe((values) => {
      ofLoss.push(values)
      ready$.next()
    })
    scope.subscriptions.add(fromLoss)
  }
}

import { Subject, Subscription } from 'rxjs'
import type { ComponentKernel } from '../../dynamics/kernels/component-kernel.js'
import type { Kernel } from '../../dynamics/kernels/kernel.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { microBatches } from '../../events/trial-range.js'
import { collectMicroBatches, type ReturnedBatch } from '../../streams/collect-returned.js'
import { mergeMicroBatches } from '../../streams/merge-micro-batches.js'
import type { VectorSender } from '../../streams/vector-stream.js'
import { gradientSources, type Input, type Output, type ReceivedSpikes, returnedByGroup } from './group-ends.js'
import type { LifeCycle } from './life-cycle.js'
import { packReadout, readoutNumbersOf } from './readout-layout.js'
import { type Run, spanOf } from './run.js'

/** A run in micro-batches, and what it needs of the actor that it passes through. */
export interface MicroBatchedRun {
  readonly run: Run
  readonly component: ComponentKernel
  readonly inputs: readonly Input[]
  readonly outputs: readonly Output[]
  /** The group that the loss looks at, and its way there if it is a readout. */
  readonly shown: { readonly kernel: Kernel; readonly readout: VectorSender | null } | null
  readonly life: LifeCycle
  /** Sends the spikes of a micro-batch. */
  emit(number: number, emitted: readonly SpikeTrains[]): void
  /** dL/d(max V) per group; of a readout what the loss has returned. */
  peakGradients(ofLoss: Float64Array | null, number: number): readonly (Float64Array | null)[]
  /** Returns the gradients that are complete. */
  sendReturned(): void
  /** The component has received a batch. */
  received(spikes: ReceivedSpikes): void
  /** The gradients of a micro-batch have come, and it is about to be undone. */
  returned(batch: ReturnedBatch): void
  /** Does a step; what it throws ends the run. */
  guarded(step: () => void): void
  abort(error: unknown): void
}

/**
 * Whole trials, some at a time: each micro-batch runs forward as soon as its spikes are here, and is undone as soon as its
 * own have their gradients. So layers on different cores work at the same time on different micro-batches.
 */
export function runMicroBatches(parts: MicroBatchedRun): Subscription {
  const { run, component, inputs, outputs, shown, life, emit, sendReturned, guarded, abort } = parts
  const { count } = run.trials
  const total = microBatches(count, run.microBatch).length
  const { end } = spanOf(run)
  const subscriptions = new Subscription()
  const readout = shown?.readout ?? null
  /** Emits whenever one more micro-batch is ready for its gradients. */
  const ready$ = new Subject<void>()
  const ofLoss: Float64Array[] = []

  if (run.gradients) awaitReturned()
  const streams = inputs.map(({ receiver }) => receiver.spikes$)
  const merged = mergeMicroBatches(streams, total).subscribe({
    next: ({ number, received }) =>
      guarded(() => {
        received.forEach((batch, input) => {
          component.receive(input, batch)
          parts.received({ input, batch })
        })
        emit(number, component.advance(end))
        if (number === total - 1) life.send({ type: 'forwardDone' })
        if (shown !== null && readout !== null)
          readout.sendValues(packReadout(shown.kernel, readoutNumbersOf(run), number))
        else ready$.next()
      }),
    error: abort,
  })
  subscriptions.add(merged)
  return subscriptions

  function awaitReturned(): void {
    const returning = collectMicroBatches(gradientSources(outputs), ready$, total).subscribe({
      next: (batch) =>
        guarded(() => {
          const { sequence, returned } = batch
          parts.returned(batch)
          component.beginBackward(parts.peakGradients(ofLoss[sequence] ?? null, sequence))
          component.backward(returnedByGroup(returned, outputs, component.kernels.length))
          sendReturned()
        }),
      complete: () => life.send({ type: 'backwardDone' }),
      error: abort,
    })
    subscriptions.add(returning)
    if (readout === null) return
    const fromLoss = readout.returned$.subscribe((values) => {
      ofLoss.push(values)
      ready$.next()
    })
    subscriptions.add(fromLoss)
  }
}

import type { Kernel } from '../../dynamics/kernels/kernel.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Window } from '../../events/window.js'
import { isReadout } from '../../network/models/models.js'
import type { ReturnedBatch } from '../../streams/collect-returned.js'
import type { VectorSender } from '../../streams/vector-stream.js'
import {
  type ConnectedComponent,
  type GroupSignals,
  type Input,
  type Output,
  type ReceivedSpikes,
  returnedByGroup,
  returnsGradients,
} from './group-ends.js'
import { packReadout, readoutNumbersOf } from './readout-layout.js'
import type { Run } from './run.js'
import { hingeGradients } from './silent-hinge.js'

/** A run as it passes through a component: the steps of it, of which each way of running makes its own sequence. */
export interface GroupPass extends Pick<ConnectedComponent, 'component' | 'inputs'> {
  readonly run: Run
  /** The outputs in use: every projection, and the loss where it looks at one of the groups. */
  readonly outputs: readonly Output[]
  /** The way to the loss, if it looks at a readout here. */
  readonly readout: VectorSender | null
  receive(spikes: ReceivedSpikes): void
  emit(sequence: number, window: Window, emitted: readonly SpikeTrains[]): void
  /** Sends the loss the numbers that it looks at, of all trials or of one micro-batch. */
  sendReadout(microBatch?: number): void
  /** @param ofLoss what the loss has returned for the numbers of the readout */
  beginBackward(ofLoss: Float64Array | null, microBatch?: number): void
  /** The gradients of a batch have come: its step is undone. */
  undo(batch: ReturnedBatch): void
  /** Sends the gradients that are complete to the senders of the spikes. */
  sendReturned(): void
}

export function createGroupPass(connected: ConnectedComponent, signals: GroupSignals, run: Run): GroupPass {
  const { component, inputs } = connected
  const { kernels } = component
  const observed = kernels.findIndex((kernel) => isObserved(kernel, run))
  const outputs = connected.outputs.filter(({ sums, group }) => sums.order !== Infinity || group === observed)
  const readout = connected.readouts[observed] ?? null

  function sendReturned(): void {
    for (const { input, batch, values } of component.takeReturned()) {
      const { source, receiver } = inputs[input] as Input
      if (returnsGradients(source, run))
        receiver.sendGradients({ stream: batch.stream, sequence: batch.sequence, values })
    }
  }

  return {
    ...{ component, inputs, run, outputs, readout, sendReturned },
    receive(spikes) {
      component.receive(spikes.input, spikes.batch)
      signals.received$.next(spikes)
    },
    emit(sequence, window, emitted) {
      emitted.forEach((trains, group) => {
        const batch = { stream: kernels[group]?.values.name ?? '', sequence, window, ...trains }
        signals.spikes$.next(batch)
        for (const output of outputs) if (output.group === group) output.sender.sendSpikes(batch)
      })
    },
    sendReadout(microBatch) {
      readout?.sendValues(packReadout(kernels[observed] as Kernel, readoutNumbersOf(run), microBatch))
    },
    beginBackward(ofLoss, microBatch) {
      const ofPeaks = kernels.map((kernel, group) => {
        const isHere = group === observed
        return isReadout(kernel.values) && isHere ? ofLoss : hingeGradients(kernel, run, isHere, microBatch)
      })
      component.beginBackward(ofPeaks)
    },
    undo(batch) {
      signals.returned$.next(batch)
      component.backward(returnedByGroup(batch.returned, outputs, kernels.length))
      sendReturned()
    },
  }
}

/** The loss looks at the group of a kernel. */
export function isObserved({ values }: Kernel, { loss }: Run): boolean {
  return values.name === loss?.loss.group
}

import type { ComponentKernel } from '../../dynamics/kernels/component-kernel.js'
import type { ComponentInput } from '../../dynamics/timeline/kernel-input.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Window } from '../../events/window.js'

/** Watches for intervals in which a component on a cycle can bound its output beyond what it has run. */
export interface QuietInterval {
  receive(input: number, batch: SpikeBatch): void
  /** The watermark to send with what was emitted up to `horizon`: no spike before it will follow. */
  outputBound(horizon: number, emitted: readonly SpikeTrains[]): number
}

/**
 * A slice that projects onto itself could only creep ahead by its own delay, window by window, also through silence. With
 * none of its own spikes on their way, its next spike cannot come before its next own event, nor before what others may
 * send:
 *
 *     outputBound = min(next own event, min over the other inputs of (watermark + latency + smallest delay))
 *
 * It stays so far below the end of the trial that one more window is due, which says that the trial is over.
 */
export function watchQuiet(
  component: ComponentKernel,
  delays: readonly number[],
  { start, end: until }: Window,
): QuietInterval {
  const watermarks = component.inputs.map(() => start)
  const isOwn = ({ source, units }: ComponentInput) =>
    component.kernels.some(({ values }) => values.name === source && values.start === units.start)
  const own = component.inputs.flatMap((from, input) => (isOwn(from) ? [input] : []))
  const others = component.inputs.flatMap((from, input) => (isOwn(from) ? [] : [input]))
  const ownDelay = Math.min(...own.map((input) => delays[input] as number))
  let sent = 0
  let returned = 0
  return {
    receive(input, batch) {
      watermarks[input] = batch.window.end
      if (own.includes(input) && batch.times.length > 0) returned++
    },
    outputBound(horizon, emitted) {
      if (own.length === 0 || component.kernels.length > 1) return horizon
      // A batch with spikes comes back through every projection onto itself.
      if (emitted.some(({ times }) => times.length > 0)) sent += own.length
      if (sent !== returned || horizon >= until) return horizon
      const ahead = others.map((input) => {
        const known = (watermarks[input] as number) + (component.inputs[input]?.latency?.least ?? 0)
        return known + (delays[input] as number)
      })
      const next = Math.min(component.nextEvent(), ...ahead)
      return Math.max(horizon, Math.min(next, until - ownDelay))
    },
  }
}

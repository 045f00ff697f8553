import type { ParameterLayout } from '../parameters/parameter-layout.js'
import type { Synapses } from '../parameters/synapses.js'
import type { KernelOptions } from './kernel-options.js'

/** The gradient by the time constants is asked for. */
export function wantsTaus({ gradients, tauGradient = false }: KernelOptions): boolean {
  return gradients && tauGradient
}

/** Somebody asks what moving the spikes that came would do: neurons, a source, or shared delays. */
export function wantsEvents(
  { inputTimes = true }: KernelOptions,
  { sharedCount }: ParameterLayout,
  { afferents }: Synapses,
): boolean {
  return inputTimes || sharedCount > 0 || afferents.some(({ fromSource }) => !fromSource)
}

import type { Network } from '../../network/network.js'
import { createSpikeStream, type StreamHost } from './create-spike-stream.js'
import type { SpikeStream, StreamOptions } from './spike-stream.js'
import { streamSettings } from './stream-settings.js'

/** A stream whose segments a host runs; raises the `InputError`s of `streamSettings`. */
export function openStream(network: Network, host: StreamHost, options: StreamOptions = {}): SpikeStream {
  const settings = streamSettings(network, options)
  const sizeOf = (group: string) => network.groups.find(({ name }) => name === group)?.size ?? 0
  return createSpikeStream(host, sizeOf, settings)
}

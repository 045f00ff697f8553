import type { Placement } from '../../hardware/placement.js'
import type { Network } from '../../network/description/network.js'
import { createSpikeStream } from './create-spike-stream.js'
import type { SpikeStream, StreamOptions } from './spike-stream.js'
import type { StreamHost } from './stream-host.js'
import { streamSettings } from './stream-settings.js'

interface Placed {
  readonly network: Network
  readonly placement: Placement
}

/** A stream whose segments a `StreamHost` runs; see `StreamingSession.stream`. */
export function openStream({ network, placement }: Placed, host: StreamHost, options: StreamOptions = {}): SpikeStream {
  const settings = streamSettings(network, placement, options)
  const sizeOf = (group: string) => network.groups.find(({ name }) => name === group)?.size ?? 0
  return createSpikeStream(host, sizeOf, settings)
}

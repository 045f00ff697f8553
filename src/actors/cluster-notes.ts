import { isLoopback } from '../streams/links/loopback.js'
import type { ClusterOptions, ClusterSettings } from './cluster-options.js'
import { TRANSPORTS } from './transport-table.js'

/** Tells people. */
export type Note = NonNullable<ClusterOptions['onNote']>

/** Links to other machines that anybody can read. */
export function warnOfClearLinks({ transport, host, insecure }: ClusterSettings, note: Note): void {
  if (!insecure || !TRANSPORTS[transport].listens || isLoopback(host)) return
  note(
    `Links at ${host} are not encrypted: anyone who sees the traffic can read and change what is computed.`,
    'LINKS_INSECURE',
  )
}

/** Clusters that are started anew find the same again. */
export function once(tell: Note): Note {
  const told = new Set<string>()
  return (note, code) => {
    if (told.has(note)) return
    told.add(note)
    tell(note, code)
  }
}

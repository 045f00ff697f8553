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

/** Emits each note once: a cluster that is restarted finds the same notes again. */
export function once(tell: Note): Note {
  const shown = new Set<string>()
  return (note, code) => {
    if (shown.has(note)) return
    shown.add(note)
    tell(note, code)
  }
}

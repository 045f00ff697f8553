import { isRemote } from '../join/require-remote.js'
import { type ProcessesFlag, processesOf } from '../processes-flag.js'
import { type TransportFlags, transportOf } from '../transport-of.js'

/** Such as `4 cores, each a thread:` or `4 cores in 2 processes, linked by websockets:`. */
export function describeCores(flags: TransportFlags & ProcessesFlag): string {
  const transport = transportOf(flags)
  if (transport === 'local') return `${flags.cores} cores, all in this process:`
  const [kind, kinds, link] = {
    thread: ['thread', 'threads', ''],
    websocket: ['process', 'processes', ', linked by websockets'],
    unix: ['process', 'processes', ', linked by Unix sockets'],
    nats: ['process', 'processes', ', linked by way of NATS'],
  }[transport]
  const processes = processesOf(flags)
  if (isRemote(flags))
    return `${flags.cores} cores on workers, in ${processes} ${processes === 1 ? kind : kinds}${link}:`
  const where = processes === flags.cores ? `, each a ${kind}` : ` in ${processes} ${processes === 1 ? kind : kinds}`
  return `${flags.cores} cores${where}${link}:`
}

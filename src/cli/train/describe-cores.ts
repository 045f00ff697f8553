import { TRANSPORTS } from '../../actors/transport-table.js'
import { isRemote } from '../join/require-remote.js'
import { type ProcessesFlag, processesOf, type TransportFlags, transportOf } from '../transport-of.js'

const HOLDERS = { thread: 'threads', process: 'processes' } as const

/** Such as `4 cores, each a thread:` or `4 cores in 2 processes, linked by websockets:`. */
export function describeCores(flags: TransportFlags & ProcessesFlag): string {
  const { holder, linked } = TRANSPORTS[transportOf(flags)]
  if (holder === null) return `${flags.cores} cores, all in this process:`
  const link = linked === null ? '' : `, ${linked}`
  const processes = processesOf(flags)
  const held = `in ${processes} ${processes === 1 ? holder : HOLDERS[holder]}${link}:`
  if (isRemote(flags)) return `${flags.cores} cores on workers, ${held}`
  return processes === flags.cores ? `${flags.cores} cores, each a ${holder}${link}:` : `${flags.cores} cores ${held}`
}

import { createInterface } from 'node:readline'
import { createLink } from '../../streams/links/create-link.js'
import { COORDINATOR, nameOfLink, nameOfSide } from '../../streams/links/link-options.js'
import type { Port } from '../../streams/links/port.js'
import { dialWebsocket } from '../../streams/links/websocket-dial.js'
import { IN_PARTITION } from './in-partition.js'
import { workerControlOptions } from './link-plan.js'
import { openProcessPeers } from './process-peers.js'
import { runHost } from './run-host.js'
import { removeSocketFolder } from './socket-folder.js'
import { machineMicroseconds, memoryInUse, wallSeconds } from './system-clock.js'
import type { MeetingPlace, ProcessSpec } from './worker-spec.js'

/**
 * The process of one or more cores: its first line of standard input says what it is to do. When the input ends before
 * the coordinator has taken its leave, nobody is left to do it for.
 */
function main(): void {
  process.env[IN_PARTITION] = 'yes'
  const lines = createInterface({ input: process.stdin, terminal: false })
  let place: MeetingPlace | null = null
  /** A cluster that loses cores is over; whoever made the folder may be gone. */
  const onEnd = () => {
    if (place !== null && 'folder' in place) removeSocketFolder(place.folder)
    process.exit(1)
  }
  lines.once('close', onEnd)
  lines.once('line', (line) => {
    const released = () => void lines.off('close', onEnd)
    const spec = JSON.parse(line) as ProcessSpec
    place = spec.place
    serve(spec, released).then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
        onEnd()
      },
    )
  })
  // The interrupt key reaches every process of a terminal; only the coordinator decides what comes of it.
  process.on('SIGINT', () => undefined)
}

/** @param released called when the coordinator has taken its leave of all cores */
async function serve(spec: ProcessSpec, released: () => void): Promise<void> {
  // Nobody is introduced before all are there to listen.
  const ports = new Map(await Promise.all(spec.cores.map(async (core) => [core, await dialFor(core, spec)] as const)))
  let held = spec.cores.length
  const leave = () => {
    held--
    if (held === 0) released()
  }
  await runHost({
    spec,
    controlOf(own) {
      const port = ports.get(own.core)
      if (port === undefined) throw new RangeError(`core ${own.core} has not dialled`)
      const control = createLink(port, workerControlOptions(own))
      control.messages$.subscribe({ complete: leave, error: () => undefined })
      return control
    },
    openPeers: (own, around) => openProcessPeers({ ...spec, ...own }, around),
    seconds: wallSeconds,
    memory: memoryInUse,
    microseconds: machineMicroseconds,
  })
}

/** The way of a core to the coordinator. */
function dialFor(core: number, { coordinator, startLimit }: ProcessSpec): Promise<Port> {
  const [link, peer] = [nameOfLink(core, COORDINATOR), nameOfSide(COORDINATOR)]
  return dialWebsocket(coordinator, { patience: startLimit, link, peer })
}

main()

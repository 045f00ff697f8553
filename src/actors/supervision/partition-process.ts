import { createInterface } from 'node:readline'
import { createLink } from '../../streams/links/create-link.js'
import { COORDINATOR, nameOfLink, nameOfSide } from '../../streams/links/link-options.js'
import { dialWebsocket } from '../../streams/links/websocket-dial.js'
import { workerControlOptions } from './link-plan.js'
import { runWorker } from './partition-worker.js'
import { openProcessPeers } from './process-peers.js'
import { removeSocketFolder } from './socket-folder.js'
import { machineMicroseconds, memoryInUse, wallSeconds } from './system-clock.js'
import type { MeetingPlace, ProcessSpec } from './worker-spec.js'

/**
 * The process of one core: its first line of standard input says what it is to do. When the input ends before the
 * coordinator has taken its leave, nobody is left to do it for.
 */
function main(): void {
  const lines = createInterface({ input: process.stdin, terminal: false })
  let place: MeetingPlace | null = null
  /** A cluster that loses a core is over; whoever made the folder may be gone. */
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

/** @param released called when the coordinator has taken its leave */
async function serve(spec: ProcessSpec, released: () => void): Promise<void> {
  const port = await dialWebsocket(spec.coordinator, {
    patience: spec.startLimit,
    link: nameOfLink(spec.core, COORDINATOR),
    peer: nameOfSide(COORDINATOR),
  })
  const control = createLink(port, workerControlOptions(spec))
  control.messages$.subscribe({ complete: released, error: () => undefined })
  await runWorker({
    spec,
    control,
    openPeers: (around) => openProcessPeers(spec, around),
    seconds: wallSeconds,
    memory: memoryInUse,
    microseconds: machineMicroseconds,
  })
}

main()

import { createRequire } from 'node:module'
import type { WebSocket } from 'ws'
import * as here from '../../dist/index.js'
import { PRESET, PRESET_STEP } from '../workloads.js'
import { SEED } from './count-spikes.js'
import type { Build } from './other-version.js'
import { createTrainer } from './trainer.js'

/** Frames and their bytes, per mini-batch. */
export interface WireShare {
  readonly frames: number
  readonly bytes: number
}

/** What is said for a mini-batch. */
export interface WireCount {
  /** By the coordinator: runs, and in 0.1.0 updates. */
  readonly orders: WireShare
  /** By the partitions to the coordinator. */
  readonly reports: WireShare
  /** Between partitions: spikes, gradients, credits. */
  readonly between: WireShare
}

/** Counts what goes over websockets for a mini-batch of Yin-Yang, 120 hidden, on two partitions. */
export async function countWire(build: Build, entry: string, quick: boolean): Promise<WireCount> {
  const steps = quick ? 3 : 200
  const control = watchSockets(entry)
  const network = build.parseNetwork(here.formatNetwork(PRESET.task.network))
  const placement = build.placeOnCores(network, 2)
  const session = await build.openCluster(network, placement, { seed: SEED, transport: 'websocket' })
  try {
    const trainer = createTrainer(session, PRESET, PRESET_STEP)
    await trainer.train(quick ? 1 : 50)
    const [before, linksBefore] = [control.counted(), await linksOf(session)]
    await trainer.train(steps)
    const [after, linksAfter] = [control.counted(), await linksOf(session)]
    const grown = (now: WireShare, then: WireShare): WireShare => ({
      frames: (now.frames - then.frames) / steps,
      bytes: (now.bytes - then.bytes) / steps,
    })
    return {
      orders: grown(after.sent, before.sent),
      reports: grown(after.received, before.received),
      between: grown(linksAfter, linksBefore),
    }
  } finally {
    control.restore()
    await session.close()
  }
}

async function linksOf(session: Awaited<ReturnType<Build['openCluster']>>): Promise<WireShare> {
  const traffic = await session.traffic()
  return {
    frames: traffic.reduce((sum, { sent }) => sum + sent.messages, 0),
    bytes: traffic.reduce((sum, { sent }) => sum + sent.bytes, 0),
  }
}

/** Counts the frames of all websockets of this process: those of the coordinator. */
function watchSockets(entry: string) {
  const { WebSocket: Socket } = createRequire(entry)('ws') as { readonly WebSocket: typeof WebSocket }
  const { send, emit } = Socket.prototype
  const [sent, received] = [
    { frames: 0, bytes: 0 },
    { frames: 0, bytes: 0 },
  ]
  const count = (share: { frames: number; bytes: number }, data: unknown) => {
    if (!(data instanceof Uint8Array)) return
    share.frames++
    share.bytes += data.byteLength
  }
  Socket.prototype.send = function (this: WebSocket, ...given: Parameters<typeof send>) {
    count(sent, given[0])
    return send.apply(this, given)
  } as typeof send
  Socket.prototype.emit = function (this: WebSocket, ...given: Parameters<typeof emit>) {
    if (given[0] === 'message') count(received, given[1])
    return emit.apply(this, given)
  } as typeof emit
  return {
    counted: () => ({ sent: { ...sent }, received: { ...received } }),
    restore: () => Object.assign(Socket.prototype, { send, emit }),
  }
}

import type { WebSocket } from 'ws'
import type { SpikeBatch } from '../../dist/events/spike-batch.js'
import type { Link } from '../../dist/streams/link.js'
import type { SpikesMessage } from '../../dist/streams/message.js'
import type { Pair } from './websocket-pair.js'

/** Seconds until so many batches have arrived at the far end, each given back at once. */
export function sendSpikes({ near, far }: Pair<Link>, batch: SpikeBatch, count: number, run: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    let [sent, received] = [0, 0]
    const pump = () => {
      for (; sent < count && near.credit(0) > 0; sent++) near.send(messageOf({ ...batch, sequence: sent }, run))
    }
    const writable = near.writable$.subscribe(pump)
    const messages = far.messages$.subscribe({
      next() {
        far.release(0)
        received++
        if (received < count) return
        writable.unsubscribe()
        messages.unsubscribe()
        resolve((performance.now() - started) / 1000)
      },
      error: reject,
    })
    pump()
  })
}

/** Milliseconds of each of so many round trips: a batch there, its gradients back. */
export async function returnToSpikes(
  { near, far }: Pair<Link>,
  batch: SpikeBatch,
  count: number,
  run: number,
): Promise<readonly number[]> {
  const returned = far.messages$.subscribe((message) => {
    if (message.kind !== 'spikes') return
    far.release(0)
    const { stream, sequence, times } = message.batch
    far.send({ kind: 'gradients', stream: 0, run, batch: { stream, sequence, values: times } })
  })
  const trips: number[] = []
  for (let sequence = 0; sequence < count; sequence++) {
    const started = performance.now()
    await new Promise<void>((resolve) => {
      const back = near.messages$.subscribe(() => {
        back.unsubscribe()
        resolve()
      })
      near.send(messageOf({ ...batch, sequence }, run))
    })
    trips.push(performance.now() - started)
  }
  returned.unsubscribe()
  return trips
}

/** Seconds until so many messages of so many bytes have arrived at the far end; eight are under way. */
export function sendBytes({ near, far }: Pair<WebSocket>, bytes: number, count: number): Promise<number> {
  return new Promise((resolve) => {
    const started = performance.now()
    let [sent, received] = [0, 0]
    const pump = () => {
      for (; sent < count && sent < received + 8; sent++) near.send(new Uint8Array(bytes), { binary: true })
    }
    const listen = () => {
      received++
      if (received < count) return pump()
      far.off('message', listen)
      resolve((performance.now() - started) / 1000)
    }
    far.on('message', listen)
    pump()
  })
}

/** Milliseconds of each of so many round trips of messages of so many bytes. */
export async function echoBytes(
  { near, far }: Pair<WebSocket>,
  bytes: number,
  count: number,
): Promise<readonly number[]> {
  const echo = (data: WebSocket.RawData) => far.send(data)
  far.on('message', echo)
  const trips: number[] = []
  for (let trip = 0; trip < count; trip++) {
    const started = performance.now()
    await new Promise((resolve) => {
      near.once('message', resolve)
      near.send(new Uint8Array(bytes), { binary: true })
    })
    trips.push(performance.now() - started)
  }
  far.off('message', echo)
  return trips
}

function messageOf(batch: SpikeBatch, run: number): SpikesMessage {
  return { kind: 'spikes', stream: 0, run, batch }
}

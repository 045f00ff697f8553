import { InternalError } from '../../events/errors.js'
import type { Port, PortEnding, PortReceiver } from '../../streams/links/port.js'
import type { FrameSeal } from './frame-seal.js'

/** One end of a link whose frames a NATS server hands on. */
export interface NatsPort extends Port {
  /** Something has come that claims to be from the other end. What is not is passed over. */
  take(sealed: Uint8Array): void
  /** The connection to the server is gone for good. */
  lose(reason: string): void
}

export interface NatsPortOptions {
  /** Of what this end says, and of what the other one does. */
  readonly own: FrameSeal
  readonly other: FrameSeal
  publish(sealed: Uint8Array): void
  /** Resolves when all that was published has left. */
  flush(): Promise<void>
  /** Nothing more comes or goes. */
  onEnd(): void
}

/** In front of every letter. */
const FRAME = 0
const FAREWELL = 1
const ABORTED = 2

/**
 * A server loses what comes while it restarts, and says nothing of it: the link notices a gap by the numbers of its frames,
 * and an end that says nothing any more by its silence.
 */
export function createNatsPort({ own, other, publish, flush, onEnd }: NatsPortOptions): NatsPort {
  const early: Uint8Array[] = []
  let receiver: PortReceiver | null = null
  let ending: PortEnding | null = null

  const say = (kind: number, frame: Uint8Array = new Uint8Array()) => {
    const letter = new Uint8Array(1 + frame.length)
    letter[0] = kind
    letter.set(frame, 1)
    publish(own.seal(letter))
  }
  const end = (reached: PortEnding) => {
    if (ending !== null) return
    ending = reached
    receiver?.end(reached)
    onEnd()
  }

  return {
    receive(attached) {
      if (receiver !== null) throw new InternalError('A port has one receiver.')
      receiver = attached
      for (const frame of early.splice(0)) attached.frame(frame)
      if (ending !== null) attached.end(ending)
    },
    send(frame) {
      if (ending === null) say(FRAME, frame)
    },
    flushed: () => (ending === null ? flush() : null),
    admit: () => undefined,
    close() {
      if (ending !== null) return
      say(FAREWELL)
      end({ kind: 'closed' })
    },
    abort() {
      if (ending !== null) return
      say(ABORTED)
      end({ kind: 'broken', reason: 'it was cut at this end' })
    },
    take(sealed) {
      const letter = ending === null ? other.open(sealed) : null
      if (letter === null) return
      switch (letter[0]) {
        case FRAME: {
          // A copy: the receiver may keep it.
          const frame = Uint8Array.from(letter.subarray(1))
          if (receiver === null) early.push(frame)
          else receiver.frame(frame)
          return
        }
        case FAREWELL:
          return end({ kind: 'closed' })
        case ABORTED:
          return end({ kind: 'broken', reason: 'the other end has cut it' })
      }
    },
    lose: (reason) => end({ kind: 'broken', reason }),
  }
}

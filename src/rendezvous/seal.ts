import { RunError } from '../events/errors.js'

/** Keys of a receiver of sealed letters: only the receiver can read what is sealed to the public key. */
export interface SealKeys {
  /** An X25519 key as NATS writes it: X and 55 letters and digits. */
  readonly publicKey: string
  /** @throws RunError SEAL_BROKEN for what was not sealed to this key */
  open(letter: string): string
}

/** Draws keys; the private one does not leave this process. */
export async function createSealKeys(): Promise<SealKeys> {
  const { createCurve } = await import('@nats-io/nkeys')
  const own = createCurve()
  return {
    publicKey: own.getPublicKey(),
    open(letter) {
      const [sender = '', body = ''] = letter.split('.')
      try {
        const text = own.open(Buffer.from(body, 'base64'), sender)
        if (text !== null) return new TextDecoder().decode(text)
      } catch (cause) {
        throw broken(cause)
      }
      throw broken()
    },
  }
}

/**
 * Seals a text to a public key: X25519, XSalsa20 and Poly1305 with a sender key that is drawn for this letter alone.
 * The text is secret to all but the receiver, but its sender is not authenticated.
 */
export async function seal(text: string, publicKey: string): Promise<string> {
  const { createCurve } = await import('@nats-io/nkeys')
  const sender = createCurve()
  const body = sender.seal(new TextEncoder().encode(text), publicKey)
  return `${sender.getPublicKey()}.${Buffer.from(body).toString('base64')}`
}

function broken(cause?: unknown): RunError {
  return new RunError({
    code: 'SEAL_BROKEN',
    message: 'A sealed order cannot be opened: it was sealed to another key, or changed on its way.',
    ...(cause === undefined ? {} : { cause }),
  })
}

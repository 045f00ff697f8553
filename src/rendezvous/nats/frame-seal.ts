import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'

/** Seals what one end of a link says, or opens it at the other. */
export interface FrameSeal {
  seal(letter: Uint8Array): Uint8Array
  /** Null for what was not sealed with the same secret, for the same way. */
  open(sealed: Uint8Array): Uint8Array | null
}

const CIPHER = 'aes-256-gcm'
const COUNTER_BYTES = 8
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** What a sealed letter is longer than the letter, in bytes. */
export const SEAL_BYTES = COUNTER_BYTES + TAG_BYTES

/**
 * AES-256-GCM under a key of its own for each way, HMAC-SHA-256 of its name under the secret of the link; the nonce is the
 * number of the letter, which travels in front:
 *
 *     byte 0 u64 number of the letter, 8 the sealed bytes, and 16 bytes of the tag at the end
 *
 * A letter that is repeated or missing is for the link to notice, whose frames have numbers of their own.
 *
 * @param secret of the link, in hexadecimal digits
 * @param way which no other letters under this secret have
 */
export function createFrameSeal(secret: string, way: string): FrameSeal {
  const key = createHmac('sha256', Buffer.from(secret, 'hex')).update(`frames ${way}`).digest()
  let count = 0n
  const nonceOf = (counter: Uint8Array) => Buffer.concat([Buffer.alloc(NONCE_BYTES - COUNTER_BYTES), counter])
  return {
    seal(letter) {
      const counter = Buffer.alloc(COUNTER_BYTES)
      counter.writeBigUInt64LE(count++)
      const cipher = createCipheriv(CIPHER, key, nonceOf(counter))
      return Buffer.concat([counter, cipher.update(letter), cipher.final(), cipher.getAuthTag()])
    },
    open(sealed) {
      if (sealed.length < SEAL_BYTES) return null
      const end = sealed.length - TAG_BYTES
      const decipher = createDecipheriv(CIPHER, key, nonceOf(sealed.subarray(0, COUNTER_BYTES)))
      decipher.setAuthTag(sealed.subarray(end))
      try {
        return Buffer.concat([decipher.update(sealed.subarray(COUNTER_BYTES, end)), decipher.final()])
      } catch {
        return null
      }
    },
  }
}

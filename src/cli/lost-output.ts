import { readFileSync, readlinkSync } from 'node:fs'

/** O_ACCMODE and O_RDWR of Linux. */
const [ACCESS_MASK, READ_AND_WRITE] = [3, 2]

/**
 * Whether what is written to a standard stream is lost, perhaps without intent.
 *
 * The runtime opens /dev/null in the place of a stream that was closed, for reading and writing; a shell that is to
 * discard output opens it for writing alone. Some programs that start others do as the runtime does, so this is no
 * proof. False where the system does not tell.
 */
export function isLost(descriptor: number): boolean {
  try {
    if (readlinkSync(`/proc/self/fd/${descriptor}`) !== '/dev/null') return false
    const [, flags = '0'] = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8')) ?? []
    return (Number.parseInt(flags, 8) & ACCESS_MASK) === READ_AND_WRITE
  } catch {
    return false
  }
}

import { createHash } from 'node:crypto'

/** SHA-256 in hexadecimal digits. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * Prints hashes by name; where others are known, the process fails.
 *
 * @param known null where nothing is known of what was asked for
 * @param made what they were made with, for who reads
 */
export function compareHashes(
  hashes: Readonly<Record<string, string>>,
  known: Readonly<Record<string, string>> | null,
  made: string,
): void {
  for (const [name, hash] of Object.entries(hashes)) {
    const isSame = known === null || known[name] === hash
    console.log(`${hash}  ${name}${known === null ? '' : isSame ? ', as it should be' : `, expected ${known[name]}`}`)
    if (!isSame) process.exitCode = 1
  }
  console.log(`made with ${made}`)
}

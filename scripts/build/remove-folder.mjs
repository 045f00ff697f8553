import { rmSync } from 'node:fs'

/**
 * Removes a folder as far as it can be. The compiler of a build that was killed may live on for a while and write to it:
 * whoever builds next removes the rest.
 */
export function removeFolder(folder) {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  } catch (error) {
    if (!['ENOTEMPTY', 'EBUSY', 'EPERM'].includes(error.code)) throw error
  }
}

import { stat } from 'node:fs/promises'

/** Whether a path is that of a folder; one that cannot be looked at is none. */
export function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

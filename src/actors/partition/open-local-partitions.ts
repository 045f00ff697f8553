import { createLocalPartitions, type LocalPartitionsOptions } from './create-local-partitions.js'
import { openKernelCrew } from './kernel-crew.js'
import type { Partition } from './partition.js'

/** Partitions in this process, and the end of the threads they run on, which comes after theirs. */
export interface LocalPartitions {
  readonly partitions: readonly Partition[]
  close(): Promise<void>
}

/** The partitions of a placement in this process, on so many threads. */
export function openLocalPartitions({
  threads,
  ...options
}: Omit<LocalPartitionsOptions, 'crew'> & { readonly threads: number }): LocalPartitions {
  const crew = openKernelCrew(threads)
  try {
    return { partitions: createLocalPartitions({ ...options, crew }), close: () => crew.close() }
  } catch (error) {
    void crew.close()
    throw error
  }
}

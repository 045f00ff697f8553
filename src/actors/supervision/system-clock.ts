/** Bytes in use; `rss` is the whole process's, the rest this thread's. */
export function memoryInUse(): { readonly rss: number; readonly heapUsed: number; readonly arrayBuffers: number } {
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage()
  return { rss, heapUsed, arrayBuffers }
}

/** Microseconds of one origin for all processes and threads of this machine. */
export function machineMicroseconds(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1e6 + nanoseconds / 1e3
}

/** Seconds of any origin. */
export function wallSeconds(): number {
  return performance.now() / 1000
}

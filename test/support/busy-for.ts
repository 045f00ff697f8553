const NEVER = new Int32Array(new SharedArrayBuffer(4))

/** Keeps its thread from its event loop for so many ms, as a long computation does, and calls something all the while. */
export function busyFor(ms: number, each: () => void): void {
  const end = performance.now() + ms
  while (performance.now() < end) {
    each()
    Atomics.wait(NEVER, 0, 0, 1)
  }
}

/** Keeps its thread busy for so many ms without a pause, and calls something all the while. */
export function busyFor(ms: number, each: () => void): void {
  const end = performance.now() + ms
  while (performance.now() < end) each()
}

/** In ms. On the busiest machine, what has not come true by then never does. */
const HANGS_AFTER = 60_000

/** Waits until something holds; false if it never does. */
export async function comesTrue(holds: () => boolean): Promise<boolean> {
  for (const start = performance.now(); !holds(); await new Promise((resolve) => setTimeout(resolve, 5)))
    if (performance.now() - start > HANGS_AFTER) return false
  return true
}

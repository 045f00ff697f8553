/** What runs and is packed: processes start from it in half the time. */
export const built = (await import(
  new URL('../dist/bundle/index.js', import.meta.url).href
)) as typeof import('../dist/index.js')
